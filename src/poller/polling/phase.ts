/** Spreads the polls of many projects over the interval, so that neither the API nor the state meets them all at once. */

/** The fraction of a circle after which each next point falls into the largest gap that is left: the golden ratio less one. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The part of an interval, above 0 and at most 1, after which the `nth` project of this process (from 0) is polled for the second time; from
 * then on it is polled every interval. The first project keeps the whole interval.
 */
export function phaseOf(nth: number): number {
  return 1 - ((nth * GOLDEN) % 1);
}
