/** Records the sessions of a page in a ledger: the rows before, the page and the rules in; changes, runs and totals out. Pure. */
import type { Row } from '../domain/row.ts';
import type { Rules } from '../domain/rules.ts';
import { type Session, sameFigures } from '../domain/session.ts';
import type { Micros } from '../domain/time.ts';
import type { AccountingContext } from './context.ts';
import type { Ledger } from './ledger.ts';
import { compare, type Finding } from './list/compare.ts';
import { changed, changedRow, recordFirst } from './list/shown.ts';
import { noteStale } from './list/stale.ts';

/** One page as the list shows it. */
export type PageView = {
  readonly sessions: readonly Session[];
  readonly serverTime: Micros;
  /** Start of the last poll before, server time: what changed since may hide runs from here on. */
  readonly knownAt: Micros;
  /** End of the last full sweep before, server time. */
  readonly sweptAt: Micros;
  /** True when a full sweep read it. */
  readonly sweep: boolean;
  /** Start of the last poll that would have shown a session of this project; null: a session first shown now may be old (H2). */
  readonly youngSince: Micros | null;
  /** Sessions that were shown malformed before: these may be old too. */
  readonly malformed: ReadonlySet<string>;
};

/** What a page showed, beside what it changed in the ledger. */
export type PageResult = {
  /** Dense numbers of all sessions on the page. */
  readonly seen: readonly number[];
  readonly staleReads: number;
  /** `last_updated_at` of every known, live session that the page showed changed: a sweep looks among them for misses. */
  readonly changedAt: readonly Micros[];
};

/** Records every session of the page, in order. */
export function recordPage(ledger: Ledger, page: PageView, context: AccountingContext): PageResult {
  const seen: number[] = [];
  const changedAt: Micros[] = [];
  let staleReads = 0;
  for (const session of page.sessions) {
    const before = ledger.row(session.id);
    const finding = compare(before, session, context, page.serverTime, 'list');
    seen.push(before?.no ?? ledger.totals.nextNo);
    if (finding === 'stale') staleReads += 1;
    else if (before !== undefined && before.deletedAt === null && finding !== 'unchanged')
      changedAt.push(session.updatedAt);
    recordSession(ledger, before, finding, session, page, context);
  }
  return { seen, staleReads, changedAt };
}

function recordSession(
  ledger: Ledger,
  before: Row | undefined,
  finding: Finding,
  session: Session,
  page: PageView,
  context: AccountingContext,
): void {
  const showing = { session, serverTime: page.serverTime, knownAt: page.knownAt, context };
  if (before === undefined) {
    const young = page.malformed.has(session.id) ? null : page.youngSince;
    return recordFirst(ledger, showing, finding === 'first' ? 'first' : 'baseline', young);
  }
  const present = revived(before);
  let row = present;
  if (finding === 'stale') row = afterStale(ledger, present, session, page, context);
  else if (finding === 'unchanged') row = withoutStale(present, session);
  else row = changedRow(ledger, present, finding, showing);
  row = withIndexes(row, session, context.rules);
  if (row !== before) ledger.write(row, page.serverTime);
}

/** A row that follows a stale read is looked into: the history decides whether there was a run. With `last_run` nothing can. */
function afterStale(ledger: Ledger, before: Row, session: Session, page: PageView, context: AccountingContext): Row {
  const row = noteStale(before, session, ledger.totals.sweeps, page.sweep);
  const follows = row.stale?.followed === true && row.stale !== before.stale;
  if (!follows) return row;
  if (context.rules.accounting === 'last_run') {
    ledger.noteUnreconciled();
    return row;
  }
  return { ...row, history: changed(row.history, { serverTime: page.serverTime, knownAt: page.sweptAt, context }) };
}

/** What is recorded was shown again, so what was noted of a stale read is over; unless it is that read itself. */
function withoutStale(row: Row, session: Session): Row {
  if (row.stale === null || row.figures === null || session.run === null) return row;
  if (!sameFigures(row.figures, session.run.figures)) return row;
  return { ...row, stale: null, updatedAt: Math.max(row.updatedAt, session.updatedAt) };
}

/** Takes note of sessions that were shown malformed: they exist, so a missing or deleted one is back as it was recorded. Answers their numbers. */
export function markSeen(ledger: Ledger, ids: readonly string[], serverTime: Micros): readonly number[] {
  const numbers: number[] = [];
  for (const id of ids) {
    const row = ledger.row(id);
    if (row === undefined) {
      ledger.noteMalformed(id);
      continue;
    }
    if (revived(row) !== row) ledger.write(revived(row), serverTime);
    numbers.push(row.no);
  }
  return numbers;
}

/** The row of a session that exists after all: neither missing nor deleted. The same row when it was neither. */
function revived(row: Row): Row {
  return row.missingSince === null && row.deletedAt === null ? row : { ...row, missingSince: null, deletedAt: null };
}

function withIndexes(row: Row, session: Session, rules: Rules): Row {
  if (!rules.indexes) return row;
  const sorted = [...session.indexIds].toSorted();
  const same =
    row.indexIds !== null && row.indexIds.length === sorted.length && row.indexIds.every((id, i) => id === sorted[i]);
  return same ? row : { ...row, indexIds: sorted };
}
