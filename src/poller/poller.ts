/** The poller: restores what the state knows, publishes it, then discovers and polls until it is stopped. */
import { ExporterError } from '../domain/errors.ts';
import type { PollStats } from '../domain/polls.ts';
import type { Restored, StoredProject } from '../domain/store.ts';
import { dismiss } from './census.ts';
import type { AccountPlan, Deps } from './context.ts';
import { Discoverer } from './discovery.ts';
import { turnBefore } from './pace.ts';
import { Registry } from './registry.ts';
import { guarded, keepUp, saveCursors } from './upkeep.ts';
import type { Worker } from './worker.ts';

/** A failed project of a single round. */
export type Failure = { readonly project: string; readonly error: ExporterError };

export class Poller {
  readonly registry: Registry;
  readonly discoverers: readonly Discoverer[];
  readonly #plans: readonly AccountPlan[];
  readonly #deps: Deps;
  readonly #restored: Restored;
  readonly #stop = new AbortController();
  #running: readonly Promise<void>[] = [];

  /** `stats`: what a reload carries over; empty at the start of a process. */
  constructor(plans: readonly AccountPlan[], deps: Deps, restored: Restored, stats: ReadonlyMap<string, PollStats>) {
    this.#plans = plans;
    this.#deps = deps;
    this.#restored = restored;
    this.registry = new Registry(deps, stats, this.#stop.signal);
    this.discoverers = plans.map((plan) => this.#discoverer(plan));
  }

  /** Publishes what the state knows of the projects that are still selected; the others leave. No request is made. */
  async restore(): Promise<void> {
    for (const [n, stored] of this.#restored.projects.entries()) {
      await turnBefore(n, this.#deps.clock, this.#stop.signal);
      if (stored.leftAt !== null) continue;
      const plan = this.#plans.find((p) => p.source.account === stored.project.account);
      if (plan?.selects(stored.project)) await this.registry.join(stored, plan);
      else await this.#dismiss(stored);
    }
  }

  /** Starts the workers of the restored projects, discovery, and the upkeep of the state. */
  start(): void {
    for (const worker of this.registry.workers()) worker.start(0);
    const { signal } = this.#stop;
    const tasks = [...this.discoverers.map((d) => d.run(signal)), keepUp(this.registry, this.#deps, signal)];
    this.#running = tasks.map((task) => task.catch((error: unknown) => this.#ended(error)));
  }

  /** One discovery and one full poll of every project, for `once`. `progress` hears of each project that ended. */
  async round(progress: (done: number, of: number) => void): Promise<readonly Failure[]> {
    const failures: Failure[] = [];
    for (const discoverer of this.discoverers) {
      const { error } = await discoverer.discover(this.#stop.signal, () => {});
      if (error !== null) failures.push({ project: `account ${discoverer.account}`, error });
    }
    const workers = this.registry.workers();
    let done = 0;
    const poll = async (worker: Worker): Promise<void> => {
      const error = await worker.poll('full');
      if (error !== null) failures.push({ project: worker.ctx.state.project.name, error });
      progress(++done, workers.length);
    };
    await Promise.all(workers.map(poll));
    return failures;
  }

  /** Stops between two pages, saves the cursors (they may lag, so a state that refuses them keeps nobody from stopping); what the poller knows can then be taken over by the next one. */
  async stop(): Promise<ReadonlyMap<string, PollStats>> {
    this.#stop.abort(new Error('stopped'));
    await Promise.all(this.#running); // a discovery under way may still take projects in
    await Promise.all(this.registry.workers().map((worker) => worker.stop()));
    await guarded(this.#deps, 'cursors', () => saveCursors(this.registry, this.#deps));
    return this.registry.stats();
  }

  #discoverer(plan: AccountPlan): Discoverer {
    const { account } = plan.source;
    const rank = (name: string): number => {
      const place = this.#plans.findIndex((p) => p.source.account === name);
      return place < 0 ? Number.POSITIVE_INFINITY : place;
    };
    // At the very first start nothing can have been counted before; later, zeros must be scraped before the first increment.
    const isFirst = this.#restored.projects.length === 0 && Object.keys(this.#restored.discoveries).length === 0;
    const previous = this.#restored.discoveries[account] ?? null;
    let discovered = false;
    const firstPollDelay = (): number => (isFirst && !discovered ? 0 : this.#deps.timing.poll / 1000);
    const noteDiscovered = (): void => {
      discovered = true;
    };
    return new Discoverer(
      { plan, rank, firstPollDelay, discovered: noteDiscovered },
      this.registry,
      this.#deps,
      previous,
    );
  }

  async #dismiss(stored: StoredProject): Promise<void> {
    const { store, publisher, clock, observer, complaints } = this.#deps;
    await store.admit(stored.project.account, null, [dismiss(stored, clock.now())]);
    publisher.drop(stored.project.id);
    observer.projectGone(stored.project.id);
    complaints.gone(stored.project.id);
  }

  #ended(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    const text = error instanceof Error ? error.message : String(error);
    this.#deps.fatal(
      new ExporterError('startup', `Unexpected fault: ${text}`, 'Please report it with the log at debug.', error),
    );
  }
}
