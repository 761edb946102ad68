/**
 * The port to the durable state. All methods are promises, and reject with an ExporterError: of code `state` when a call failed and changed
 * nothing, of code `startup` when the state turned out to be damaged or gone, so that the process has to stop.
 */
import type { Activity, IndexCounts, PollStats } from './polls.ts';
import type { PolledProject } from './project.ts';
import type { Row, RowChange } from './row.ts';
import type { Session } from './session.ts';
import type { Micros } from './time.ts';
import type { Totals } from './totals.ts';

/** How far a running sweep has got; saved at most every 10 s, so it may lag, and reading on from an older place is harmless. */
export type SweepCursor = {
  /** Server time at which the sweep began. */
  readonly startedAt: Micros;
  /** The next page to ask for; null: from the top. */
  readonly token: string | null;
  readonly pages: number;
  /** One bit per dense number: sessions seen since the sweep began. */
  readonly seen: Uint8Array;
  /** True while every page so far was ordered newest first. */
  readonly newestFirst: boolean;
  /** `last_updated_at` of the last item read: where the order continues; null: none read yet. */
  readonly lastUpdatedAt: Micros | null;
  /** True once an item without a readable id was dropped: this sweep deletes nothing. */
  readonly droppedWithoutId: boolean;
};

/** What polling remembers of a project between two processes; may lag. */
export type Cursors = {
  /** Server time at which the last successful poll started; null: none so far. */
  readonly watermark: Micros | null;
  readonly lastSuccess: Micros | null;
  /** Server time at the end of the last complete sweep, what it took in seconds, and its pages. */
  readonly lastFullSweep: Micros | null;
  readonly lastSweepSeconds: number | null;
  readonly lastSweepPages: number | null;
  /** True where the last complete sweep found the list ordered newest first. */
  readonly newestFirst: boolean;
  /** How far below the watermark head polls read, microseconds; null: the default. */
  readonly overlapUs: number | null;
  /** Sweeps without a miss still wanted before head polling comes back; 0: it is allowed. */
  readonly headOffSweeps: number;
  /** Successive complete sweeps without a miss since the overlap last changed. */
  readonly sweepsWithoutMiss: number;
  /** Server time at which the last successful poll started that dropped no item without a readable id; null: none so far. */
  readonly lastWholePoll: Micros | null;
  /** Successive complete sweeps that dropped an item without a readable id. */
  readonly sweepsWithoutId: number;
  readonly sweep: SweepCursor | null;
};

export const NO_CURSORS: Cursors = {
  watermark: null,
  lastSuccess: null,
  lastFullSweep: null,
  lastSweepSeconds: null,
  lastSweepPages: null,
  newestFirst: false,
  overlapUs: null,
  headOffSweeps: 0,
  sweepsWithoutMiss: 0,
  lastWholePoll: null,
  sweepsWithoutId: 0,
  sweep: null,
};

/** A project of the state. `key` is its dense number, used in all other calls. */
export type StoredProject = {
  readonly key: number;
  readonly project: PolledProject;
  /** Runs from here on count. */
  readonly epoch: Micros;
  /** Successive successful discoveries without it; at 2 it has left. */
  readonly absences: number;
  /** When it left (withdrawn, kept for the retention); null while it is there. */
  readonly leftAt: Micros | null;
  readonly totals: Totals;
  readonly cursors: Cursors;
  /** As saved last; null: not polled yet. */
  readonly stats: PollStats | null;
};

/**
 * A project to insert, or (by `project.id`) to update in account, name, organization, absences and `leftAt`. Totals of a known one stay;
 * so does its epoch, unless it is later than `epoch`: then it is lowered to that.
 */
export type Admission = {
  readonly project: PolledProject;
  readonly epoch: Micros;
  readonly absences: number;
  readonly leftAt: Micros | null;
  /** Totals for a project that is new: all zero. */
  readonly totals: Totals;
};

export type Restored = {
  readonly createdAt: Micros;
  /** True when the state was made by this start. */
  readonly isNew: boolean;
  readonly projects: readonly StoredProject[];
  /** Server time of each account's last successful discovery. */
  readonly discoveries: Readonly<Record<string, Micros>>;
};

/** One transaction: rows, and the totals that they move. */
export type Commit = {
  readonly key: number;
  readonly changes: readonly RowChange[];
  readonly totals: Totals;
  /** Change in the number of sessions whose `last_updated_at` lies in a minute (microseconds / 60e6, floored). */
  readonly minutes: ReadonlyMap<number, number>;
  /** Change in the number of sessions bound to an index. */
  readonly indexes: ReadonlyMap<string, number>;
  /** Cursors to save in the same transaction: at the end of a complete sweep, whose deletions they belong to; null: leave them. */
  readonly cursors: Cursors | null;
  /** Ids of sessions that were shown malformed: never young afterwards (docs/accounting.md, L4 and H2). */
  readonly malformed: readonly string[];
};

/** How far polling of a project has got, and how it went. */
export type Progress = { readonly cursors: Cursors; readonly stats: PollStats };

export type StateSize = { readonly bytes: number; readonly live: number; readonly deleted: number };

/** Recorded rows by session id, tombstones included. Quickest when asked in the order in which they were looked up. */
export type RecordedRows = { get(id: string): Row | undefined };

/** In place of a session's number: not known to be unchanged. */
export const NEEDS_ROW = -1;

export interface Store {
  /** Absolute path, or `:memory:`. */
  readonly location: string;
  restore(): Promise<Restored>;
  /**
   * Inserts or updates projects and notes the time of the account's discovery (null: it was none), in one transaction; answers them
   * as stored, in order.
   */
  admit(
    account: string,
    discoveredAt: Micros | null,
    admissions: readonly Admission[],
  ): Promise<readonly StoredProject[]>;
  /**
   * A quick look at sessions as they are shown: the dense numbers, at their places, of those that are recorded exactly so, last update
   * and figures, with nothing pending (no tombstone, not missing, no stale reading). NEEDS_ROW for all others, and where it is not known
   * at once.
   */
  unchanged(key: number, sessions: readonly Session[]): Promise<readonly number[]>;
  /** The number of a project by its id; null: the state does not know it. */
  keyOf(projectId: string): Promise<number | null>;
  rows(key: number, ids: readonly string[]): Promise<RecordedRows>;
  /** Live rows (no tombstones) among these numbers. At most 5,000 numbers. */
  rowsByNumber(key: number, numbers: readonly number[]): Promise<readonly Row[]>;
  /** Live rows with a number of at least `from`, ascending, at most `limit` (5,000): for rescans. */
  slice(key: number, from: number, limit: number): Promise<readonly Row[]>;
  commit(commit: Commit): Promise<void>;
  /** Saves cursors and statistics of all the projects given, in one transaction. */
  saveProgress(progress: ReadonlyMap<number, Progress>): Promise<void>;
  /** Live rows whose history is due at `now` (server time), those due for longest first. A due time beyond `farthest` counts as due. */
  dueRows(key: number, now: Micros, farthest: Micros, limit: number): Promise<readonly Row[]>;
  /** When the project's next history is due; null: no session is unverified. */
  nextDue(key: number): Promise<Micros | null>;
  /** The earliest `from` of the project's unverified sessions; null: none is unverified. */
  oldestUnverified(key: number): Promise<Micros | null>;
  /** Those of `ids` that were shown malformed before. */
  malformedAmong(key: number, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Sessions active in the windows that end at `end`, exact to the minute: a window of k minutes is the minute of `end` and the k - 1 before
   * it. Sessions of a later minute count too, so that a window does not sink while a sweep runs.
   */
  activity(key: number, end: Micros): Promise<Activity>;
  indexCounts(key: number, most: number): Promise<IndexCounts>;
  /**
   * Removes tombstones of a project from before `before`, a slice of at most 5,000 rows or 20 ms, and its activity older than 25 h before
   * `now` or, if that is earlier, before its last successful poll as it was saved. Answers how many tombstones went: the stored totals
   * follow in the same transaction, and the caller takes the same number off the totals that it holds. No commit of the project may be
   * under way.
   */
  purgeTombstones(
    key: number,
    before: Micros,
    now: Micros,
  ): Promise<{ readonly more: boolean; readonly removed: number }>;
  /** Removes projects that left before `before`, and a slice (as above) of what they left behind. True when there is more to do. */
  purgeDeparted(before: Micros): Promise<boolean>;
  size(): Promise<StateSize>;
  close(): Promise<void>;
}
