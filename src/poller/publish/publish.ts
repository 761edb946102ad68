/** Publishes one project: committed totals, statistics and its activity. */
import { spentAt } from '../../domain/spending.ts';
import { type Micros, SECOND } from '../../domain/time.ts';
import type { Context, Deps, LookedUp, ProjectState } from '../context.ts';
import { mayPollHead } from '../head/overlap.ts';

/**
 * Puts the project as committed now. Gauges need a first complete sweep. Where the state cannot be read, what is in memory is put with
 * what was read last, and then it rejects.
 */
export async function publish(ctx: Context): Promise<void> {
  const { state, recorder } = ctx;
  try {
    state.lookedUp = await lookUp(ctx);
  } finally {
    if (!recorder.isClosed) put(ctx);
  }
}

async function lookUp({ state, deps }: Context): Promise<LookedUp> {
  const { totals, cursors, key } = state;
  const complete = totals.sweeps > 0 && cursors.lastSuccess !== null;
  const isWaiting = totals.verification.unverified > 0;
  const indexed = complete && totals.indexedFrom !== null && totals.sweeps > totals.indexedFrom;
  return {
    activity: complete ? await deps.store.activity(key, cursors.lastSuccess ?? 0) : null,
    oldestUnverified: isWaiting ? await deps.store.oldestUnverified(key) : null,
    indexes: indexed ? await deps.store.indexCounts(key, deps.rules.maxIndexes) : null,
  };
}

function put({ state, plan, deps }: Context): void {
  const { cursors } = state;
  const serverTime = plan.source.serverTime();
  const clockAhead = deps.clock.now() - serverTime;
  state.stats = {
    ...state.stats,
    lastSuccess: cursors.lastSuccess,
    lastFullSweep: cursors.lastFullSweep,
    headPolling: mayPollHead(cursors, deps.timing),
    sweepProgress: progressOf(state),
  };
  deps.publisher.put({
    project: state.project,
    totals: state.totals,
    polls: state.stats,
    seenUpTo: cursors.watermark,
    ...state.lookedUp,
    spent: spentAt(state.totals.spending, serverTime, clockAhead),
    clockAhead,
    freshUntil: freshUntil(state, deps),
  });
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
