/** The transaction that records runs: rows, and all sums that they move. */
import type { StatementSync } from 'node:sqlite';
import { ExporterError } from '../domain/errors.ts';
import type { Row, RowChange } from '../domain/row.ts';
import type { Commit } from '../domain/store.ts';
import type { Micros } from '../domain/time.ts';
import { optionalJson, outcomeOf } from './codec.ts';
import type { Connection } from './connection.ts';
import type { Counts } from './counts.ts';
import { firstKey } from './hash.ts';
import type { Lookup } from './lookup.ts';
import type { Projects } from './projects.ts';

/** For each new row this many waiting entries move into the look-up table, so that a batch is gone before the next is full. */
const DRAINED_PER_NEW_ROW = 2;
/** Moved with every commit that has changes at all. */
const DRAINED_AT_LEAST = 200;

const INSERT = `INSERT INTO session
  (key, id, updated_at, outcome, duration_us, input_tokens, output_tokens, turns, error_hash,
   previous, stale, missing_since, deleted_at, stops, last_stop, index_ids)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const UPDATE = `UPDATE session SET
  updated_at = ?, outcome = ?, duration_us = ?, input_tokens = ?, output_tokens = ?, turns = ?, error_hash = ?,
  previous = ?, stale = ?, missing_since = ?, deleted_at = ?, stops = ?, last_stop = ?, index_ids = ?
  WHERE key = ? AND id = ?`;

export class Committer {
  readonly #connection: Connection;
  readonly #projects: Projects;
  readonly #lookup: Lookup;
  readonly #counts: Counts;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;

  constructor(connection: Connection, projects: Projects, lookup: Lookup, counts: Counts) {
    this.#connection = connection;
    this.#projects = projects;
    this.#lookup = lookup;
    this.#counts = counts;
    this.#insert = connection.prepare(INSERT);
    this.#update = connection.prepare(UPDATE);
  }

  /** `now`: our clock. */
  commit(commit: Commit, now: Micros): void {
    const { key, totals, cursors } = commit;
    const before = this.#projects.get(key);
    const added = commit.changes.filter((change) => change.isNew);
    const drained = this.#connection.write(() => {
      this.#writeRows(commit, before.totals.nextNo);
      this.#projects.writeTotals(key, totals);
      if (cursors !== null) this.#projects.writeCursors(key, cursors);
      this.#counts.addMinutes(key, commit.minutes, now);
      this.#counts.addIndexes(key, commit.indexes);
      return this.#lookup.drain(Math.max(DRAINED_AT_LEAST, added.length * DRAINED_PER_NEW_ROW));
    });
    drained();
    for (const { row } of added) this.#lookup.add(key, row.id, row.no);
    this.#projects.remember({ ...before, totals, cursors: cursors ?? before.cursors });
  }

  #writeRows({ key, changes, totals }: Commit, nextNo: number): void {
    const base = firstKey(key);
    for (const change of changes) {
      const { row, isNew } = change;
      if (isNew === row.no < nextNo || row.no >= totals.nextNo) throw this.#misnumbered(change);
      if (isNew) this.#insertRow(base, row);
      else if (this.#updateRow(base, row) !== 1) throw this.#misnumbered(change);
    }
  }

  #insertRow(base: number, row: Row): void {
    const f = row.figures;
    this.#insert.run(
      base + row.no,
      row.id,
      row.updatedAt,
      outcomeOf(f),
      f === null ? null : f.durationUs,
      f === null ? null : f.inputTokens,
      f === null ? null : f.outputTokens,
      f === null ? null : f.turns,
      f === null ? null : f.errorHash,
      row.previous,
      optionalJson(row.stale),
      row.missingSince,
      row.deletedAt,
      row.stops,
      row.lastStop,
      optionalJson(row.indexIds),
    );
  }

  /** Answers the number of rows that were there to update. */
  #updateRow(base: number, row: Row): number {
    const f = row.figures;
    const done = this.#update.run(
      row.updatedAt,
      outcomeOf(f),
      f === null ? null : f.durationUs,
      f === null ? null : f.inputTokens,
      f === null ? null : f.outputTokens,
      f === null ? null : f.turns,
      f === null ? null : f.errorHash,
      row.previous,
      optionalJson(row.stale),
      row.missingSince,
      row.deletedAt,
      row.stops,
      row.lastStop,
      optionalJson(row.indexIds),
      base + row.no,
      row.id,
    );
    return Number(done.changes);
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
