/** Whether a series of samples is flat. */
import { median } from '../../bench/run/statistics.ts';

/** A value at a moment, in seconds. */
export type Sample = { readonly at: number; readonly value: number };

/** `from` and `to`: medians of the first and the last third. `perHour`: slope of the line of least squares. */
export type Drift = { readonly from: number; readonly to: number; readonly perHour: number };

export function driftOf(samples: readonly Sample[]): Drift {
  const third = Math.max(1, Math.floor(samples.length / 3));
  const values = samples.map(({ value }) => value);
  return { from: median(values.slice(0, third)), to: median(values.slice(-third)), perHour: slope(samples) * 3600 };
}

function slope(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number): number => samples.reduce((sum, s) => sum + of(s), 0) / samples.length;
  const [at, value] = [mean((s) => s.at), mean((s) => s.value)];
  const spread = samples.reduce((sum, s) => sum + (s.at - at) ** 2, 0);
  return spread === 0 ? 0 : samples.reduce((sum, s) => sum + (s.at - at) * (s.value - value), 0) / spread;
}
