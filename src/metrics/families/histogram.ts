/** A durable histogram as cumulative buckets, `_sum` and `_count`. */
import type { Histogram } from '../../domain/totals.ts';
import type { ProjectView } from '../../domain/view.ts';
import type { Metric } from '../catalog.ts';
import { decimal, type Scale } from './decimal.ts';
import type { Context, Family, Sample, ScaledExemplar } from './sample.ts';

/** A histogram family. `scale` belongs to the bounds, the sum and the exemplars; counts have none. */
export function histogram(
  metric: Metric,
  pick: (view: ProjectView) => Histogram,
  scale: Scale,
  withExemplars: boolean,
): Family {
  return { metric, samples: (view, context) => series(pick(view), scale, withExemplars && context.exemplars) };
}

function series(source: Histogram, scale: Scale, exemplars: Context['exemplars']): readonly Sample[] {
  const samples: Sample[] = [];
  let count = 0;
  for (let i = 0; i <= source.bounds.length; i++) {
    count += source.counts[i] ?? 0;
    const le = decimal(source.bounds[i] ?? Number.POSITIVE_INFINITY, scale);
    samples.push(bucket(le, count, exemplars ? exemplar(source, i, scale) : null));
  }
  samples.push(total('_sum', source.sum, scale), total('_count', count, 0));
  return samples;
}

function bucket(le: string, value: number, found: ScaledExemplar | null): Sample {
  return { suffix: '_bucket', labels: [], le, value, scale: 0, exemplar: found };
}

function total(suffix: '_sum' | '_count', value: number, scale: Scale): Sample {
  return { suffix, labels: [], le: null, value, scale, exemplar: null };
}

function exemplar(source: Histogram, bucketNo: number, scale: Scale): ScaledExemplar | null {
  const found = source.exemplars[bucketNo] ?? null;
  return found === null ? null : { ...found, scale };
}
