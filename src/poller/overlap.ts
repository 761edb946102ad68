/** How far below its watermark a head poll reads, and when head polling is trusted at all (design.md, Polling). Pure. */
import type { Cursors } from '../domain/store.ts';
import { MINUTE, type Micros } from '../domain/time.ts';

/** Microseconds. */
export type Intervals = { readonly poll: Micros; readonly fullSweep: Micros };

/** The project's overlap: learnt from misses, at first `min(2 min, 2 x interval)`. */
export function overlapOf(cursors: Cursors, intervals: Intervals): Micros {
  return cursors.overlapUs ?? Math.min(2 * MINUTE, 2 * intervals.poll);
}

/** The `last_updated_at` down to which the next head poll reads; null: order or watermark are not known, the list must be swept. */
export function headPoint(cursors: Cursors, intervals: Intervals): Micros | null {
  if (!cursors.newestFirst || cursors.watermark === null) return null;
  return cursors.watermark - overlapOf(cursors, intervals);
}

/** True where a head poll may stand for a full sweep. A list that fits one page is always swept whole. */
export function mayPollHead(cursors: Cursors, intervals: Intervals): boolean {
  const isLong = cursors.lastSweepPages !== null && cursors.lastSweepPages > 1;
  return isLong && cursors.headOffSweeps === 0 && headPoint(cursors, intervals) !== null;
}

/** Changes that a sweep's page shows below the reach of the next head poll. */
export function missesAmong(changedAt: readonly Micros[], cursors: Cursors, intervals: Intervals): readonly Micros[] {
  const point = headPoint(cursors, intervals);
  return point === null ? [] : changedAt.filter((at) => at < point);
}

/**
 * The cursors after misses: the overlap becomes twice the age of the oldest change; beyond `full_sweep_interval` head polling stays
 * off until two successive sweeps without a miss.
 */
export function learnFromMisses(
  cursors: Cursors,
  misses: readonly Micros[],
  serverTime: Micros,
  intervals: Intervals,
): Cursors {
  if (misses.length === 0) return cursors;
  const wanted = 2 * (serverTime - Math.min(...misses));
  if (wanted > intervals.fullSweep)
    return { ...cursors, overlapUs: intervals.fullSweep, headOffSweeps: SWEEPS_TO_TRUST };
  return { ...cursors, overlapUs: Math.max(wanted, overlapOf(cursors, intervals)) };
}

const SWEEPS_TO_TRUST = 2;

/** `headOffSweeps` after a complete sweep. */
export function headOffAfter(cursors: Cursors, missesInSweep: number): number {
  if (cursors.headOffSweeps === 0) return 0;
  return missesInSweep > 0 ? SWEEPS_TO_TRUST : cursors.headOffSweeps - 1;
}
