/** Values of the domain as columns, and back. */
import { crc32 } from 'node:zlib';
import type { Row, StaleReading } from '../domain/row.ts';
import type { Figures } from '../domain/session.ts';
import type { Cursors } from '../domain/store.ts';
import type { Totals } from '../domain/totals.ts';
import { numberOf } from './hash.ts';

/** All columns of a session but its key and its id, which never change. */
export const FIGURE_COLUMNS = [
  'updated_at',
  'outcome',
  'duration_us',
  'input_tokens',
  'output_tokens',
  'turns',
  'error_hash',
  'previous',
  'stale',
  'missing_since',
  'deleted_at',
  'stops',
  'last_stop',
  'index_ids',
] as const;

/** The columns of a session, in the order of `SessionColumns`, for a table alias `s`. */
export const SESSION_COLUMNS = ['key', 'id', ...FIGURE_COLUMNS].map((column) => `s.${column}`).join(', ');

export type SessionColumns = readonly [
  key: number,
  id: string,
  updatedAt: number,
  outcome: number | null,
  durationUs: number | null,
  inputTokens: number | null,
  outputTokens: number | null,
  turns: number | null,
  errorHash: string | null,
  previous: string | null,
  stale: string | null,
  missingSince: number | null,
  deletedAt: number | null,
  stops: number | null,
  lastStop: string | null,
  indexIds: string | null,
];

const OK = 0;
const ERROR = 1;
const UNSAID = 2;

/** The column `outcome`: whether there is a run, and its `isError`. */
export function outcomeOf(figures: Figures | null): number | null {
  if (figures === null) return null;
  if (figures.isError === null) return UNSAID;
  return figures.isError ? ERROR : OK;
}

/** The row; `id` is passed in where the caller holds the same text already, so that one copy of it is kept. */
export function toRow(c: SessionColumns, id: string = c[1]): Row {
  return {
    no: numberOf(c[0]),
    id,
    updatedAt: c[2],
    figures: c[3] === null ? null : toFigures(c, c[3]),
    previous: c[9],
    stale: c[10] === null ? null : (JSON.parse(c[10]) as StaleReading),
    missingSince: c[11],
    deletedAt: c[12],
    stops: c[13],
    lastStop: c[14],
    indexIds: c[15] === null ? null : (JSON.parse(c[15]) as string[]),
  };
}

function toFigures(c: SessionColumns, outcome: number): Figures {
  return {
    durationUs: c[4],
    isError: outcome === UNSAID ? null : outcome === ERROR,
    errorHash: c[8],
    inputTokens: c[5],
    outputTokens: c[6],
    turns: c[7],
  };
}

export function optionalJson(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** A text together with the checksum that must be found beside it. */
export type Sealed = { readonly text: string; readonly checksum: number };

export function sealTotals(totals: Totals): Sealed {
  const text = JSON.stringify(totals);
  return { text, checksum: crc32(text) };
}

/** Null when the checksum does not match. */
export function openTotals(text: string, checksum: number): Totals | null {
  return crc32(text) === checksum ? (JSON.parse(text) as Totals) : null;
}

/** The bitmap of a running sweep goes into a column of its own. */
export type SealedCursors = Sealed & { readonly seen: Uint8Array | null };

export function sealCursors(cursors: Cursors): SealedCursors {
  const { sweep } = cursors;
  const seen = sweep?.seen ?? null;
  const text = JSON.stringify({ ...cursors, sweep: sweep && { ...sweep, seen: null } });
  return { text, seen, checksum: seal(text, seen) };
}

/** Null when the checksum does not match. */
export function openCursors(text: string, seen: Uint8Array | null, checksum: number): Cursors | null {
  if (seal(text, seen) !== checksum) return null;
  const cursors = JSON.parse(text) as Cursors;
  return cursors.sweep === null ? cursors : { ...cursors, sweep: { ...cursors.sweep, seen: seen ?? new Uint8Array() } };
}

function seal(text: string, seen: Uint8Array | null): number {
  const sum = crc32(text);
  return seen === null ? sum : crc32(seen, sum);
}
