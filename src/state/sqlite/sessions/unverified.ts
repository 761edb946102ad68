/** Sessions whose history is to be read or that were malformed, by small indexes that hold only these. */
import type { StatementSync } from 'node:sqlite';
import type { Row } from '../../../domain/row.ts';
import type { Micros } from '../../../domain/time.ts';
import { SESSION_COLUMNS, type SessionColumns, toRow } from '../../format/codec.ts';
import { all, type Connection } from '../connection.ts';

export class Unverified {
  readonly #due: StatementSync;
  readonly #fromTheFuture: StatementSync;
  readonly #next: StatementSync;
  readonly #oldest: StatementSync;
  readonly #malformed: StatementSync;

  constructor(connection: Connection) {
    const live = 'FROM session s WHERE s.key >> 32 = ?1 AND s.deleted_at IS NULL';
    const rows = `SELECT ${SESSION_COLUMNS} ${live}`;
    this.#due = connection.prepare(`${rows} AND s.due_at <= ?2 ORDER BY s.due_at LIMIT ?3`);
    this.#fromTheFuture = connection.prepare(`${rows} AND s.due_at > ?2 LIMIT ?3`);
    this.#next = connection.prepare(`SELECT min(due_at) ${live} AND s.due_at IS NOT NULL`);
    this.#oldest = connection.prepare(`SELECT min(unverified_from) ${live} AND s.unverified_from IS NOT NULL`);
    this.#malformed = connection.prepare(
      'SELECT m.id FROM json_each(?2) j CROSS JOIN malformed m ON m.project = ?1 AND m.id = j.value',
    );
  }

  /** Live rows that are due at `now`, those due for longest first; after them those with a due time beyond `farthest`. */
  due(project: number, now: Micros, farthest: Micros, limit: number): Row[] {
    const due = all<SessionColumns>(this.#due, project, now, limit);
    const more =
      due.length < limit ? all<SessionColumns>(this.#fromTheFuture, project, farthest, limit - due.length) : [];
    return [...due, ...more].map((columns) => toRow(columns));
  }

  nextDue(project: number): Micros | null {
    return one(this.#next, project);
  }

  oldest(project: number): Micros | null {
    return one(this.#oldest, project);
  }

  malformedAmong(project: number, ids: readonly string[]): ReadonlySet<string> {
    const found = all<readonly [id: string]>(this.#malformed, project, JSON.stringify(ids));
    return new Set(found.map(([id]) => id));
  }
}

function one(statement: StatementSync, project: number): number | null {
  return all<readonly [number | null]>(statement, project)[0]?.[0] ?? null;
}
