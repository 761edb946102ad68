/** The port `Store` on SQLite. Each call does its work on the one connection without a pause, so calls cannot mix. */
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import type { Observer } from '../../domain/observer.ts';
import type { Activity, IndexCounts } from '../../domain/polls.ts';
import type { Row } from '../../domain/row.ts';
import type { Session } from '../../domain/session.ts';
import type {
  Admission,
  Commit,
  Progress,
  RecordedRows,
  Restored,
  StateSize,
  Store,
  StoredProject,
} from '../../domain/store.ts';
import type { Clock, Micros } from '../../domain/time.ts';
import { Committer } from './commit.ts';
import { Connection } from './connection.ts';
import { Counts } from './counts.ts';
import { Discoveries } from './discoveries.ts';
import { damaged } from './errors.ts';
import { identityOf, removeNote, sizeOf, walOf } from './files.ts';
import { Forgetter } from './forget.ts';
import { Projects } from './projects.ts';
import { type Purged, Purger } from './purge.ts';
import { getMeta, setMeta } from './schema.ts';
import type { Hash } from './sessions/hash.ts';
import { Lookup } from './sessions/lookup.ts';
import { Rows } from './sessions/read.ts';
import { Unverified } from './sessions/unverified.ts';

/** Projects admitted in one transaction: about 10 ms of work. */
const ADMITTED_AT_ONCE = 250;

export const MEMORY = ':memory:';

export type StoreParts = {
  readonly db: DatabaseSync;
  /** Absolute path, or `:memory:`. */
  readonly location: string;
  readonly isNew: boolean;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly hash: Hash;
  /** Look-up entries that wait in memory before they are written together. */
  readonly pendingEntries: number;
};

export class SqliteStore implements Store {
  readonly location: string;
  readonly #parts: StoreParts;
  readonly #connection: Connection;
  readonly #projects: Projects;
  readonly #discoveries: Discoveries;
  readonly #rows: Rows;
  readonly #counts: Counts;
  readonly #histories: Unverified;
  readonly #committer: Committer;
  readonly #purger: Purger;
  readonly #identity: string | null;

  /** Reads projects and totals; throws what SQLite throws, or an ExporterError where they are damaged. */
  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.location = parts.location;
    this.#identity = identityOf(parts.location);
    const connection = new Connection(parts.db, parts.location, parts.observer, () => this.#checkFile());
    const lookup = new Lookup(connection, parts.hash, parts.pendingEntries);
    this.#connection = connection;
    this.#projects = new Projects(connection);
    this.#discoveries = new Discoveries(connection);
    this.#rows = new Rows(connection, lookup);
    this.#counts = new Counts(connection);
    this.#histories = new Unverified(connection);
    this.#committer = new Committer(connection, this.#projects, lookup, this.#counts);
    const forgetter = new Forgetter(connection, this.#projects, this.#rows);
    this.#purger = new Purger(connection, parts.clock, this.#projects, lookup, this.#counts, forgetter);
    for (const { stored, indexedTo } of this.#projects.load()) {
      if (stored.totals.nextNo > 0) lookup.load(stored.key, indexedTo);
    }
  }

  async restore(): Promise<Restored> {
    return this.#connection.read(() => ({
      createdAt: getMeta(this.#parts.db, 'created_at') ?? 0,
      isNew: this.#parts.isNew,
      projects: this.#projects.all(),
      discoveries: this.#discoveries.all(),
    }));
  }

  /** Many projects are admitted in several transactions; the last one notes the discovery, so that a crash between them repeats it. */
  async admit(
    account: string,
    discoveredAt: Micros | null,
    admissions: readonly Admission[],
  ): Promise<readonly StoredProject[]> {
    const admitted: StoredProject[] = [];
    for (let from = 0; ; from += ADMITTED_AT_ONCE) {
      const some = admissions.slice(from, from + ADMITTED_AT_ONCE);
      const isLast = from + ADMITTED_AT_ONCE >= admissions.length;
      const stored = this.#connection.write(() => {
        if (isLast && discoveredAt !== null) this.#discoveries.note(account, discoveredAt);
        return some.map((admission) => this.#projects.admit(admission));
      });
      for (const project of stored) this.#projects.remember(project);
      admitted.push(...stored);
      if (isLast) return admitted;
      await setImmediate();
    }
  }

  async unchanged(key: number, sessions: readonly Session[]): Promise<readonly number[]> {
    return this.#connection.read(() => this.#rows.unchanged(key, sessions));
  }

  async keyOf(projectId: string): Promise<number | null> {
    return this.#projects.keyOf(projectId);
  }

  async rows(key: number, ids: readonly string[]): Promise<RecordedRows> {
    return this.#connection.read(() => this.#rows.find(key, ids));
  }

  async rowsByNumber(key: number, numbers: readonly number[]): Promise<readonly Row[]> {
    return this.#connection.read(() => this.#rows.byNumber(key, numbers));
  }

  async slice(key: number, from: number, limit: number): Promise<readonly Row[]> {
    return this.#connection.read(() => this.#rows.slice(key, from, limit));
  }

  async commit(commit: Commit): Promise<void> {
    this.#committer.commit(commit);
  }

  async saveProgress(progress: ReadonlyMap<number, Progress>): Promise<void> {
    const isChanged = (key: number, { cursors, stats }: Progress): boolean => {
      const stored = this.#projects.get(key);
      return cursors.sweep !== null || stored.cursors !== cursors || stored.stats !== stats;
    };
    const changed = [...progress].filter(([key, value]) => isChanged(key, value));
    if (changed.length === 0) return;
    this.#connection.write(() => {
      for (const [key, { cursors, stats }] of changed) {
        const stored = this.#projects.get(key);
        if (cursors.sweep !== null || stored.cursors !== cursors) this.#projects.writeCursors(key, cursors);
        if (stored.stats !== stats) this.#projects.writeStats(key, stats);
      }
    });
    for (const [key, value] of changed) this.#projects.remember({ ...this.#projects.get(key), ...value });
  }

  async dueRows(key: number, now: Micros, farthest: Micros, limit: number): Promise<readonly Row[]> {
    return this.#connection.read(() => this.#histories.due(key, now, farthest, limit));
  }

  async nextDue(key: number): Promise<Micros | null> {
    return this.#connection.read(() => this.#histories.nextDue(key));
  }

  async oldestUnverified(key: number): Promise<Micros | null> {
    return this.#connection.read(() => this.#histories.oldest(key));
  }

  async malformedAmong(key: number, ids: readonly string[]): Promise<ReadonlySet<string>> {
    return this.#connection.read(() => this.#histories.malformedAmong(key, ids));
  }

  async activity(key: number, end: Micros): Promise<Activity> {
    return this.#connection.read(() => this.#counts.activity(key, end));
  }

  async indexCounts(key: number, most: number): Promise<IndexCounts> {
    return this.#connection.read(() => this.#counts.indexes(key, most));
  }

  async purgeTombstones(key: number, before: Micros, now: Micros): Promise<Purged> {
    return this.#purger.purgeTombstones(key, before, now);
  }

  async purgeDeparted(before: Micros): Promise<boolean> {
    return this.#purger.purgeDeparted(before);
  }

  /** Reads no table: the sessions are those that the totals count. */
  async size(): Promise<StateSize> {
    const bytes = this.#inMemory ? 0 : sizeOf(this.location) + sizeOf(walOf(this.location));
    let [live, deleted] = [0, 0];
    for (const { totals } of this.#projects.all()) {
      live += totals.gauges.ok + totals.gauges.error + totals.gauges.neverRun;
      deleted += totals.tombstones;
    }
    this.#parts.observer.stateMeasured(bytes, live, deleted);
    return { bytes, live, deleted };
  }

  async close(): Promise<void> {
    if (this.#connection.isSound && !this.#inMemory) {
      this.#connection.write(() => setMeta(this.#parts.db, 'closed', 1));
    }
    this.#connection.close();
    if (!this.#inMemory && identityOf(this.location) === this.#identity) removeNote(this.location);
  }

  get #inMemory(): boolean {
    return this.location === MEMORY;
  }

  /** What is written into a file that was deleted or replaced would be lost with this process. */
  #checkFile(): void {
    if (this.#inMemory || identityOf(this.location) === this.#identity) return;
    throw damaged(this.location, 'the file was deleted or replaced while the exporter was using it');
  }
}
