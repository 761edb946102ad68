/** The samples of one family for one project, before they become text. */
import type { Rules } from '../../domain/rules.ts';
import type { Exemplar } from '../../domain/totals.ts';
import type { ProjectView } from '../../domain/view.ts';
import type { Metric } from '../catalog.ts';
import type { Scale } from './decimal.ts';
import type { Ownership } from './ownership.ts';

export type Suffix = '' | '_bucket' | '_sum' | '_count';

/** One series of a project. */
export type Sample = {
  readonly suffix: Suffix;
  /** Values of the metric's own labels, in the order of the catalogue. */
  readonly labels: readonly string[];
  /** Upper bound of a bucket as decimal text; null on everything else. */
  readonly le: string | null;
  /** In source units: the value shown is `value` / 10^`scale`. */
  readonly value: number;
  readonly scale: Scale;
  readonly exemplar: ScaledExemplar | null;
};

/** An exemplar together with the scale of its value. */
export type ScaledExemplar = Exemplar & { readonly scale: Scale };

/** What a family needs to know beside the view. */
export type Context = {
  readonly accounting: Rules['accounting'];
  /** Every error class that is shown at 0, in order of precedence. */
  readonly classes: readonly string[];
  readonly exemplars: boolean;
  /** False once the project was not read successfully for too long: its gauges are withdrawn. */
  readonly fresh: boolean;
  /** False once the calendar month of the view has ended: nothing was spent in the present one. */
  readonly isSameMonth: boolean;
  readonly ownership: Ownership;
};

/** A metric of scope `project`, as a pure function of what is known of the project. No samples: the series are absent. */
export type Family = {
  readonly metric: Metric;
  readonly samples: (view: ProjectView, context: Context) => readonly Sample[];
};

/** A series without labels of its own. */
export function single(value: number, scale: Scale = 0): Sample {
  return { suffix: '', labels: [], le: null, value, scale, exemplar: null };
}

/** A series with values for the metric's own labels. */
export function labelled(value: number, ...labels: string[]): Sample {
  return { suffix: '', labels, le: null, value, scale: 0, exemplar: null };
}

/** A metric of at most one series per project; null: absent. */
export function scalar(metric: Metric, value: (view: ProjectView) => number | null, scale: Scale = 0): Family {
  return {
    metric,
    samples: (view) => {
      const found = value(view);
      return found === null ? [] : [single(found, scale)];
    },
  };
}

/** A family that is absent with `last_run`, where no event history is read. */
export function withHistories({ metric, samples }: Family): Family {
  return { metric, samples: (view, context) => (context.accounting === 'every_run' ? samples(view, context) : []) };
}

/** One series per value of the only label, in order of appearance: equal values are added up, since no series may be shown twice. */
export function addedUp(values: Iterable<readonly [label: string, value: number]>): readonly Sample[] {
  const sums = new Map<string, number>();
  for (const [label, value] of values) sums.set(label, (sums.get(label) ?? 0) + value);
  return Array.from(sums, ([label, value]) => labelled(value, label));
}

/** True when both would be rendered as the same text. */
export function sameSamples(a: readonly Sample[], b: readonly Sample[]): boolean {
  return a.length === b.length && a.every((sample, i) => sameSample(sample, b[i] as Sample));
}

function sameSample(a: Sample, b: Sample): boolean {
  return (
    a.value === b.value &&
    a.le === b.le &&
    a.scale === b.scale &&
    a.suffix === b.suffix &&
    a.labels.every((label, i) => label === b.labels[i]) &&
    sameExemplar(a.exemplar, b.exemplar)
  );
}

function sameExemplar(a: ScaledExemplar | null, b: ScaledExemplar | null): boolean {
  if (a === null || b === null) return a === b;
  return a.sessionId === b.sessionId && a.value === b.value && a.at === b.at;
}
