/** What is published of a project: committed values only, replaced whole. */
import type { Activity, IndexCounts, PollStats } from './polls.ts';
import type { PolledProject } from './project.ts';
import type { Spent } from './spending.ts';
import type { Micros } from './time.ts';
import type { Totals } from './totals.ts';

export type ProjectView = {
  readonly project: PolledProject;
  readonly totals: Totals;
  readonly polls: PollStats;
  /** Server time at which the last poll that succeeded began: what changed later it may have missed. Null: none has succeeded. */
  readonly seenUpTo: Micros | null;
  /** Server time from which on runs of sessions that wait for their history may be missing; null: none waits. */
  readonly oldestUnverified: Micros | null;
  /** Cost of the present day and month, by server time; the ends are instants of our clock. Nothing while no price has applied. */
  readonly spent: Spent;
  /** By how much our clock is ahead of the one that the times of sessions are of, microseconds; negative: behind. */
  readonly clockAhead: Micros;
  /** Null while the gauges must not be shown. */
  readonly activity: Activity | null;
  /** Null while sessions per index are switched off or not yet refilled. */
  readonly indexes: IndexCounts | null;
  /** Instant of our clock from which on the gauges are withdrawn for staleness; null: not read successfully by this state yet. */
  readonly freshUntil: Micros | null;
};
