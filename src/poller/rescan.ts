/** Finds a lost maximum again: the holder of the longest duration or of the newest update shrank or went. */

import { rescan } from '../accounting/gauges.ts';
import { Ledger } from '../accounting/ledger.ts';
import type { Extreme } from '../domain/totals.ts';
import type { Context } from './context.ts';
import { commit } from './enter.ts';

/** Rows per step: about 4 ms. */
const SLICE = 5000;

/** Rescans in slices if an extreme is lost. The project's only worker calls it, so no row changes meanwhile. */
export async function findExtremes(ctx: Context, signal: AbortSignal): Promise<void> {
  const { state, deps } = ctx;
  const { longest, newest } = state.totals.gauges;
  if (longest !== 'lost' && newest !== 'lost') return;
  let found: { longest: Extreme; newest: Extreme } = { longest: null, newest: null };
  for (let from = 0; from < state.totals.nextNo; ) {
    const rows = await deps.store.slice(state.key, from, SLICE);
    found = rescan(found, rows);
    const last = rows.at(-1);
    if (last === undefined || rows.length < SLICE) break;
    from = last.no + 1;
    await deps.clock.sleep(0, signal);
  }
  const ledger = new Ledger(state.totals, new Map());
  ledger.totals = { ...state.totals, gauges: { ...state.totals.gauges, ...found } };
  await commit(ctx, ledger, null);
}
