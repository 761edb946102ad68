/** Quantiles of a histogram, as Prometheus' `histogram_quantile` estimates them. */
import type { Histogram } from '../domain/totals.ts';

/** In the histogram's source unit: linear within the bucket, its largest bound for what lies beyond; null: nothing was observed. */
export function quantile({ bounds, counts }: Pick<Histogram, 'bounds' | 'counts'>, q: number): number | null {
  const total = counts.reduce((sum, n) => sum + n, 0);
  if (total === 0) return null;
  let below = 0;
  for (const [i, upper] of bounds.entries()) {
    const n = counts[i] ?? 0;
    if (n > 0 && below + n >= q * total) {
      const lower = bounds[i - 1] ?? 0;
      return lower + (upper - lower) * ((q * total - below) / n);
    }
    below += n;
  }
  return bounds.at(-1) ?? null;
}
