/** One page on its straight way: rows before, histories where wanted, accounting; then, by the caller, the commit. */
import type { Shown } from '../accounting/entry.ts';
import { type Entries, Ledger } from '../accounting/ledger.ts';
import {
  enterPage,
  type Histories,
  historiesWanted,
  NO_HISTORIES,
  type PageResult,
  sight,
} from '../accounting/page.ts';
import type { Session } from '../domain/session.ts';
import type { SessionPage, Stop } from '../domain/source.ts';
import { type Cursors, type RecordedRows, UNSETTLED } from '../domain/store.ts';
import type { Context } from './context.ts';

const NO_ROWS: RecordedRows = new Map();

/** A book on the project's present totals. */
export function openLedger({ state }: Context): Ledger {
  return new Ledger(state.totals, new Map());
}

/** Enters a page into the ledger; reads from the store the rows of sessions that are not settled, and that the ledger does not have. */
export async function enter(
  ctx: Context,
  ledger: Ledger,
  page: SessionPage,
  sweep: boolean,
  signal: AbortSignal,
): Promise<PageResult> {
  const { state, deps } = ctx;
  const { settled, open } = await tellApart(ctx, ledger, page.sessions);
  const invalidIds = page.invalid.flatMap((item) => item.id ?? []);
  const ids = ledger.missing([...open.map((session) => session.id), ...invalidIds]);
  ledger.load(ids.length === 0 ? NO_ROWS : await deps.store.rows(state.key, ids));
  const shown: Shown = { sessions: open, serverTime: page.serverTime, sweep };
  const account = state.account(deps.rules);
  const histories = await readHistories(ctx, historiesWanted(ledger, shown, account), signal);
  const result = enterPage(ledger, shown, account, histories);
  const sighted = sight(ledger, invalidIds, page.serverTime);
  return { ...result, seen: [...settled, ...result.seen, ...sighted] };
}

/** `settled`: numbers of sessions with which there is nothing to do; `open`: the others, in their order. */
type Parts = { readonly settled: readonly number[]; readonly open: readonly Session[] };

async function tellApart({ state, deps }: Context, ledger: Ledger, sessions: readonly Session[]): Promise<Parts> {
  // Indexes can change while all else stays as recorded.
  if (deps.rules.indexes) return { settled: [], open: sessions };
  const numbers = await deps.store.settled(state.key, sessions);
  if (numbers.every((no) => no === UNSETTLED)) return { settled: [], open: sessions };
  const isOpen = ({ id }: Session, place: number): boolean => numbers[place] === UNSETTLED || ledger.hasChanged(id);
  // By id: of a session that the page shows twice, once as recorded and once not, both showings are entered.
  const ids = new Set(sessions.filter(isOpen).map((session) => session.id));
  if (ids.size === 0) return { settled: numbers, open: [] };
  return {
    settled: numbers.filter((_, place) => !ids.has((sessions[place] as Session).id)),
    open: sessions.filter((session) => ids.has(session.id)),
  };
}

/** Reads the histories at once; the source bounds how many requests are in flight. */
async function readHistories(
  { plan, state }: Context,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Histories> {
  if (ids.length === 0) return NO_HISTORIES;
  const read = async (id: string): Promise<[string, readonly Stop[] | null]> => [
    id,
    await plan.source.stops(state.project.id, id, signal),
  ];
  return new Map(await Promise.all(ids.map(read)));
}

/** Commits what the ledger holds, if anything; only then the project's totals are replaced. `cursors`: saved in the same transaction. */
export async function commit({ state, deps }: Context, ledger: Ledger, cursors: Cursors | null): Promise<void> {
  if (ledger.isEmpty() && cursors === null) return;
  const { purged } = state;
  const entries = withoutPurged(ledger.entries(), purged);
  await deps.store.commit({ key: state.key, ...entries, cursors });
  state.purged -= purged;
  state.totals = entries.totals;
  if (cursors !== null) state.cursors = cursors;
}

/** The ledger was opened on totals that still counted the purged tombstones. */
function withoutPurged(entries: Entries, purged: number): Entries {
  if (purged === 0) return entries;
  const tombstones = Math.max(0, entries.totals.tombstones - purged);
  return { ...entries, totals: { ...entries.totals, tombstones } };
}
