/** Records one page of the list in the open ledger, after reading the rows that it needs. */
import type { Ledger } from '../../accounting/ledger.ts';
import { markSeen, type PageResult, type PageView, recordPage } from '../../accounting/page.ts';
import type { Session } from '../../domain/session.ts';
import type { SessionPage } from '../../domain/source.ts';
import { NEEDS_ROW } from '../../domain/store.ts';
import type { Micros } from '../../domain/time.ts';
import type { Context } from '../context.ts';

/** Complete sweeps after which a session that was never seen must be new (docs/accounting.md, H2). */
export const SWEEPS_TO_KNOW_ALL = 2;

const NONE: ReadonlySet<string> = new Set();

/** Records a page; reads from the store the rows of sessions that changed, and that the ledger does not have. `sweep`: a full sweep read it. */
export async function recordPageOf(
  ctx: Context,
  ledger: Ledger,
  page: SessionPage,
  sweep: boolean,
): Promise<PageResult> {
  const { deps, recorder, state } = ctx;
  const { unchanged, rest } = await tellApart(ctx, ledger, page.sessions);
  const invalidIds = page.invalid.flatMap((item) => item.id ?? []);
  await recorder.load(ledger, [...rest.map((session) => session.id), ...invalidIds]);
  const youngSince = youngFrom(ctx);
  const view: PageView = {
    sessions: rest,
    serverTime: page.serverTime,
    knownAt: state.cursors.watermark ?? page.serverTime,
    sweptAt: state.cursors.lastFullSweep ?? page.serverTime,
    sweep,
    youngSince,
    malformed: youngSince === null ? NONE : await malformedAmong(ctx, ledger, rest),
  };
  const result = recordPage(ledger, view, state.accounting(deps));
  const seen = markSeen(ledger, invalidIds, page.serverTime);
  return { ...result, seen: [...unchanged, ...result.seen, ...seen] };
}

/** Start of the last poll that would have shown any session; null while one may exist that no sweep has shown. */
function youngFrom({ state }: Context): Micros | null {
  return state.totals.wholeSweeps >= SWEEPS_TO_KNOW_ALL ? state.cursors.lastWholePoll : null;
}

async function malformedAmong(
  { state, deps }: Context,
  ledger: Ledger,
  sessions: readonly Session[],
): Promise<ReadonlySet<string>> {
  const unknown = sessions.filter(({ id }) => ledger.row(id) === undefined).map(({ id }) => id);
  if (unknown.length === 0) return NONE;
  const stored = await deps.store.malformedAmong(state.key, unknown);
  return new Set([...stored, ...unknown.filter((id) => ledger.wasMalformed(id))]);
}

/** `unchanged`: numbers of sessions with which there is nothing to do; `rest`: the others, in their order. */
type Parts = { readonly unchanged: readonly number[]; readonly rest: readonly Session[] };

async function tellApart({ state, deps }: Context, ledger: Ledger, sessions: readonly Session[]): Promise<Parts> {
  // Indexes can change while all else stays as recorded.
  if (deps.rules.indexes) return { unchanged: [], rest: sessions };
  const numbers = await deps.store.unchanged(state.key, sessions);
  if (numbers.every((no) => no === NEEDS_ROW)) return { unchanged: [], rest: sessions };
  const isOpen = ({ id }: Session, place: number): boolean => numbers[place] === NEEDS_ROW || ledger.hasChanged(id);
  // By id: of a session that the page shows twice, once as recorded and once not, both showings are recorded.
  const ids = new Set(sessions.filter(isOpen).map((session) => session.id));
  if (ids.size === 0) return { unchanged: numbers, rest: [] };
  return {
    unchanged: numbers.filter((_, place) => !ids.has((sessions[place] as Session).id)),
    rest: sessions.filter((session) => ids.has(session.id)),
  };
}
