/** The poller: restores what the state knows, publishes it, then discovers and polls until it is stopped. */
import { ExporterError } from '../domain/errors.ts';
import type { Replicas } from '../domain/replicas.ts';
import type { Restored } from '../domain/store.ts';
import type { Micros } from '../domain/time.ts';
import type { AccountPlan, Carried, Context, Deps } from './context.ts';
import { keepUp } from './maintenance/maintenance.ts';
import type { Ownership } from './ownership/ownership.ts';
import { SharedOwnership } from './ownership/shared.ts';
import { SoleOwnership } from './ownership/sole.ts';
import type { Worker } from './polling/worker.ts';
import { followName } from './projects/adopt.ts';
import { Discoverer } from './projects/discovery.ts';
import { Registry } from './projects/registry.ts';
import { Verifier } from './verification/verifier.ts';

/** A failed project of a single round. */
export type Failure = { readonly project: string; readonly error: ExporterError };

export class Poller {
  readonly registry: Registry;
  readonly discoverers: readonly Discoverer[];
  readonly verifiers: readonly Verifier[];
  readonly #deps: Deps;
  readonly #ownership: Ownership;
  readonly #stop = new AbortController();
  #running: readonly Promise<void>[] = [];
  #following: Promise<void> = Promise.resolve();

  /** `stats`: what a reload carries over; empty at the start of a process. `replicas`: null where this process has the state for itself. */
  constructor(
    plans: readonly AccountPlan[],
    deps: Deps,
    restored: Restored,
    stats: ReadonlyMap<string, Carried>,
    replicas: Replicas | null = null,
  ) {
    this.#deps = deps;
    this.registry = new Registry(deps, replicas === null ? stats : quietTimes(stats), this.#stop.signal);
    this.#ownership =
      replicas === null
        ? new SoleOwnership(plans, this.registry, deps, restored)
        : new SharedOwnership(plans, this.registry, deps, replicas);
    this.discoverers = plans.map((plan) => new Discoverer(plan, plans, this.#ownership, deps));
    this.verifiers = deps.rules.accounting === 'every_run' ? plans.map((plan) => this.#verifier(plan)) : [];
  }

  /** Publishes what the state knows of the projects. No request is made. */
  restore(): Promise<void> {
    return this.#ownership.restore(this.#stop.signal);
  }

  /** Starts the workers of the restored projects, discovery, and the maintenance of the state. */
  start(): void {
    for (const worker of this.registry.workers()) worker.start(0);
    const { signal } = this.#stop;
    const background = [...this.discoverers, ...this.verifiers].map((part) => part.run(signal));
    const tasks = [...background, this.#keepUp(signal)];
    this.#running = tasks.map((task) => task.catch((error: unknown) => this.#ended(error)));
    this.#following = this.#ownership
      .run(signal, (worker, delayMs) => worker.start(delayMs))
      .catch((error: unknown) => this.#ended(error));
  }

  /**
   * One discovery and one new full sweep of every project, for `once`. `zeros` is awaited before the first poll where counters have begun
   * that nobody has seen at 0; `progress` hears of each project that ended.
   */
  async round(zeros: () => Promise<void>, progress: (done: number, of: number) => void): Promise<readonly Failure[]> {
    const failures: Failure[] = [];
    let began = false;
    const { signal } = this.#stop;
    this.#following = this.#ownership.run(signal, (_, delayMs) => {
      began ||= delayMs > 0;
    });
    await this.#ownership.whole(signal);
    for (const discoverer of this.discoverers) {
      const { error, unmatched } = await discoverer.discover(signal, (_, delayMs) => {
        began ||= delayMs > 0;
      });
      const failed = error ?? unmatched;
      if (failed !== null) failures.push({ project: `account ${discoverer.account}`, error: failed });
    }
    await this.#ownership.whole(signal);
    const workers = this.registry.workers();
    for (const worker of workers) {
      began = (await followName(worker.ctx)) || worker.beganAtZero || began;
      worker.forgetSweep();
    }
    if (began) await zeros();
    let done = 0;
    const poll = async (worker: Worker): Promise<void> => {
      const error = await worker.poll('full');
      if (error !== null) failures.push({ project: worker.ctx.state.project.name, error });
      progress(++done, workers.length);
    };
    await Promise.all(workers.map(poll));
    await Promise.all(this.verifiers.map((verifier) => verifier.round(signal, this.#deps.timing.poll / 1000)));
    return failures;
  }

  /** Stops between two pages, and saves how far it has got; what the poller knows can then be taken over by the next one. */
  async stop(): Promise<ReadonlyMap<string, Carried>> {
    this.#stop.abort(new Error('stopped'));
    await this.#ownership.end(Promise.all(this.#running));
    await this.#following;
    return this.registry.stats();
  }

  #verifier(plan: AccountPlan): Verifier {
    const projects = (): readonly Context[] => this.registry.contextsOf(plan.source.account);
    return new Verifier(plan, projects, this.#deps);
  }

  /** What is old enough to be purged is judged by the account that is furthest behind. */
  #keepUp(signal: AbortSignal): Promise<void> {
    const serverTime = (): Micros | null => {
      const times = this.discoverers.map((d) => d.serverTime()).filter((at) => at !== null);
      return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b));
    };
    const discovers = (): boolean => this.#ownership.discovers;
    return keepUp(this.registry, this.#deps, { serverTime, discovers }, signal);
  }

  #ended(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    const text = error instanceof Error ? error.message : String(error);
    this.#deps.fatal(
      new ExporterError('startup', `Unexpected fault: ${text}`, 'Please report it with the log at debug.', error),
    );
  }
}

/** What holds though other processes may have polled the projects in between. */
function quietTimes(carried: ReadonlyMap<string, Carried>): ReadonlyMap<string, Carried> {
  return new Map([...carried].map(([id, { quietUntil }]) => [id, { stats: null, quietUntil }]));
}
