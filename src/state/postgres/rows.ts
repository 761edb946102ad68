/** Reading rows: by session id, by number, and in slices. */
import type { Row } from '../../domain/row.ts';
import type { Session } from '../../domain/session.ts';
import { NEEDS_ROW, type RecordedRows } from '../../domain/store.ts';
import type { Micros } from '../../domain/time.ts';
import { ROW_COLUMNS, type SessionColumns, type ShownColumns, toRow } from '../format/codec.ts';
import { RangeGuess } from '../page/range-guess.ts';
import { RowsById } from '../page/rows-by-id.ts';
import { unchangedAmong } from '../page/unchanged.ts';
import { type Connection, type Statement, statement } from './connection.ts';

const FROM = 'FROM llamacloud_exporter.session s WHERE s.project = $1';
const COLUMNS = ['no', 'id', ...ROW_COLUMNS].map((column) => `s.${column}`).join(', ');
const SELECT = `SELECT ${COLUMNS} ${FROM}`;
const LIVE = 's.deleted_at IS NULL';
const RANGE_OF_PAGE = 's.no >= $2 AND s.no < $3';

/** As one JSON text, which costs this process half the time that the driver needs for so many columns. */
const QUIET = statement(
  'quiet',
  `SELECT json_agg(json_build_array(s.no, s.id, s.updated_at, s.outcome, s.duration_us, s.input_tokens, s.output_tokens, s.turns,
    s.error_hash))::text ${FROM} AND ${RANGE_OF_PAGE} AND s.stale IS NULL AND s.missing_since IS NULL AND ${LIVE}`,
);
const RANGE = statement('range', `${SELECT} AND ${RANGE_OF_PAGE}`);
/** Row by row through one index: any other plan may read the whole project, as plans are made once, for tables that were small then. */
const eachOf = (list: string, column: string): string => `SELECT s.* FROM unnest(${list}) u(value) CROSS JOIN LATERAL (
  SELECT ${COLUMNS} FROM llamacloud_exporter.session s WHERE s.project = $1 AND s.${column} = u.value OFFSET 0) s`;
const BY_ID = statement('by_id', eachOf('$2::text[]', 'id'));
const BY_NUMBER = statement('by_number', `${eachOf('$2::bigint[]', 'no')} WHERE ${LIVE}`);
const SLICE = statement('slice', `${SELECT} AND s.no >= $2 AND ${LIVE} ORDER BY s.no LIMIT $3`);
const DUE = statement('due', `${SELECT} AND s.due_at <= $2 AND ${LIVE} ORDER BY s.due_at LIMIT $3`);
const FROM_THE_FUTURE = statement('due_late', `${SELECT} AND s.due_at > $2 AND ${LIVE} LIMIT $3`);

export class Rows {
  readonly #read: Connection;
  readonly #rangeGuess = new RangeGuess();
  /** Projects whose last page was looked at by `unchanged`, which has taught the guess all there is to learn from it. */
  readonly #taught = new Set<number>();

  constructor(read: Connection) {
    this.#read = read;
  }

  /** As the port has it: only the rows where the page is expected are looked at. */
  async unchanged(project: number, sessions: readonly Session[]): Promise<readonly number[]> {
    const guess = this.#rangeGuess.guess(project, sessions.length);
    if (guess === null) return sessions.map(() => NEEDS_ROW);
    const [rows] = await this.#read.read<readonly [string | null]>(QUIET, project, guess.from, guess.to);
    const found = unchangedAmong(sessions, JSON.parse(rows?.[0] ?? '[]') as ShownColumns[]);
    if (found.count * 2 < sessions.length) return found.numbers;
    this.#rangeGuess.learn(project, found.first, found.last, found);
    if (found.count < sessions.length) this.#taught.add(project);
    return found.numbers;
  }

  /** The rows of these sessions, tombstones included: first by the guess, then by their ids. */
  async find(project: number, ids: readonly string[]): Promise<RecordedRows> {
    const page = new RowsById(ids);
    const isRest = this.#taught.delete(project);
    const guess = isRest ? null : this.#rangeGuess.guess(project, ids.length);
    if (guess !== null) page.take(await this.#read.read(RANGE, project, guess.from, guess.to));
    const missing = page.missing();
    if (missing.length > 0) page.take(await this.#read.read(BY_ID, project, missing));
    if (!isRest) this.#rangeGuess.learn(project, page.numberAt(0), page.numberAt(ids.length - 1), page);
    return page;
  }

  byNumber(project: number, numbers: readonly number[]): Promise<readonly Row[]> {
    return this.#rows(BY_NUMBER, project, numbers);
  }

  slice(project: number, from: number, limit: number): Promise<readonly Row[]> {
    return this.#rows(SLICE, project, from, limit);
  }

  /** Live rows that are due at `now`, those due for longest first; after them those with a due time beyond `farthest`. */
  async due(project: number, now: Micros, farthest: Micros, limit: number): Promise<readonly Row[]> {
    const due = await this.#rows(DUE, project, now, limit);
    if (due.length === limit) return due;
    return [...due, ...(await this.#rows(FROM_THE_FUTURE, project, farthest, limit - due.length))];
  }

  /** Once a project is lost or gone, nothing is expected of its pages. */
  forgetProject(project: number): void {
    this.#rangeGuess.forget(project);
    this.#taught.delete(project);
  }

  async #rows(what: Statement, ...values: readonly unknown[]): Promise<readonly Row[]> {
    return (await this.#read.read<SessionColumns>(what, ...values)).map((columns) => toRow(columns));
  }
}
