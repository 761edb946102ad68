/** Learns how far below its watermark a head poll must read, and when head polling can be trusted. Pure. */
import type { Cursors } from '../../domain/store.ts';
import { MINUTE, type Micros } from '../../domain/time.ts';

/** Microseconds. */
export type Intervals = { readonly poll: Micros; readonly fullSweep: Micros };

/** Sweeps without a miss after which head polling is trusted again. */
const SWEEPS_TO_TRUST = 2;
/** Sweeps without a miss after which the overlap is halved. */
const SWEEPS_TO_HALVE = 10;

/** The overlap of a project that has had no miss. */
function firstOverlap({ poll }: Intervals): Micros {
  return Math.min(2 * MINUTE, 2 * poll);
}

/** The project's overlap: learned from misses, at first `min(2 min, 2 x interval)`, and never below that. */
export function overlapOf(cursors: Cursors, intervals: Intervals): Micros {
  return Math.max(cursors.overlapUs ?? 0, firstOverlap(intervals));
}

/** The `last_updated_at` down to which the next head poll reads; null: order or watermark are not known, the list must be swept. */
export function headPoint(cursors: Cursors, intervals: Intervals): Micros | null {
  if (!cursors.newestFirst || cursors.watermark === null) return null;
  return cursors.watermark - overlapOf(cursors, intervals);
}

/** Where a head poll would read, were it trusted; null where the list fits one page, and is always swept whole. */
function pointOfLongList(cursors: Cursors, intervals: Intervals): Micros | null {
  return cursors.lastSweepPages !== null && cursors.lastSweepPages > 1 ? headPoint(cursors, intervals) : null;
}

/** True where a head poll may replace a full sweep. */
export function mayPollHead(cursors: Cursors, intervals: Intervals): boolean {
  return cursors.headOffSweeps === 0 && pointOfLongList(cursors, intervals) !== null;
}

/** What a page of a sweep taught: the cursors, and the changes that head polls would not have found. */
export type Lesson = {
  readonly cursors: Cursors;
  /** Those that keep head polling from being trusted, also while it is off. */
  readonly found: number;
  /** Those that head polls missed: none while head polling is off. */
  readonly missed: number;
};

/**
 * Judges a sweep's page. `changedAt`: the `last_updated_at` of sessions that were known before, live, and are shown with a change;
 * a session shown for the first time, or again after its deletion, teaches nothing. Misses raise the overlap to twice the age of the
 * oldest one; beyond `full_sweep_interval` head polling is off until two successive sweeps are without one.
 */
export function learnFromPage(
  cursors: Cursors,
  changedAt: readonly Micros[],
  serverTime: Micros,
  intervals: Intervals,
): Lesson {
  const point = pointOfLongList(cursors, intervals);
  const misses = point === null ? [] : changedAt.filter((at) => at < point);
  if (misses.length === 0) return { cursors, found: 0, missed: 0 };
  const missed = cursors.headOffSweeps === 0 ? misses.length : 0;
  return { cursors: widen(cursors, oldestOf(misses), serverTime, intervals), found: misses.length, missed };
}

function widen(cursors: Cursors, oldest: Micros, serverTime: Micros, intervals: Intervals): Cursors {
  const wanted = 2 * (serverTime - oldest);
  if (wanted > intervals.fullSweep) {
    return { ...cursors, overlapUs: intervals.fullSweep, headOffSweeps: SWEEPS_TO_TRUST };
  }
  return { ...cursors, overlapUs: Math.max(wanted, overlapOf(cursors, intervals)) };
}

/** Without spreading: a page may hold more changes than a call takes arguments. */
function oldestOf(instants: readonly Micros[]): Micros {
  return instants.reduce((oldest, at) => Math.min(oldest, at), Number.POSITIVE_INFINITY);
}

/** The cursors after a complete sweep with `found` misses: trust comes back, and an overlap that is not needed shrinks. */
export function learnFromSweep(cursors: Cursors, found: number, intervals: Intervals): Cursors {
  if (found > 0) {
    const headOffSweeps = cursors.headOffSweeps === 0 ? 0 : SWEEPS_TO_TRUST;
    return { ...cursors, headOffSweeps, sweepsWithoutMiss: 0 };
  }
  const trusted = { ...cursors, headOffSweeps: Math.max(0, cursors.headOffSweeps - 1) };
  const quiet = cursors.sweepsWithoutMiss + 1;
  if (cursors.overlapUs === null || quiet < SWEEPS_TO_HALVE) return { ...trusted, sweepsWithoutMiss: quiet };
  const half = Math.floor(cursors.overlapUs / 2);
  return { ...trusted, overlapUs: half > firstOverlap(intervals) ? half : null, sweepsWithoutMiss: 0 };
}
