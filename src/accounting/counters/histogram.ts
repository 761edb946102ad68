/** Durable histograms as immutable values. Pure. */
import { SECOND } from '../../domain/time.ts';
import type { Exemplar, Histogram } from '../../domain/totals.ts';

/** A histogram with nothing in it. `bounds` in the source unit, ascending, without +Inf. */
export function emptyHistogram(bounds: readonly number[]): Histogram {
  const size = bounds.length + 1;
  return {
    bounds,
    counts: Array.from({ length: size }, () => 0),
    sum: 0,
    exemplars: Array.from({ length: size }, () => null),
  };
}

/** Bucket bounds from seconds to the integer microseconds that durations are kept in. */
export function durationBounds(seconds: readonly number[]): readonly number[] {
  return seconds.map((s) => Math.round(s * SECOND));
}

/** The histogram with one observation more. An exemplar replaces an older one of its bucket; null: none is kept. */
export function observe(h: Histogram, value: number, exemplar: Exemplar | null): Histogram {
  const found = h.bounds.findIndex((bound) => value <= bound);
  const at = found < 0 ? h.bounds.length : found;
  return {
    bounds: h.bounds,
    counts: h.counts.with(at, (h.counts[at] ?? 0) + 1),
    sum: h.sum + value,
    exemplars: isNewer(exemplar, h.exemplars[at]) ? h.exemplars.with(at, exemplar) : h.exemplars,
  };
}

/** Whether a run comes after the one that is kept; of two of one time the later one seen. */
export function isNewer(candidate: Exemplar | null, present: Exemplar | null | undefined): boolean {
  return candidate !== null && (present === null || present === undefined || candidate.at >= present.at);
}
