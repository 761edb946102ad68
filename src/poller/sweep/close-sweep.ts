/** Ends a complete sweep: marks sessions that it did not see as missing or deleted (docs/accounting.md, L3 and L7). */
import { apartOf, markMissing, type SweepEnd } from '../../accounting/list/missing.ts';
import type { Cursors } from '../../domain/store.ts';
import type { Micros } from '../../domain/time.ts';
import type { Totals } from '../../domain/totals.ts';
import type { Context } from '../context.ts';
import { learnFromSweep } from '../head/overlap.ts';
import { SWEEPS_TO_KNOW_ALL } from '../record/record-page.ts';
import type { SweepRun } from './sweep-run.ts';

/** Numbers looked up and rows changed per step, so that no step holds the event loop for long. */
const SLICE = 500;
/** So many sweeps in a row that dropped an item without a readable id delete after all: such an item may never go away. */
const SWEEPS_WITHOUT_ID = 3;

export type SweepDone = {
  /** When it ended, in server time. */
  readonly endedAt: Micros;
  /** From when on the next head poll has to read, in server time. */
  readonly watermark: Micros;
  /** False where an item without a readable id was dropped. */
  readonly isWhole: boolean;
};

/**
 * Marks what the sweep did not see, and records its completion; all rows are committed when it resolves. A stop or a kill may come
 * between two slices: from the first one on no process resumes this sweep, so that its end cannot count twice.
 */
export async function closeSweep(ctx: Context, run: SweepRun, done: SweepDone, signal: AbortSignal): Promise<void> {
  const { state, deps, recorder } = ctx;
  const sweepsWithoutId = done.isWhole ? 0 : state.cursors.sweepsWithoutId + 1;
  const mayDelete = done.isWhole || sweepsWithoutId >= SWEEPS_WITHOUT_ID;
  if (mayDelete && run.startedAt !== null) {
    const apart = apartOf(deps.timing.fullSweep);
    await markUnseen(ctx, run, { startedAt: run.startedAt, endedAt: done.endedAt, apart }, signal);
  }
  const isFirst = state.totals.sweeps === 0;
  const count = (totals: Totals): Totals => ({
    ...totals,
    sweeps: totals.sweeps + 1,
    wholeSweeps: totals.wholeSweeps + (done.isWhole ? 1 : 0),
  });
  const cursors = (): Cursors => cursorsAfter(ctx, run, done, sweepsWithoutId);
  await recorder.endSweep(needsCommit(state.totals), count, cursors);
  if (isFirst) logFirst(ctx, run);
}

/** True while what is shown depends on the number of sweeps. Later their number only tells sweeps apart, and an unchanged one commits nothing. */
function needsCommit({ wholeSweeps, sweeps, indexedFrom }: Totals): boolean {
  return wholeSweeps < SWEEPS_TO_KNOW_ALL || (indexedFrom !== null && sweeps <= indexedFrom);
}

function cursorsAfter({ state, deps }: Context, run: SweepRun, done: SweepDone, sweepsWithoutId: number): Cursors {
  const watermark = laterOf(state.cursors.watermark, done);
  return {
    ...learnFromSweep(state.cursors, run.misses, deps.timing),
    watermark,
    lastWholePoll: done.isWhole ? laterOf(state.cursors.lastWholePoll, done) : state.cursors.lastWholePoll,
    lastSuccess: done.endedAt,
    lastFullSweep: done.endedAt,
    lastSweepSeconds: (deps.clock.elapsed() - run.since) / 1000,
    lastSweepPages: run.pages,
    newestFirst: run.order.newestFirst,
    sweepsWithoutId,
    sweep: null,
  };
}

/** Head polls within the sweep may have read further; a server clock that was set back meanwhile makes theirs worthless. */
function laterOf(present: Micros | null, { watermark, endedAt }: SweepDone): Micros {
  return present === null || present > endedAt ? watermark : Math.max(watermark, present);
}

/** A first sweep that took this long, seconds, was waited for. */
const LONG_SWEEP = 10;

/** From now on the gauges are shown: worth a line where the list is long, and no more than that where there are hundreds of short ones. */
function logFirst({ state, deps }: Context, run: SweepRun): void {
  const { ok, error, neverRun } = state.totals.gauges;
  const seconds = Math.round(state.cursors.lastSweepSeconds ?? 0);
  const figures = { sessions: ok + error + neverRun, pages: run.pages, seconds };
  const fields = { project: state.project.name, project_id: state.project.id, ...figures };
  deps.logger[seconds >= LONG_SWEEP ? 'info' : 'debug']('First sweep complete', fields);
}

async function markUnseen(ctx: Context, run: SweepRun, sweep: SweepEnd, signal: AbortSignal): Promise<void> {
  const { state, deps, recorder } = ctx;
  const end = state.totals.nextNo;
  let isMarked = false;
  for (let from = 0; from < end; ) {
    const { numbers, next } = run.seen.unseen(from, end, SLICE);
    from = next;
    if (numbers.length === 0) continue;
    const notResumed = isMarked ? null : (): Cursors => ({ ...state.cursors, sweep: null });
    await recorder.change(async (ledger) => {
      const rows = await deps.store.rowsByNumber(state.key, numbers);
      ledger.load(new Map(rows.map((row) => [row.id, row])));
      // A row that was recorded since it was committed is in the ledger, and was shown.
      for (const row of rows) if (!ledger.hasChanged(row.id)) markMissing(ledger, row, sweep);
    }, notResumed);
    isMarked = true;
    await deps.clock.sleep(0, signal);
    signal.throwIfAborted();
  }
}
