/** Reading rows: by session id, by number, and in slices. */
import type { StatementSync } from 'node:sqlite';
import type { Row } from '../../../domain/row.ts';
import type { Session } from '../../../domain/session.ts';
import { NEEDS_ROW, type RecordedRows } from '../../../domain/store.ts';
import { SESSION_COLUMNS, type SessionColumns, type ShownColumns, toRow } from '../../format/codec.ts';
import { firstKey } from '../../format/session-key.ts';
import { RangeGuess } from '../../page/range-guess.ts';
import { RowsById } from '../../page/rows-by-id.ts';
import { unchangedAmong } from '../../page/unchanged.ts';
import { all, type Connection } from '../connection.ts';
import type { Lookup } from './lookup.ts';

const LIVE = 's.deleted_at IS NULL';

/** Rows with nothing pending, as `ShownColumns`. */
const QUIET_ROWS = `
  SELECT s.key, s.id, s.updated_at, s.outcome, s.duration_us, s.input_tokens, s.output_tokens, s.turns, s.error_hash
  FROM session s
  WHERE s.key >= ? AND s.key < ? AND s.stale IS NULL AND s.missing_since IS NULL AND ${LIVE}`;

export class Rows {
  readonly #lookup: Lookup;
  readonly #rangeGuess = new RangeGuess();
  /** Projects whose last page was looked at by `unchanged`, which has taught the guess all there is to learn from it. */
  readonly #taught = new Set<number>();
  readonly #quiet: StatementSync;
  readonly #range: StatementSync;
  readonly #numbered: StatementSync;
  readonly #hashed: StatementSync;
  readonly #live: StatementSync;
  readonly #slice: StatementSync;

  constructor(connection: Connection, lookup: Lookup) {
    this.#lookup = lookup;
    const select = `SELECT ${SESSION_COLUMNS} FROM`;
    const numbered = `${select} json_each(?2) j CROSS JOIN session s ON s.key = ?1 + j.value`;
    this.#quiet = connection.prepare(QUIET_ROWS);
    this.#range = connection.prepare(`${select} session s WHERE s.key >= ? AND s.key < ?`);
    this.#numbered = connection.prepare(numbered);
    this.#hashed = connection.prepare(
      `${select} json_each(?3) j CROSS JOIN lookup l ON l.project = ?1 AND l.hash = j.value
       CROSS JOIN session s ON s.key = ?2 + l.no`,
    );
    this.#live = connection.prepare(`${numbered} WHERE ${LIVE}`);
    this.#slice = connection.prepare(`${select} session s WHERE s.key >= ? AND s.key < ? AND ${LIVE} LIMIT ?`);
  }

  /**
   * Numbers of the sessions that are recorded exactly as they are shown, at their places; else -1. Only the rows where the page is
   * expected are looked at.
   */
  unchanged(project: number, sessions: readonly Session[]): readonly number[] {
    const guess = this.#rangeGuess.guess(project, sessions.length);
    if (guess === null) return sessions.map(() => NEEDS_ROW);
    const base = firstKey(project);
    const found = unchangedAmong(sessions, all<ShownColumns>(this.#quiet, base + guess.from, base + guess.to));
    if (found.count * 2 < sessions.length) return found.numbers;
    this.#rangeGuess.learn(project, found.first, found.last, found);
    if (found.count < sessions.length) this.#taught.add(project);
    return found.numbers;
  }

  /** The rows of these sessions, tombstones included: first by the guess, then what waits for the look-up table, then by the table. */
  find(project: number, ids: readonly string[]): RecordedRows {
    const base = firstKey(project);
    const page = new RowsById(ids);
    const isRest = this.#taught.delete(project);
    const guess = isRest ? null : this.#rangeGuess.guess(project, ids.length);
    if (guess !== null) page.take(all(this.#range, base + guess.from, base + guess.to));
    let missing = page.missing();
    if (missing.length > 0) {
      const numbers = this.#lookup.waiting(project, missing);
      if (numbers.length > 0) page.take(all(this.#numbered, base, JSON.stringify(numbers)));
      missing = page.missing();
    }
    const hashes = missing.length > 0 ? this.#lookup.hashes(project, missing) : null;
    if (hashes !== null) page.take(all(this.#hashed, project, base, hashes));
    if (!isRest) this.#rangeGuess.learn(project, page.numberAt(0), page.numberAt(ids.length - 1), page);
    return page;
  }

  byNumber(project: number, numbers: readonly number[]): Row[] {
    return all<SessionColumns>(this.#live, firstKey(project), JSON.stringify(numbers)).map((c) => toRow(c));
  }

  slice(project: number, from: number, limit: number): Row[] {
    const base = firstKey(project);
    return all<SessionColumns>(this.#slice, base + from, firstKey(project + 1), limit).map((c) => toRow(c));
  }

  /** After a project was removed. */
  forgetProject(project: number): void {
    this.#rangeGuess.forget(project);
    this.#lookup.forgetProject(project);
  }
}
