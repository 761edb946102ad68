/** The end of a complete sweep: what was not seen is missing or deleted, and the sweep counts (design.md, rules 3 and 5). */
import { apartOf, forget, type SweepEnd } from '../accounting/forget.ts';
import { Ledger } from '../accounting/ledger.ts';
import type { Micros } from '../domain/time.ts';
import type { Context } from './context.ts';
import { commit, openLedger } from './enter.ts';
import { learnFromSweep } from './overlap.ts';
import type { SweepRun } from './sweep-run.ts';

/** Numbers looked up and rows changed per step, so that no step holds the event loop for long. */
const SLICE = 500;

/** What a finished sweep leaves: when it ended, and from when on the next head poll has to read, in server time. */
export type SweepDone = { readonly endedAt: Micros; readonly watermark: Micros };

/**
 * Marks what the sweep did not see, and records its completion; all rows are committed when it resolves. A stop may come between two
 * slices: what was marked was not seen by a whole read of the list, and the next process begins a new sweep.
 */
export async function closeSweep(ctx: Context, run: SweepRun, done: SweepDone, signal: AbortSignal): Promise<void> {
  const { state, deps } = ctx;
  if (!run.droppedWithoutId && run.startedAt !== null) {
    const apart = apartOf(deps.timing.fullSweep);
    await forgetUnseen(ctx, run, { startedAt: run.startedAt, endedAt: done.endedAt, apart }, signal);
  }
  const isFirst = state.totals.sweeps === 0;
  const ledger = openLedger(ctx);
  ledger.totals = { ...ledger.totals, sweeps: ledger.totals.sweeps + 1 };
  await commit(ctx, ledger, {
    ...learnFromSweep(state.cursors, run.misses, deps.timing),
    watermark: laterOf(state.cursors.watermark, done),
    lastSuccess: done.endedAt,
    lastFullSweep: done.endedAt,
    lastSweepSeconds: (deps.clock.elapsed() - run.since) / 1000,
    lastSweepPages: run.pages,
    newestFirst: run.order.newestFirst,
    sweep: null,
  });
  if (isFirst) sayFirst(ctx, run);
}

/** Head polls within the sweep may have read further; a server clock that was set back meanwhile makes theirs worthless. */
function laterOf(present: Micros | null, { watermark, endedAt }: SweepDone): Micros {
  return present === null || present > endedAt ? watermark : Math.max(watermark, present);
}

/** From now on the gauges are shown: worth a line, as the first sweep of a long list takes a while. */
function sayFirst({ state, deps }: Context, run: SweepRun): void {
  const { ok, error, neverRun } = state.totals.gauges;
  const seconds = Math.round(state.cursors.lastSweepSeconds ?? 0);
  const figures = { sessions: ok + error + neverRun, pages: run.pages, seconds };
  deps.logger.info('First sweep complete', { project: state.project.name, project_id: state.project.id, ...figures });
}

async function forgetUnseen(ctx: Context, run: SweepRun, sweep: SweepEnd, signal: AbortSignal): Promise<void> {
  const { state, deps } = ctx;
  const end = state.totals.nextNo;
  for (let from = 0; from < end; ) {
    const { numbers, next } = run.seen.unseen(from, end, SLICE);
    from = next;
    if (numbers.length === 0) continue;
    const rows = await deps.store.rowsByNumber(state.key, numbers);
    const ledger = new Ledger(state.totals, new Map(rows.map((row) => [row.id, row])));
    for (const row of rows) {
      const after = forget(row, sweep);
      if (after !== null) ledger.write(after, sweep.endedAt);
    }
    await commit(ctx, ledger, null);
    await deps.clock.sleep(0, signal);
    signal.throwIfAborted();
  }
}
