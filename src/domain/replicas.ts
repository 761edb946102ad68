/**
 * The ports to a state that several processes share. A *member* is a running process; projects are *wanted* by the member that hashing
 * gives them to, and *owned* by the one that claimed them: two different things, and two types (docs/replicas.md). One member at a time holds
 * the *discovery lease* (in the database: `census`): it alone discovers the projects of all accounts, and stores which of them join, change or
 * leave.
 */
import type { ExporterError } from './errors.ts';
import type { StoredProject } from './store.ts';
import type { Micros } from './time.ts';

/** Key of a project that this member should poll; it may belong to another one still. */
export type Wanted = number & { readonly __wanted: true };

/** Key of a project that this member has claimed, and may commit to until it is lost. */
export type Owned = number & { readonly __owned: true };

/** A claimed project as it was committed last, with its cursors. */
export type Claimed = {
  readonly key: Owned;
  readonly stored: StoredProject;
  /** Microseconds since the project was admitted to the state, by the clock of the database: its zeros are scraped for so long. */
  readonly admittedFor: Micros;
};

/** What a member has to do after a heartbeat. */
export type Turn = {
  /** All projects of the state that have not left, as committed; their cursors are not read. */
  readonly projects: readonly StoredProject[];
  /** Wanted, and free or to be taken over: to be claimed. */
  readonly wanted: readonly Wanted[];
  /** Owned, and no longer wanted: to be given back between two pages. At most a tenth of the owned ones. */
  readonly surplus: readonly Owned[];
  /** Owned until now: another member has them, or the database went back. */
  readonly lost: readonly Owned[];
  /** True while this member holds the discovery lease. */
  readonly discovers: boolean;
  /** Server time of each account's last successful discovery. */
  readonly discoveries: Readonly<Record<string, Micros>>;
  /** The clock of the database. */
  readonly now: Micros;
};

/** What `/metrics/exporter` and the status page show of the members. */
export type MemberFacts = {
  readonly members: readonly { readonly name: string; readonly projects: number; readonly isSelf: boolean }[];
  /** Seconds that this member's own deadline lies ahead; 0: it has passed. */
  readonly leaseSeconds: number;
  readonly owned: number;
  readonly rules: string;
};

/** Events of a shared state; `metrics/` counts them. */
export interface ReplicaObserver {
  claimed(projects: number): void;
  /** `reason`: `owner` somebody else has claimed it, `behind` the database lacks a commit, `deadline` given up in time. */
  commitLost(reason: 'owner' | 'behind' | 'deadline'): void;
  commitInDoubt(): void;
  renewed(projects: number): void;
  refreshed(seconds: number): void;
}

export interface Replicas {
  /** False from 8 s after the last successful heartbeat was sent: nothing is asked of the API then, and no project part served. */
  isAlive(): boolean;
  /**
   * Keeps this member's lease until aborted, and calls `onTurn` after each heartbeat, never twice at once. When the lease is gone, `onTurn`
   * comes with all that was owned as `lost`. Ends by giving the lease back. Rejects never: failures are logged and retried.
   */
  run(signal: AbortSignal, onTurn: (turn: Turn) => Promise<void>): Promise<void>;
  /** Brings the next heartbeat forward: something has changed that the members should know. */
  hurry(): void;
  /**
   * This member is about to end: from the next heartbeat on it has no turns, and projects that it gives back are for the others to claim,
   * while its lease protects those that it still has. Until `run` is called again.
   */
  leave(): void;
  /** Discovery keeps failing here: lets another member try it for a while, where there is one. */
  yieldDiscovery(): void;
  /** Claims what is still free of `wanted`. */
  claim(wanted: readonly Wanted[]): Promise<readonly Claimed[]>;
  /** Gives projects back; their workers have stopped and saved. */
  release(owned: readonly Owned[]): Promise<void>;
  facts(): MemberFacts;
}

/** What the project part shows beside the projects. Times by the clock of the database. */
export type SharedFacts = {
  readonly createdAt: Micros;
  readonly accounts: readonly {
    readonly name: string;
    readonly up: boolean | null;
    readonly lastSuccess: Micros | null;
    readonly projects: number;
  }[];
  readonly unowned: number;
  readonly bytes: number;
  readonly live: number;
  readonly deleted: number;
};

/** Reads what all members have committed, and puts it where it is served from. */
export interface Refresher {
  /**
   * Resolves once everything is published that was committed when it was called; concurrent callers share one look at the database.
   * Rejects with an ExporterError of code `state` when that cannot be had within 2 s, or this member is past its deadline.
   */
  refresh(): Promise<void>;
  /** Why the last refresh failed; null: it succeeded. */
  readonly failure: ExporterError | null;
}
