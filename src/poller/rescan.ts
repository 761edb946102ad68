/** Finds a lost maximum again: the holder of the longest duration or of the newest update shrank or went. */
import { rescan } from '../accounting/counters/gauges.ts';
import { Ledger } from '../accounting/ledger.ts';
import type { Extreme } from '../domain/totals.ts';
import type { Context } from './context.ts';

/** Rows per step: about 4 ms. */
const SLICE = 5000;

/** Rescans in slices if an extreme is lost; nothing is recorded meanwhile. True when it had to. */
export async function findExtremes(ctx: Context, signal: AbortSignal): Promise<boolean> {
  const isLost = (): boolean => {
    const { longest, newest } = ctx.state.totals.gauges;
    return longest === 'lost' || newest === 'lost';
  };
  if (!isLost()) return false;
  await ctx.recorder.alone(async (commit) => {
    const found = await scan(ctx, signal);
    const { totals } = ctx.state;
    const ledger = new Ledger(totals, new Map());
    ledger.totals = { ...totals, gauges: { ...totals.gauges, ...found } };
    await commit(ledger);
  });
  return true;
}

async function scan({ state, deps }: Context, signal: AbortSignal): Promise<{ longest: Extreme; newest: Extreme }> {
  let found: { longest: Extreme; newest: Extreme } = { longest: null, newest: null };
  for (let from = 0; from < state.totals.nextNo; ) {
    const rows = await deps.store.slice(state.key, from, SLICE);
    found = rescan(found, rows);
    const last = rows.at(-1);
    if (last === undefined || rows.length < SLICE) break;
    from = last.no + 1;
    await deps.clock.sleep(0, signal);
  }
  return found;
}
