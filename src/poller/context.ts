/** What the parts of a project's poller share. */
import type { Account } from '../accounting/entry.ts';
import type { ExporterError } from '../domain/errors.ts';
import type { Logger } from '../domain/logger.ts';
import type { Observer } from '../domain/observer.ts';
import type { PollStats } from '../domain/polls.ts';
import type { PolledProject } from '../domain/project.ts';
import type { Rules } from '../domain/rules.ts';
import type { Publisher } from '../domain/serving.ts';
import type { SessionSource } from '../domain/source.ts';
import type { Cursors, Store, StoredProject } from '../domain/store.ts';
import type { Clock, Micros } from '../domain/time.ts';
import type { Totals } from '../domain/totals.ts';
import type { FailureLog } from './failure-log.ts';
import type { Intervals } from './overlap.ts';
import { elapsedAt } from './restored.ts';
import { beginStats } from './stats.ts';
import type { SweepRun } from './sweep-run.ts';

/** Microseconds. */
export type Timing = Intervals & { readonly discovery: Micros; readonly staleAfter: Micros };

/** The parts that all projects of a poller share. */
export type Deps = {
  readonly store: Store;
  readonly publisher: Publisher;
  readonly observer: Observer;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly complaints: FailureLog;
  readonly rules: Rules;
  readonly timing: Timing;
  /** The process cannot go on: the state is corrupt. */
  readonly fatal: (error: ExporterError) => void;
};

/** How one account is polled. */
export type AccountPlan = {
  readonly source: SessionSource;
  readonly selects: (project: { readonly id: string; readonly name: string }) => boolean;
  readonly maxPages: number;
};

/** One project in the hands of its only worker. Fields are replaced, never mutated. */
export class ProjectState {
  readonly key: number;
  readonly epoch: Micros;
  project: PolledProject;
  /** The project as its runs are counted and priced: follows `project` between two polls (`adopt.ts`). */
  counted: PolledProject;
  totals: Totals;
  cursors: Cursors;
  stats: PollStats;
  /** Tombstones that were purged since the last commit: its totals have that many less. */
  purged = 0;
  /** The running sweep; null at rest. */
  sweep: SweepRun | null = null;
  /** `Clock.elapsed` when the last page was read, milliseconds; of an earlier process: below 0 as a rule. Null: none was ever read. */
  readElapsed: number | null;

  /** `stats`: of an earlier worker of this process. */
  constructor(stored: StoredProject, clock: Clock, stats: PollStats | undefined) {
    this.key = stored.key;
    this.epoch = stored.epoch;
    this.project = stored.project;
    this.counted = stored.project;
    this.totals = stored.totals;
    this.cursors = stored.cursors;
    this.stats = stats ?? beginStats(stored.cursors, null);
    const { lastSuccess } = stored.cursors;
    this.readElapsed = lastSuccess === null ? null : elapsedAt(lastSuccess, clock);
  }

  account(rules: Rules): Account {
    return { project: this.counted, epoch: this.epoch, rules };
  }
}

/** A project, where it is read from, and the shared parts. */
export type Context = { readonly state: ProjectState; readonly plan: AccountPlan; readonly deps: Deps };
