/** Sessions per minute of their last update, and per index: kept by increments, in the transactions that move them. */
import type { StatementSync } from 'node:sqlite';
import type { Activity, IndexCounts } from '../../domain/polls.ts';
import { MINUTE, type Micros } from '../../domain/time.ts';
import { shownCounts } from '../format/index-counts.ts';
import { all, type Connection } from './connection.ts';

export class Counts {
  readonly #addMinute: StatementSync;
  readonly #addIndex: StatementSync;
  readonly #dropIndexes: StatementSync;
  readonly #activity: StatementSync;
  readonly #indexes: StatementSync;
  readonly #dropMinutes: StatementSync;

  constructor(connection: Connection) {
    this.#addMinute = connection.prepare(
      `INSERT INTO minute (project, minute, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n`,
    );
    this.#addIndex = connection.prepare(
      `INSERT INTO index_count (project, index_id, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n`,
    );
    this.#dropIndexes = connection.prepare('DELETE FROM index_count WHERE project = ? AND n = 0');
    this.#activity = connection.prepare(
      `SELECT sum(n) FILTER (WHERE minute > ?2 - 5), sum(n) FILTER (WHERE minute > ?2 - 60), sum(n)
       FROM minute WHERE project = ?1 AND minute > ?2 - 1440`,
    );
    this.#indexes = connection.prepare(
      'SELECT index_id, n FROM index_count WHERE project = ? AND n > 0 ORDER BY n DESC, index_id',
    );
    this.#dropMinutes = connection.prepare('DELETE FROM minute WHERE project = ? AND minute < ?');
  }

  /** Within a transaction. */
  addMinutes(project: number, minutes: ReadonlyMap<number, number>): void {
    for (const [minute, n] of minutes) if (n !== 0) this.#addMinute.run(project, minute, n);
  }

  /** Within a transaction. */
  addIndexes(project: number, indexes: ReadonlyMap<string, number>): void {
    let fell = false;
    for (const [indexId, n] of indexes) {
      if (n !== 0) this.#addIndex.run(project, indexId, n);
      fell ||= n < 0;
    }
    if (fell) this.#dropIndexes.run(project);
  }

  /** A window of k minutes is the minute of `end` and the k - 1 before it, and all that came later. */
  activity(project: number, end: Micros): Activity {
    const [sums] = all<readonly [number | null, number | null, number | null]>(
      this.#activity,
      project,
      Math.floor(end / MINUTE),
    );
    const [m5, h1, h24] = sums ?? [0, 0, 0];
    return { m5: m5 ?? 0, h1: h1 ?? 0, h24: h24 ?? 0 };
  }

  indexes(project: number, most: number): IndexCounts {
    return shownCounts(all<readonly [indexId: string, n: number]>(this.#indexes, project), most);
  }

  /** Within a transaction: removes activity from before `before`. */
  dropMinutes(project: number, before: Micros): void {
    this.#dropMinutes.run(project, Math.floor(before / MINUTE));
  }
}
