/** Publication of one project: committed totals, statistics, and what the store knows of activity. */
import { type Spent, spentAt } from '../domain/spending.ts';
import { type Micros, SECOND } from '../domain/time.ts';
import type { Totals } from '../domain/totals.ts';
import type { Context, Deps, ProjectState } from './context.ts';
import { mayPollHead } from './overlap.ts';

/** Puts the project as committed now. Gauges need a first complete sweep. */
export async function publish({ state, plan, deps, recorder }: Context): Promise<void> {
  const { totals, cursors } = state;
  const complete = totals.sweeps > 0 && cursors.lastSuccess !== null;
  const activity = complete ? await deps.store.activity(state.key, cursors.lastSuccess ?? 0) : null;
  const isWaiting = totals.verification.unverified > 0;
  const oldestUnverified = isWaiting ? await deps.store.oldestUnverified(state.key) : null;
  const indexed = complete && totals.indexedFrom !== null && totals.sweeps > totals.indexedFrom;
  const indexes = indexed ? await deps.store.indexCounts(state.key, deps.rules.maxIndexes) : null;
  if (recorder.isClosed) return;
  state.stats = {
    ...state.stats,
    lastSuccess: cursors.lastSuccess,
    lastFullSweep: cursors.lastFullSweep,
    headPolling: mayPollHead(cursors, deps.timing),
    sweepProgress: progressOf(state),
  };
  deps.publisher.put({
    project: state.project,
    totals,
    polls: state.stats,
    activity,
    oldestUnverified,
    indexes,
    spent: spentNow(totals, plan.source.serverTime(), deps.clock.now()),
    freshUntil: freshUntil(state, deps),
  });
}

function spentNow({ spending }: Totals, serverTime: Micros, now: Micros): Spent {
  return spentAt(spending, serverTime, now - serverTime);
}

function progressOf({ sweep, cursors }: ProjectState): number {
  if (sweep === null) return 1;
  return cursors.lastSweepPages === null ? 0 : Math.min(1, sweep.pages / Math.max(1, cursors.lastSweepPages));
}

/**
 * Gauges stay for `stale_after`, or three times the last full sweep if that is longer, after the last page read. The age of that page is
 * measured on the monotonic clock, so that a wall clock that is set back or forward shifts nothing for longer than a poll.
 */
function freshUntil({ readElapsed, cursors }: ProjectState, { clock, timing }: Deps): Micros | null {
  if (readElapsed === null) return null;
  const limit = Math.max(timing.staleAfter, 3 * (cursors.lastSweepSeconds ?? 0) * SECOND);
  const age = Math.round((clock.elapsed() - readElapsed) * 1000);
  return clock.now() + limit - age;
}
