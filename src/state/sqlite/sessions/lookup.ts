/**
 * Session id -> numbers that it may have. New entries wait in memory and reach the table in the order of their hashes, many thousands
 * at a time: random ids touch a page of the table each, so writing them one by one is five times slower at a million sessions.
 * Nothing is lost by that: the entries that wait are found again in the rows themselves (`indexed_to`).
 */
import type { StatementSync } from 'node:sqlite';
import { firstKey, numberOf } from '../../format/session-key.ts';
import { all, type Connection } from '../connection.ts';
import type { Hash } from './hash.ts';
import { PendingEntries, splitKey } from './pending.ts';

/** Rows that are in memory together while the waiting entries are found again. */
const LOADED_AT_ONCE = 5_000;

/** A batch on its way into the table; `place` counts the keys that are there. */
type Draining = { readonly entries: PendingEntries; readonly keys: Float64Array; place: number };

export class Lookup {
  readonly #hash: Hash;
  readonly #limit: number;
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;
  readonly #mark: StatementSync;
  readonly #waiting: StatementSync;
  #fresh = new PendingEntries();
  #draining: Draining | null = null;
  /** Projects with entries that are only in the table. */
  readonly #indexed = new Set<number>();
  /** Removed projects of which entries may wait. */
  readonly #removed = new Set<number>();

  /** `limit`: entries that wait before a batch is made of them. */
  constructor(connection: Connection, hash: Hash, limit: number) {
    this.#hash = hash;
    this.#limit = limit;
    this.#insert = connection.prepare('INSERT OR IGNORE INTO lookup (project, hash, no) VALUES (?, ?, ?)');
    this.#delete = connection.prepare('DELETE FROM lookup WHERE project = ? AND hash = ? AND no = ?');
    this.#mark = connection.prepare('UPDATE project SET indexed_to = max(indexed_to, ?) WHERE key = ?');
    this.#waiting = connection.prepare('SELECT s.key, s.id FROM session s WHERE s.key >= ? AND s.key < ? LIMIT ?');
  }

  /** At start: reads what was waiting from the rows with numbers from `indexedTo` on. */
  load(project: number, indexedTo: number): void {
    if (indexedTo > 0) this.#indexed.add(project);
    const end = firstKey(project + 1);
    for (let from = firstKey(project) + indexedTo; ; ) {
      const rows = all<readonly [key: number, id: string]>(this.#waiting, from, end, LOADED_AT_ONCE);
      for (const [key, id] of rows) {
        this.add(project, id, numberOf(key));
        from = key + 1;
      }
      if (rows.length < LOADED_AT_ONCE) return;
    }
  }

  /** After the commit of a new row. */
  add(project: number, id: string, no: number): void {
    this.#fresh.add(project, this.#hash(id), no);
  }

  /** Numbers among the waiting entries that one of `ids` may have. */
  waiting(project: number, ids: readonly string[]): readonly number[] {
    const numbers: number[] = [];
    for (const id of ids) {
      const hash = this.#hash(id);
      this.#fresh.find(project, hash, numbers);
      this.#draining?.entries.find(project, hash, numbers);
    }
    return distinct(numbers);
  }

  /** The hashes of `ids` as JSON, for a join with the table; null when the table cannot hold any of them. */
  hashes(project: number, ids: readonly string[]): string | null {
    return this.#indexed.has(project) ? JSON.stringify(distinct(ids.map(this.#hash))) : null;
  }

  /** Within a transaction: takes the entry of a removed row out of the table. */
  delete(project: number, id: string, no: number): void {
    this.#delete.run(project, this.#hash(id), no);
  }

  /** After that transaction: takes it out of what waits. */
  forget(project: number, id: string, no: number): void {
    this.#fresh.remove(project, this.#hash(id), no);
    this.#draining?.entries.remove(project, this.#hash(id), no);
  }

  /** After a project was removed: what waits of it is not worth writing. */
  forgetProject(project: number): void {
    this.#removed.add(project);
    this.#indexed.delete(project);
  }

  /** Within a transaction: moves up to `most` entries on into the table. Answers what to do once that transaction is committed. */
  drain(most: number): () => void {
    const batch = this.#batch();
    if (batch === null) return () => {};
    const end = Math.min(batch.place + most, batch.keys.length);
    let before = 0;
    for (const key of batch.keys.subarray(batch.place, end)) {
      if (key !== before) this.#write(batch.entries, key);
      before = key;
    }
    if (end < batch.keys.length) {
      return () => {
        batch.place = end;
      };
    }
    for (const [project, indexedTo] of batch.entries.ends) this.#mark.run(indexedTo, project);
    return () => {
      for (const project of batch.entries.ends.keys()) this.#indexed.add(project);
      this.#draining = null;
    };
  }

  #batch(): Draining | null {
    if (this.#draining === null && this.#fresh.size >= this.#limit) {
      this.#draining = { entries: this.#fresh, keys: this.#fresh.sortedKeys(), place: 0 };
      this.#fresh = new PendingEntries();
    }
    return this.#draining;
  }

  #write(entries: PendingEntries, key: number): void {
    const [project, hash] = splitKey(key);
    if (this.#removed.has(project)) return;
    const numbers: number[] = [];
    entries.find(project, hash, numbers);
    for (const no of numbers) this.#insert.run(project, hash, no);
  }
}

function distinct(numbers: readonly number[]): readonly number[] {
  return numbers.length < 2 ? numbers : [...new Set(numbers)];
}
