/** Writing rows of sessions. */
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import type { Row } from '../domain/row.ts';
import { FIGURE_COLUMNS, optionalJson, outcomeOf } from './codec.ts';
import type { Connection } from './connection.ts';
import { firstKey } from './hash.ts';

const COLUMNS = ['key', 'id', ...FIGURE_COLUMNS];

/** Rows that one statement inserts: a third faster than one by one. */
const TOGETHER = 10;

export class SessionWriter {
  readonly #insert: StatementSync;
  readonly #insertTogether: StatementSync;
  readonly #update: StatementSync;

  constructor(connection: Connection) {
    this.#insert = connection.prepare(insert(1));
    this.#insertTogether = connection.prepare(insert(TOGETHER));
    const settings = FIGURE_COLUMNS.map((column) => `${column} = ?`).join(', ');
    this.#update = connection.prepare(`UPDATE session SET ${settings} WHERE key = ? AND id = ?`);
  }

  /** Within a transaction. A number that is taken already fails. */
  insert(project: number, rows: readonly Row[]): void {
    const base = firstKey(project);
    const together = rows.length - (rows.length % TOGETHER);
    for (let i = 0; i < together; i += TOGETHER) {
      const values: SQLInputValue[] = [];
      for (let j = i; j < i + TOGETHER; j++) append(values, base, rows[j]);
      this.#insertTogether.run(...values);
    }
    for (let i = together; i < rows.length; i++) {
      const values: SQLInputValue[] = [];
      append(values, base, rows[i]);
      this.#insert.run(...values);
    }
  }

  /** Within a transaction. False when there is no row with this number and id. */
  update(project: number, row: Row): boolean {
    const values: SQLInputValue[] = [];
    appendFigures(values, row);
    return Number(this.#update.run(...values, firstKey(project) + row.no, row.id).changes) === 1;
  }
}

function append(values: SQLInputValue[], base: number, row: Row | undefined): void {
  if (row === undefined) return;
  values.push(base + row.no, row.id);
  appendFigures(values, row);
}

function appendFigures(values: SQLInputValue[], row: Row): void {
  const f = row.figures;
  values.push(row.updatedAt, outcomeOf(f));
  if (f === null) values.push(null, null, null, null, null);
  else values.push(f.durationUs, f.inputTokens, f.outputTokens, f.turns, f.errorHash);
  values.push(row.previous, optionalJson(row.stale), row.missingSince, row.deletedAt);
  values.push(row.stops, row.lastStop, optionalJson(row.indexIds));
}

function insert(rows: number): string {
  const one = `(${COLUMNS.map(() => '?').join(', ')})`;
  return `INSERT INTO session (${COLUMNS.join(', ')}) VALUES ${Array.from({ length: rows }, () => one).join(', ')}`;
}
