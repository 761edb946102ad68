/** Rows of sessions as columns, and back. */
import type { Row, StaleReading } from '../../domain/row.ts';
import type { Figures } from '../../domain/session.ts';
import { type HistoryColumns, storedFigures, toHistory } from './history-columns.ts';
import { numberOf } from './session-key.ts';

/** What a session shows; quick to insert. */
export const SHOWN_COLUMNS = [
  'updated_at',
  'outcome',
  'duration_us',
  'input_tokens',
  'output_tokens',
  'turns',
  'error_hash',
  'error_class',
] as const;

/** All columns of a session but its key and its id, which never change. */
export const ROW_COLUMNS = [
  ...SHOWN_COLUMNS,
  'fillable',
  'stale',
  'missing_since',
  'deleted_at',
  'index_ids',
  'place',
  'stop',
  'flags',
  'since',
  'unverified_from',
  'due_at',
  'attempts',
] as const;

/** The columns of a session, in the order of `SessionColumns`, for a table alias `s`. */
export const SESSION_COLUMNS = ['key', 'id', ...ROW_COLUMNS].map((column) => `s.${column}`).join(', ');

/** What a session shows, with its key and id. */
export type ShownColumns = readonly [
  key: number,
  id: string,
  updatedAt: number,
  outcome: number | null,
  durationUs: number | null,
  inputTokens: number | null,
  outputTokens: number | null,
  turns: number | null,
  errorHash: string | null,
];

export type SessionColumns = readonly [
  ...shown: ShownColumns,
  errorClass: string | null,
  fillable: number | null,
  stale: string | null,
  missingSince: number | null,
  deletedAt: number | null,
  indexIds: string | null,
  ...history: HistoryColumns,
];

/** Where the history columns begin in `SessionColumns`. */
const HISTORY_FROM = 15;

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
  const figures = c[3] === null ? null : toFigures(c, c[3]);
  return {
    no: numberOf(c[0]),
    id,
    updatedAt: c[2],
    figures,
    fillable: c[10] ?? 0,
    errorClass: c[9],
    stale: c[11] === null ? null : toStale(JSON.parse(c[11]) as StaleReading),
    missingSince: c[12],
    deletedAt: c[13],
    indexIds: c[14] === null ? null : (JSON.parse(c[14]) as string[]),
    history: toHistory(c.slice(HISTORY_FROM) as unknown as HistoryColumns, figures),
  };
}

function toStale(stored: StaleReading): StaleReading {
  return {
    ...stored,
    before: stored.before ?? null,
    figures: stored.figures === null ? null : storedFigures(stored.figures),
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
