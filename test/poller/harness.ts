/** The real poller, accounting and SQLite store over the fake API, driven by hand. */
import type { ExporterError } from '../../src/domain/errors.ts';
import { type Observer, SILENT } from '../../src/domain/observer.ts';
import type { PollKind } from '../../src/domain/polls.ts';
import type { Row } from '../../src/domain/row.ts';
import type { Rules } from '../../src/domain/rules.ts';
import type { Commit, Store } from '../../src/domain/store.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import type { Counters, Gauges, Verification } from '../../src/domain/totals.ts';
import type { ProjectView } from '../../src/domain/view.ts';
import type { AccountPlan, Carried, Timing } from '../../src/poller/context.ts';
import { FailureLog } from '../../src/poller/maintenance/failure-log.ts';
import { Poller } from '../../src/poller/poller.ts';
import type { Worker } from '../../src/poller/polling/worker.ts';
import { openStore } from '../../src/state/sqlite/open.ts';
import { RULES as DEFAULT_RULES } from '../builders/values.ts';
import { FakeApi, type FakeProject } from '../fakes/fake-api.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';

/** 2026-06-01T00:00:00Z in microseconds. */
export const START = Date.UTC(2026, 5, 1) * 1000;

export const RULES: Rules = {
  ...DEFAULT_RULES,
  accounting: 'last_run',
  prices: [{ applies: () => true, input: 3, output: 15 }],
};

export const EVERY_RUN: Rules = { ...RULES, accounting: 'every_run' };

export const TIMING: Timing = {
  poll: 60 * SECOND,
  fullSweep: 30 * MINUTE,
  discovery: 10 * MINUTE,
  staleAfter: 60 * MINUTE,
};

/** Longer than any round of a test takes. */
const ROUND_MS = 1e9;

/** Lets everything run that waits for nothing but its turn. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Nothing of it runs by itself. */
export class Harness {
  readonly clock = new ManualClock(START);
  readonly api = new FakeApi(this.clock);
  /** The accounts, in the order of the configuration. */
  sources: readonly FakeApi[] = [this.api];
  readonly logger = new RecordingLogger();
  readonly views = new Map<string, ProjectView>();
  readonly fatal: ExporterError[] = [];
  observer: Observer = SILENT;
  rules: Rules = RULES;
  timing: Timing = TIMING;
  /** Limits of the accounts that differ from the defaults. */
  limits: Partial<Pick<AccountPlan, 'concurrency' | 'historyMegabytesPerMinute'>> = {};
  selects: (project: { id: string; name: string }) => boolean = () => true;
  store!: Store;
  poller!: Poller;
  /** Delay of the first poll of each project that joined, milliseconds. */
  readonly delays = new Map<string, number>();

  /** Opens the state, restores and discovers. */
  static async start(change: (h: Harness) => void = () => {}): Promise<Harness> {
    const h = new Harness();
    h.api.addProject('p');
    change(h);
    h.store = await openStore(':memory:', { clock: h.clock, logger: h.logger, observer: SILENT });
    await h.restart();
    return h;
  }

  /** A new poller on the state as it is, as after a restart or a reload. */
  async restart(stats: ReadonlyMap<string, Carried> = new Map()): Promise<void> {
    const { clock, logger, store, rules, timing } = this;
    const publisher = {
      put: (view: ProjectView) => void this.views.set(view.project.id, view),
      drop: (id: string) => void this.views.delete(id),
    };
    const failureLog = new FailureLog(logger, clock);
    const deps = {
      store,
      publisher,
      observer: this.observer,
      logger,
      clock,
      failureLog,
      rules,
      timing,
      fatal: (e: ExporterError) => void this.fatal.push(e),
    };
    const plans = this.sources.map((source) => ({
      source,
      selects: (project: { id: string; name: string }) => this.selects(project),
      maxPages: 1000,
      concurrency: 4,
      historyMegabytesPerMinute: 100,
      ...this.limits,
    }));
    this.poller = new Poller(plans, deps, await store.restore(), stats);
    await this.poller.restore();
    await this.discover();
  }

  async discover(): Promise<ExporterError | null> {
    const signal = new AbortController().signal;
    const joined = (worker: Worker, delay: number): void => void this.delays.set(worker.ctx.state.project.id, delay);
    const results = await Promise.all(this.poller.discoverers.map((d) => d.discover(signal, joined)));
    return results.find((r) => r.error !== null)?.error ?? null;
  }

  /** Takes a project away from the API and discovers until it has left. Answers what brings it back. */
  async leave(id: string): Promise<FakeProject> {
    const project = this.api.fake(id);
    this.api.projects.delete(id);
    for (let i = 0; i < 2; i++) await this.discover();
    return project;
  }

  /** Every commit from now on, as it is made. */
  recordCommits(): readonly Commit[] {
    const made: Commit[] = [];
    const commit = this.store.commit.bind(this.store);
    this.store.commit = async (entries) => {
      made.push(entries);
      await commit(entries);
    };
    return made;
  }

  worker(id = 'p'): Worker {
    const worker = this.poller.registry.workers().find((w) => w.ctx.state.project.id === id);
    if (worker === undefined) throw new Error(`${id} is not polled`);
    return worker;
  }

  /** Lets `seconds` pass; nothing is polled or verified. */
  pass(seconds: number): void {
    this.clock.advance(seconds);
  }

  /** Lets `after` seconds pass, then reads every history that is due. By default that is after a rest of one interval. */
  async verify(after = 60): Promise<void> {
    this.clock.advance(after);
    await this.round();
  }

  /** Reads every history that is due now, until `signal` aborts. */
  async round(signal = new AbortController().signal): Promise<void> {
    await Promise.all(this.poller.verifiers.map((verifier) => verifier.round(signal, ROUND_MS)));
  }

  /** Lets `seconds` pass, then polls; by default the kind that is due. */
  async poll({
    after = 60,
    kind,
    id = 'p',
  }: {
    after?: number;
    kind?: PollKind;
    id?: string;
  } = {}): Promise<ExporterError | null> {
    this.clock.advance(after);
    const worker = this.worker(id);
    return await worker.poll(kind ?? worker.nextKind());
  }

  view(id = 'p'): ProjectView {
    const view = this.views.get(id);
    if (view === undefined) throw new Error(`${id} is not published`);
    return view;
  }

  counters(id = 'p'): Counters {
    return this.view(id).totals.counters;
  }

  verification(id = 'p'): Verification {
    return this.view(id).totals.verification;
  }

  /** The row of a session as the state has it. */
  async row(sessionId: string, id = 'p'): Promise<Row> {
    const row = (await this.store.rows(this.worker(id).ctx.state.key, [sessionId])).get(sessionId);
    if (row === undefined) throw new Error(`${sessionId} is not recorded`);
    return row;
  }

  gauges(id = 'p'): Gauges {
    return this.view(id).totals.gauges;
  }
}
