/**
 * Removing a project. Its identity and totals go at once, so that a return finds a new project and not half of the old one;
 * its rows, under a key that is never used again, follow in slices.
 */
import type { StatementSync } from 'node:sqlite';
import { firstKey } from '../format/session-key.ts';
import { all, type Connection } from './connection.ts';
import type { Projects } from './projects.ts';
import type { Rows } from './sessions/read.ts';

export class Forgetter {
  readonly #projects: Projects;
  readonly #rows: Rows;
  readonly #remove: readonly StatementSync[];
  readonly #leftover: StatementSync;
  readonly #sessions: StatementSync;
  readonly #lookups: StatementSync;
  readonly #finish: readonly StatementSync[];

  constructor(connection: Connection, projects: Projects, rows: Rows) {
    this.#projects = projects;
    this.#rows = rows;
    const prepareAll = (...statements: string[]): StatementSync[] => statements.map((sql) => connection.prepare(sql));
    this.#remove = prepareAll(
      'INSERT INTO forgotten (project) VALUES (?)',
      'DELETE FROM project WHERE key = ?',
      'DELETE FROM totals WHERE project = ?',
      'DELETE FROM cursors WHERE project = ?',
      'DELETE FROM stats WHERE project = ?',
      'DELETE FROM malformed WHERE project = ?',
    );
    this.#leftover = connection.prepare('SELECT project FROM forgotten LIMIT 1');
    this.#sessions = connection.prepare(
      'DELETE FROM session WHERE key IN (SELECT key FROM session WHERE key >= ? AND key < ? LIMIT ?)',
    );
    this.#lookups = connection.prepare(
      'DELETE FROM lookup WHERE (project, hash, no) IN (SELECT project, hash, no FROM lookup WHERE project = ? LIMIT ?)',
    );
    this.#finish = prepareAll(
      'DELETE FROM minute WHERE project = ?',
      'DELETE FROM index_count WHERE project = ?',
      'DELETE FROM forgotten WHERE project = ?',
    );
  }

  /** Within a transaction. Answers what to do once it is committed. */
  removeProject(key: number): () => void {
    for (const statement of this.#remove) statement.run(key);
    return () => {
      this.#projects.forget(key);
      this.#rows.forgetProject(key);
    };
  }

  /** Within a transaction: deletes what removed projects left behind, `most` rows at a step; each step answers its rows. */
  *deleteLeftovers(most: number): Generator<number> {
    for (;;) {
      const [leftover] = all<readonly [project: number]>(this.#leftover);
      if (leftover === undefined) return;
      yield this.#deleteRows(leftover[0], most);
    }
  }

  #deleteRows(project: number, most: number): number {
    const sessions = this.#sessions.run(firstKey(project), firstKey(project + 1), most);
    const lookups = this.#lookups.run(project, most);
    const rows = Number(sessions.changes) + Number(lookups.changes);
    if (rows === 0) for (const statement of this.#finish) statement.run(project);
    return Math.max(rows, 1);
  }
}
