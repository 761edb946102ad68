/** Types that the files of a project's poller share. */
import type { AccountingContext } from '../accounting/context.ts';
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
import type { ProjectView } from '../domain/view.ts';
import type { Intervals } from './head/overlap.ts';
import type { FailureLog } from './maintenance/failure-log.ts';
import { beginStats } from './polling/stats.ts';
import { elapsedAt } from './projects/restored.ts';
import { Recorder } from './record/recorder.ts';
import type { SweepRun } from './sweep/sweep-run.ts';

/** Microseconds. */
export type Timing = Intervals & { readonly discovery: Micros; readonly staleAfter: Micros };

/** The parts that all projects of a poller share. */
export type Deps = {
  readonly store: Store;
  readonly publisher: Publisher;
  readonly observer: Observer;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly failureLog: FailureLog;
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
  /** Requests in flight at most. */
  readonly concurrency: number;
  /** Of histories, unpacked; 0: no limit. */
  readonly historyMegabytesPerMinute: number;
};

/**
 * What a reload, or a project's next worker, carries on: statistics (null: those of the state, which another process may have moved on), and
 * until when what has just begun at 0 is to be scraped first.
 */
export type Carried = { readonly stats: PollStats | null; readonly quietUntil: number };

/** What is published of a project beside what is in memory, as read from the state last. */
export type LookedUp = Pick<ProjectView, 'activity' | 'oldestUnverified' | 'indexes'>;

const NOTHING_LOOKED_UP: LookedUp = { activity: null, oldestUnverified: null, indexes: null };

/** One project in the hands of its only worker. Fields are replaced, never mutated. */
export class ProjectState {
  readonly key: number;
  epoch: Micros;
  project: PolledProject;
  /** The project as its runs are counted and priced: follows `project` between two polls (`adopt.ts`). */
  counted: PolledProject;
  totals: Totals;
  cursors: Cursors;
  stats: PollStats;
  lookedUp: LookedUp = NOTHING_LOOKED_UP;
  /** When the next history of the project is due, in server time, or earlier; null: none is to be read. */
  nextDue: Micros | null = null;
  /** `Clock.elapsed` before which nothing may raise a counter: one that has just begun is scraped at 0 first. */
  quietUntil: number;
  /** The running sweep; null at rest. */
  sweep: SweepRun | null = null;
  /** `Clock.elapsed` when the last page was read, milliseconds; of an earlier process: below 0 as a rule. Null: none was ever read. */
  readElapsed: number | null;

  /** `carried`: of an earlier worker of this process. */
  constructor(stored: StoredProject, clock: Clock, carried: Carried | undefined) {
    this.key = stored.key;
    this.epoch = stored.epoch;
    this.project = stored.project;
    this.counted = stored.project;
    this.totals = stored.totals;
    this.cursors = stored.cursors;
    this.quietUntil = carried?.quietUntil ?? 0;
    this.stats = carried?.stats ?? beginStats(stored.cursors, stored.stats);
    const { lastSuccess } = stored.cursors;
    this.readElapsed = lastSuccess === null ? null : elapsedAt(lastSuccess, clock);
  }

  accounting({ rules, timing }: Pick<Deps, 'rules' | 'timing'>): AccountingContext {
    return { project: this.counted, epoch: this.epoch, rules, interval: timing.poll };
  }
}

/** A project, where it is read from, who records it, and the shared parts. */
export type Context = {
  readonly state: ProjectState;
  readonly plan: AccountPlan;
  readonly deps: Deps;
  readonly recorder: Recorder;
};

export function createContext(state: ProjectState, plan: AccountPlan, deps: Deps): Context {
  return { state, plan, deps, recorder: new Recorder(state, deps.store, deps.clock) };
}
