/** Adapts a project to changed rules or a new name, and commits new counters at 0. */
import { adoptRules } from '../../accounting/begin.ts';
import { Ledger } from '../../accounting/ledger.ts';
import type { Cursors } from '../../domain/store.ts';
import type { Totals } from '../../domain/totals.ts';
import type { Context } from '../context.ts';
import { asExporterError } from '../publish/after-poll.ts';
import { publish } from '../publish/publish.ts';

export type Adoption = {
  /** A counter began at 0: it must be scraped before the next poll raises it, or Prometheus would not see the increase. */
  readonly beganAtZero: boolean;
  /** Histograms that start again at 0, since their buckets changed. */
  readonly restarted: readonly string[];
};

/** Called while no poll of the project runs. */
export async function adopt(ctx: Context): Promise<Adoption> {
  const { state, deps } = ctx;
  const { project, totals: before } = state;
  const { totals, restarted } = adoptRules(before, project, deps.rules);
  if (totals !== before) await commitAdopted(ctx, totals);
  state.counted = project;
  return { beganAtZero: beganAtZero(before, totals), restarted };
}

async function commitAdopted(ctx: Context, totals: Totals): Promise<void> {
  const { state, recorder } = ctx;
  // Sessions per index are refilled by one sweep: by a whole one, not by the rest of one.
  const refills = totals.indexedFrom !== state.totals.indexedFrom && totals.indexedFrom !== null;
  const withoutSweep = (): Cursors => ({ ...state.cursors, sweep: null });
  await recorder.alone(async (commit) => {
    const { totals: latest } = adoptRules(state.totals, state.project, ctx.deps.rules);
    const ledger = new Ledger(state.totals, new Map());
    ledger.totals = latest;
    await commit(ledger, refills ? withoutSweep() : null);
  });
}

function beganAtZero({ counters: before }: Totals, { counters: after }: Totals): boolean {
  const costBegan = before.costNanoUsd === null && after.costNanoUsd !== null;
  return costBegan || Object.keys(after.errors).some((name) => before.errors[name] === undefined);
}

/**
 * Counts and prices by the project's new name from now on, if it has one. True where a counter began with it and is published at 0: the
 * next poll is to come an interval later. Where the state fails, the old name is kept until the next poll.
 */
export async function followName(ctx: Context): Promise<boolean> {
  const { state, plan, deps } = ctx;
  if (state.counted === state.project) return false;
  try {
    const { beganAtZero: began } = await adopt(ctx);
    if (began) await publish(ctx);
    return began;
  } catch (cause) {
    if (ctx.recorder.isClosed) return false;
    const error = asExporterError(cause);
    if (error.code === 'startup') deps.fatal(error);
    const { id, name } = state.project;
    deps.failureLog.failed('Poll', plan.source.account, id, error, { project: name, project_id: id });
    return false;
  }
}
