/** The port `Store` on PostgreSQL: what this member owns is written under its fence, anything may be read. */
import { ExporterError, LostError } from '../../domain/errors.ts';
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
import type { Micros } from '../../domain/time.ts';
import { Admissions, type DiscoveryHold } from './admissions.ts';
import { commitValues } from './change.ts';
import { COMMIT, Committer, type CommitterParts } from './committer.ts';
import { type Connections, closeAll, statement } from './connection.ts';
import { Counts } from './counts.ts';
import { Growth } from './growth.ts';
import { ProgressWriter } from './progress.ts';
import { readProjects } from './projects.ts';
import { type PurgedTombstones, Purger } from './purger.ts';
import { Rows } from './rows.ts';
import { Turns } from './turns.ts';

const CREATED = statement('created', 'SELECT created_at FROM llamacloud_exporter.meta');

const KEY_OF = statement('key_of', 'SELECT key FROM llamacloud_exporter.project WHERE id = $1');

export type StoreParts = Omit<CommitterParts, 'work'> & {
  readonly observer: Observer;
  readonly connections: Connections;
  /** The discovery lease as this member holds it; null: it does not. */
  readonly discoveryLease: () => DiscoveryHold | null;
  /** True when the state was made by this start. */
  readonly isNew: boolean;
};

export class PostgresStore implements Store {
  readonly location: string;
  readonly #parts: StoreParts;
  readonly #turns = new Turns();
  readonly #rows: Rows;
  readonly #counts: Counts;
  readonly #admissions: Admissions;
  readonly #committer: Committer;
  readonly #progress: ProgressWriter;
  readonly #purger: Purger;
  readonly #growth: Growth;

  constructor(parts: StoreParts) {
    const { work, read } = parts.connections;
    this.#parts = parts;
    this.location = work.location;
    this.#rows = new Rows(read);
    this.#counts = new Counts(read);
    this.#admissions = new Admissions(work, read, parts.discoveryLease);
    this.#committer = new Committer({ ...parts, work });
    this.#progress = new ProgressWriter(work, parts.owned);
    this.#purger = new Purger(work, this.#committer);
    this.#growth = new Growth(read);
  }

  async restore(): Promise<Restored> {
    const { read } = this.#parts.connections;
    const [row] = await read.read<readonly [Micros]>(CREATED);
    const [projects, discoveries] = [await readProjects(read), await this.#admissions.discoveries()];
    return { createdAt: row?.[0] ?? 0, isNew: this.#parts.isNew, projects, discoveries };
  }

  admit(
    account: string,
    discoveredAt: Micros | null,
    admissions: readonly Admission[],
  ): Promise<readonly StoredProject[]> {
    return this.#write(() => this.#admissions.admit(account, discoveredAt, admissions));
  }

  async keyOf(projectId: string): Promise<number | null> {
    const { read } = this.#parts.connections;
    const [row] = await read.read<readonly [number]>(KEY_OF, projectId);
    return row?.[0] ?? null;
  }

  /** The last discovery of an account failed: for what all members show. */
  discoveryFailed(account: string): Promise<void> {
    return this.#write(() => this.#admissions.discoveryFailed(account));
  }

  unchanged(key: number, sessions: readonly Session[]): Promise<readonly number[]> {
    return this.#rows.unchanged(key, sessions);
  }

  rows(key: number, ids: readonly string[]): Promise<RecordedRows> {
    return this.#rows.find(key, ids);
  }

  rowsByNumber(key: number, numbers: readonly number[]): Promise<readonly Row[]> {
    return this.#rows.byNumber(key, numbers);
  }

  slice(key: number, from: number, limit: number): Promise<readonly Row[]> {
    return this.#rows.slice(key, from, limit);
  }

  /** Rejects with a LostError when the project is another member's by now, or the database lacks its last commit. */
  async commit(commit: Commit): Promise<void> {
    const { key, changes } = commit;
    await this.#turns.take([key], () =>
      this.#forOwned(key, () => this.#committer.carryOut(key, COMMIT, commitValues(commit, this.#progress.next()))),
    );
    const added = changes.reduce((sum, { isNew }) => sum + Number(isNew), 0);
    await this.#growth.added(added).catch(() => {});
  }

  /** Projects that were lost are skipped. */
  saveProgress(progress: ReadonlyMap<number, Progress>): Promise<void> {
    return this.#turns.take([...progress.keys()], () => this.#write(() => this.#progress.save(progress)));
  }

  /** Writes what is published of each project beside its totals. Projects that were lost, or have a commit in doubt, are skipped. */
  saveShown(shown: ReadonlyMap<number, object>): Promise<void> {
    const { inDoubt } = this.#committer;
    const known = new Map([...shown].filter(([key]) => !inDoubt.has(key)));
    return this.#write(() => this.#progress.show(known));
  }

  dueRows(key: number, now: Micros, farthest: Micros, limit: number): Promise<readonly Row[]> {
    return this.#rows.due(key, now, farthest, limit);
  }

  nextDue(key: number): Promise<Micros | null> {
    return this.#counts.nextDue(key);
  }

  oldestUnverified(key: number): Promise<Micros | null> {
    return this.#counts.oldestUnverified(key);
  }

  malformedAmong(key: number, ids: readonly string[]): Promise<ReadonlySet<string>> {
    return this.#counts.malformedAmong(key, ids);
  }

  activity(key: number, end: Micros): Promise<Activity> {
    return this.#counts.activity(key, end);
  }

  indexCounts(key: number, most: number): Promise<IndexCounts> {
    return this.#counts.indexes(key, most);
  }

  purgeTombstones(key: number, before: Micros, now: Micros): Promise<PurgedTombstones> {
    return this.#turns.take([key], () => this.#forOwned(key, () => this.#purger.purge(key, before, now)));
  }

  /** The task of the member that discovers: others do nothing. Rejects with a LostError when it is held no longer. */
  async purgeDeparted(before: Micros): Promise<boolean> {
    if (this.#parts.discoveryLease() === null) return false;
    return await this.#write(() => this.#admissions.forget(before));
  }

  async size(): Promise<StateSize> {
    const size = await this.#counts.size(this.#parts.discoveryLease());
    this.#parts.observer.stateMeasured(size.bytes, size.live, size.deleted);
    return size;
  }

  async close(): Promise<void> {
    await closeAll(this.#parts.connections);
  }

  /** Forgets what was expected of a project that turns out to be lost. */
  async #forOwned<T>(key: number, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#write(work);
    } catch (error) {
      if (error instanceof LostError) {
        this.#rows.forgetProject(key);
        this.#purger.forgetProject(key);
      }
      throw error;
    }
  }

  /** Reports a failed write; one that was refused because others have taken over is none. */
  async #write<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ExporterError && !(error instanceof LostError)) this.#parts.observer.stateWriteFailed(error);
      throw error;
    }
  }
}
