/** Writing rows of sessions. */
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { NO_HISTORY, type Row } from '../../../domain/row.ts';
import { optionalJson, outcomeOf, ROW_COLUMNS, SHOWN_COLUMNS } from '../../format/codec.ts';
import { historyValues } from '../../format/history-columns.ts';
import { firstKey } from '../../format/session-key.ts';
import type { Connection } from '../connection.ts';

/** Rows that one statement inserts: a third faster than one by one. */
const TOGETHER = 10;

export class SessionWriter {
  readonly #whole: Inserter;
  readonly #shown: Inserter;
  readonly #update: StatementSync;

  constructor(connection: Connection) {
    this.#whole = new Inserter(connection, ROW_COLUMNS, (values, row) => {
      appendShown(values, row);
      appendRest(values, row);
    });
    this.#shown = new Inserter(connection, SHOWN_COLUMNS, appendShown);
    const settings = ROW_COLUMNS.map((column) => `${column} = ?`).join(', ');
    this.#update = connection.prepare(`UPDATE session SET ${settings} WHERE key = ? AND id = ?`);
  }

  /** Within a transaction. A number that is taken already fails. */
  insert(project: number, rows: readonly Row[]): void {
    const inserter = rows.every(isOnlyShown) ? this.#shown : this.#whole;
    inserter.insert(firstKey(project), rows);
  }

  /** Within a transaction. False when there is no row with this number and id. */
  update(project: number, row: Row): boolean {
    const values: SQLInputValue[] = [];
    appendShown(values, row);
    appendRest(values, row);
    return Number(this.#update.run(...values, firstKey(project) + row.no, row.id).changes) === 1;
  }
}

/** Inserts rows with some of their columns. */
class Inserter {
  readonly #one: StatementSync;
  readonly #together: StatementSync;
  readonly #append: (values: SQLInputValue[], row: Row) => void;

  constructor(connection: Connection, columns: readonly string[], append: (values: SQLInputValue[], row: Row) => void) {
    this.#one = connection.prepare(insert(1, ['key', 'id', ...columns]));
    this.#together = connection.prepare(insert(TOGETHER, ['key', 'id', ...columns]));
    this.#append = append;
  }

  /** `base`: the key of the project's session number 0. */
  insert(base: number, rows: readonly Row[]): void {
    const together = rows.length - (rows.length % TOGETHER);
    for (let i = 0; i < together; i += TOGETHER) this.#together.run(...this.#values(base, rows.slice(i, i + TOGETHER)));
    for (const row of rows.slice(together)) this.#one.run(...this.#values(base, [row]));
  }

  #values(base: number, rows: readonly Row[]): SQLInputValue[] {
    const values: SQLInputValue[] = [];
    for (const row of rows) {
      values.push(base + row.no, row.id);
      this.#append(values, row);
    }
    return values;
  }
}

/** What else may be recorded of a session is mostly null, and then left out of an insert. */
function isOnlyShown(row: Row): boolean {
  return (
    row.history === NO_HISTORY &&
    row.fillable === 0 &&
    row.stale === null &&
    row.missingSince === null &&
    row.deletedAt === null &&
    row.indexIds === null
  );
}

function appendShown(values: SQLInputValue[], row: Row): void {
  const f = row.figures;
  values.push(row.updatedAt, outcomeOf(f));
  if (f === null) values.push(null, null, null, null, null, null);
  else values.push(f.durationUs, f.inputTokens, f.outputTokens, f.turns, f.errorHash, row.errorClass);
}

function appendRest(values: SQLInputValue[], row: Row): void {
  values.push(row.fillable === 0 ? null : row.fillable, optionalJson(row.stale), row.missingSince, row.deletedAt);
  values.push(optionalJson(row.indexIds), ...historyValues(row.history, row.figures));
}

function insert(rows: number, columns: readonly string[]): string {
  const one = `(${columns.map(() => '?').join(', ')})`;
  return `INSERT INTO session (${columns.join(', ')}) VALUES ${Array.from({ length: rows }, () => one).join(', ')}`;
}
