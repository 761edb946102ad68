/** Rows of sessions for the tests of the lists, and a list made the plain way: everything sorted, then cut. */
import type { Row } from '../../src/domain/row.ts';
import { type Figures, NO_FIGURES } from '../../src/domain/session.ts';
import type { ListedSession, SessionQuery, SessionSort } from '../../src/domain/session-list.ts';
import { emptyRow } from '../builders/values.ts';

/** 2026-05-01T00:00:00Z. */
export const NOW = 1_777_593_600_000_000;

export function rowOf(no: number, change: Partial<Row> = {}): Row {
  return emptyRow(no, { updatedAt: NOW - no, ...change });
}

export function figuresOf(change: Partial<Figures> = {}): Figures {
  return { ...NO_FIGURES, isError: false, ...change };
}

/** Integer nano-US-dollars, three for an input token and fifteen for an output token. */
export const costOf = ({ inputTokens, outputTokens }: Figures): number =>
  ((inputTokens ?? 0) * 3 + (outputTokens ?? 0) * 15) * 1000;

const CLASSES = ['timeout', 'rate_limited', 'other'];

/** Sessions of every kind, in an order that is none of those asked for, with many equal figures and some unknown ones. */
export function mixedRows(n: number): readonly Row[] {
  return Array.from({ length: n }, (_, no) => mixedRow(no));
}

function mixedRow(no: number): Row {
  const a = (no * 7919) % 10_007;
  const b = (no * 104_729) % 997;
  const updatedAt = NOW - (a % 5003) * 60_000_000;
  if (b % 11 === 0) return rowOf(no, { updatedAt });
  const isError = b % 7 === 0;
  const figures = figuresOf({
    isError: b % 5 === 0 ? null : isError,
    errorHash: isError ? 'hash' : null,
    durationUs: b % 13 === 0 ? null : (a % 900) * 1000,
    inputTokens: b % 17 === 0 ? null : (a * 31) % 50_000,
    outputTokens: b % 19 === 0 ? null : (a * 17) % 4000,
    turns: b % 23 === 0 ? null : b % 40,
  });
  return rowOf(no, { updatedAt, figures, errorClass: isError ? (CLASSES[a % 3] ?? null) : null });
}

const FIGURES: Readonly<Record<SessionSort, (session: ListedSession, updatedAt: number) => number | null>> = {
  updated: (_, updatedAt) => updatedAt,
  duration: ({ durationSeconds }) => durationSeconds,
  input_tokens: ({ inputTokens }) => inputTokens,
  output_tokens: ({ outputTokens }) => outputTokens,
  cost: ({ costUsd }) => costUsd,
  turns: ({ turns }) => turns,
};

type Entry = { readonly no: number; readonly updatedAt: number; readonly session: ListedSession };

/** What lists of these rows have to hold. Each order is made once, for all queries. */
export function oracleOf(
  rows: readonly Row[],
): (query: SessionQuery) => { matched: number; sessions: ListedSession[] } {
  const entries = rows
    .filter(({ deletedAt }) => deletedAt === null)
    .map((row) => ({ no: row.no, updatedAt: row.updatedAt, session: shown(row) }));
  const orders = new Map<SessionSort, readonly Entry[]>();
  return (query) => {
    const ordered = orders.get(query.sort) ?? inOrder(entries, query.sort);
    orders.set(query.sort, ordered);
    const matching = ordered
      .filter(({ session }) => query.state === null || session.state === query.state)
      .filter(({ session }) => query.errorClass === null || session.class === query.errorClass)
      .filter(({ updatedAt }) => query.since === null || updatedAt >= NOW - query.since);
    return { matched: matching.length, sessions: matching.slice(0, query.limit).map(({ session }) => session) };
  };
}

function inOrder(entries: readonly Entry[], sort: SessionSort): readonly Entry[] {
  const figure = ({ session, updatedAt }: Entry): number => FIGURES[sort](session, updatedAt) ?? -1;
  return entries.toSorted((a, b) => figure(b) - figure(a) || b.updatedAt - a.updatedAt || b.no - a.no);
}

function shown(row: Row): ListedSession {
  const { figures: f } = row;
  const isError = f !== null && (f.isError === true || (f.isError === null && f.errorHash !== null));
  return {
    sessionId: row.id,
    updatedAt: new Date(row.updatedAt / 1000).toISOString(),
    state: f === null ? 'never_run' : isError ? 'error' : 'ok',
    class: isError ? row.errorClass : null,
    durationSeconds: typeof f?.durationUs !== 'number' ? null : f.durationUs / 1e6,
    inputTokens: f?.inputTokens ?? null,
    outputTokens: f?.outputTokens ?? null,
    turns: f?.turns ?? null,
    costUsd: f === null ? null : costOf(f) / 1e9,
  };
}
