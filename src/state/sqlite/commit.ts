/** The transaction that records runs: rows, and all sums that they move. */
import type { StatementSync } from 'node:sqlite';
import { ExporterError } from '../../domain/errors.ts';
import type { Row, RowChange } from '../../domain/row.ts';
import type { Commit } from '../../domain/store.ts';
import type { Connection } from './connection.ts';
import type { Counts } from './counts.ts';
import type { Projects } from './projects.ts';
import type { Lookup } from './sessions/lookup.ts';
import { SessionWriter } from './sessions/write.ts';

/** For each new row this many waiting entries move into the look-up table, so that a batch is gone before the next is full. */
const DRAINED_PER_NEW_ROW = 2;
/** Moved with every commit, whatever is new in it. */
const DRAINED_AT_LEAST = 200;

export class Committer {
  readonly #connection: Connection;
  readonly #projects: Projects;
  readonly #lookup: Lookup;
  readonly #counts: Counts;
  readonly #sessions: SessionWriter;
  readonly #malformed: StatementSync;

  constructor(connection: Connection, projects: Projects, lookup: Lookup, counts: Counts) {
    this.#connection = connection;
    this.#projects = projects;
    this.#lookup = lookup;
    this.#counts = counts;
    this.#sessions = new SessionWriter(connection);
    this.#malformed = connection.prepare('INSERT OR IGNORE INTO malformed (project, id) VALUES (?, ?)');
  }

  commit(commit: Commit): void {
    const { key, totals, cursors } = commit;
    const before = this.#projects.get(key);
    const added: Row[] = [];
    for (const change of commit.changes) if (change.isNew) added.push(change.row);
    const drained = this.#connection.write(() => {
      this.#writeRows(commit, added, before.totals.nextNo);
      this.#projects.writeTotals(key, totals);
      if (cursors !== null) this.#projects.writeCursors(key, cursors);
      this.#counts.addMinutes(key, commit.minutes);
      for (const id of commit.malformed) this.#malformed.run(key, id);
      this.#counts.addIndexes(key, commit.indexes);
      return this.#lookup.drain(Math.max(DRAINED_AT_LEAST, added.length * DRAINED_PER_NEW_ROW));
    });
    drained();
    for (const row of added) this.#lookup.add(key, row.id, row.no);
    this.#projects.remember({ ...before, totals, cursors: cursors ?? before.cursors });
  }

  /** New rows take the numbers from `nextNo` up to the new totals' `nextNo`: that is what the look-up is rebuilt by. */
  #writeRows({ key, changes, totals }: Commit, added: readonly Row[], nextNo: number): void {
    for (const change of changes) {
      const { row, isNew } = change;
      if (isNew === row.no < nextNo || row.no >= totals.nextNo) throw this.#misnumbered(change);
      if (!isNew && !this.#sessions.update(key, row)) throw this.#misnumbered(change);
    }
    this.#sessions.insert(key, added);
  }

  /** A fault of our own code: refused before it can spoil a sum. */
  #misnumbered({ row, isNew }: RowChange): ExporterError {
    return new ExporterError(
      'state',
      `The state ${this.#connection.location} refused ${isNew ? 'a new' : 'a changed'} session with the number ${row.no}.`,
      'This is a defect of the exporter: please report it. Restarting it reads the state again.',
    );
  }
}
