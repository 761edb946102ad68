/** Poll statistics as immutable values, updated by each event. Pure. */
import type { PollErrorCode } from '../../domain/errors.ts';
import { type PollKind, type PollOutcome, type PollStats, zeroStats } from '../../domain/polls.ts';
import type { InvalidItem } from '../../domain/source.ts';
import type { Cursors } from '../../domain/store.ts';
import { type Micros, SECOND } from '../../domain/time.ts';

/**
 * Statistics before the first poll of a process. `stored`: as an earlier process saved them, null for a new project; its counters
 * continue, those of a kind that it did not know begin at 0. What only holds while a process runs does not continue.
 */
export function beginStats(cursors: Cursors, stored: PollStats | null): PollStats {
  const zero = zeroStats(cursors);
  if (stored === null) return zero;
  return {
    ...zero,
    ...stored,
    up: null,
    lastSuccess: cursors.lastSuccess,
    lastFullSweep: cursors.lastFullSweep,
    headPolling: false,
    sweepProgress: 1,
    lastDuration: { ...zero.lastDuration, ...stored.lastDuration },
    polls: { head: { ...zero.polls.head, ...stored.polls.head }, full: { ...zero.polls.full, ...stored.polls.full } },
    failures: { ...zero.failures, ...stored.failures },
    invalid: { ...zero.invalid, ...stored.invalid },
  };
}

export function pollSucceeded(stats: PollStats, kind: PollKind, seconds: number, serverTime: Micros): PollStats {
  return {
    ...withOutcome(stats, kind, 'success', 1),
    up: true,
    lastSuccess: serverTime,
    lastFullSweep: kind === 'full' ? serverTime : stats.lastFullSweep,
    gapSeconds: stats.lastSuccess === null ? null : Math.max(0, serverTime - stats.lastSuccess) / SECOND,
    lastDuration: { ...stats.lastDuration, [kind]: seconds },
  };
}

export function pollFailed(stats: PollStats, kind: PollKind, seconds: number, code: PollErrorCode): PollStats {
  return {
    ...withOutcome(stats, kind, 'failure', 1),
    up: false,
    lastDuration: { ...stats.lastDuration, [kind]: seconds },
    failures: { ...stats.failures, [code]: stats.failures[code] + 1 },
  };
}

/** Polls that came due while another one ran: counted, never queued. */
export function pollsSkipped(stats: PollStats, kind: PollKind, count: number): PollStats {
  return count === 0 ? stats : withOutcome(stats, kind, 'skipped', count);
}

function withOutcome(stats: PollStats, kind: PollKind, outcome: PollOutcome, count: number): PollStats {
  const of = stats.polls[kind];
  return { ...stats, polls: { ...stats.polls, [kind]: { ...of, [outcome]: of[outcome] + count } } };
}

/** What one page adds. */
export type PageStats = { readonly staleReads: number; readonly misses: number };

export function pageEntered(stats: PollStats, page: PageStats, invalid: readonly InvalidItem[]): PollStats {
  if (page.staleReads + page.misses + invalid.length === 0) return stats;
  const reasons = { ...stats.invalid };
  for (const item of invalid) reasons[item.reason] += 1;
  return {
    ...stats,
    invalid: reasons,
    staleReads: stats.staleReads + page.staleReads,
    headPollMisses: stats.headPollMisses + page.misses,
  };
}
