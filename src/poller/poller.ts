/** The poller: restores what the state knows, publishes it, then discovers and polls until it is stopped. */
import { ExporterError } from '../domain/errors.ts';
import type { Restored, StoredProject } from '../domain/store.ts';
import type { Micros } from '../domain/time.ts';
import { followName } from './adopt.ts';
import { dismiss } from './census.ts';
import type { AccountPlan, Carried, Context, Deps } from './context.ts';
import { Discoverer } from './discovery.ts';
import { Orphans } from './orphans.ts';
import { turnBefore } from './pace.ts';
import { Registry } from './registry.ts';
import { withoutSweep } from './restored.ts';
import { guarded, keepUp, saveProgress } from './upkeep.ts';
import { Verifier } from './verification/verifier.ts';
import type { Worker } from './worker.ts';

/** A failed project of a single round. */
export type Failure = { readonly project: string; readonly error: ExporterError };

export class Poller {
  readonly registry: Registry;
  readonly discoverers: readonly Discoverer[];
  readonly verifiers: readonly Verifier[];
  readonly #plans: readonly AccountPlan[];
  readonly #deps: Deps;
  readonly #restored: Restored;
  readonly #orphans: Orphans;
  readonly #stop = new AbortController();
  #running: readonly Promise<void>[] = [];

  /** `stats`: what a reload carries over; empty at the start of a process. */
  constructor(plans: readonly AccountPlan[], deps: Deps, restored: Restored, stats: ReadonlyMap<string, Carried>) {
    this.#plans = plans;
    this.#deps = deps;
    this.#restored = restored;
    this.registry = new Registry(deps, stats, this.#stop.signal);
    this.#orphans = new Orphans(
      deps,
      plans.map((plan) => plan.source.account),
    );
    this.discoverers = plans.map((plan) => this.#discoverer(plan));
    this.verifiers = deps.rules.accounting === 'every_run' ? plans.map((plan) => this.#verifier(plan)) : [];
  }

  /**
   * Publishes what the state knows of the projects that are still selected, by their own account or, where that is not configured any
   * more, by one that may see them under its key; the others leave. No request is made.
   */
  async restore(): Promise<void> {
    for (const [n, stored] of this.#restored.projects.entries()) {
      await turnBefore(n, this.#deps.clock, this.#stop.signal);
      if (stored.leftAt !== null) continue;
      const own = this.#plans.find((p) => p.source.account === stored.project.account);
      const plan = (own === undefined ? this.#plans : [own]).find((p) => p.selects(stored.project));
      if (plan === undefined) await this.#dismiss(stored, this.#latestKnown(stored));
      else if (own === undefined) await this.#orphans.show(stored, plan);
      else await this.registry.join(this.#withoutOldSweep(stored), plan);
    }
  }

  /** Starts the workers of the restored projects, discovery, and the upkeep of the state. */
  start(): void {
    for (const worker of this.registry.workers()) worker.start(0);
    const { signal } = this.#stop;
    const background = [...this.discoverers, ...this.verifiers].map((part) => part.run(signal));
    const tasks = [...background, this.#keepUp(signal)];
    this.#running = tasks.map((task) => task.catch((error: unknown) => this.#ended(error)));
  }

  /**
   * One discovery and one new full sweep of every project, for `once`. `zeros` is awaited before the first poll where counters have begun
   * that nobody has seen at 0; `progress` hears of each project that ended.
   */
  async round(zeros: () => Promise<void>, progress: (done: number, of: number) => void): Promise<readonly Failure[]> {
    const failures: Failure[] = [];
    let began = false;
    for (const discoverer of this.discoverers) {
      const { error, unmatched } = await discoverer.discover(this.#stop.signal, (_, delayMs) => {
        began ||= delayMs > 0;
      });
      const failed = error ?? unmatched;
      if (failed !== null) failures.push({ project: `account ${discoverer.account}`, error: failed });
    }
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
    await Promise.all(
      this.verifiers.map((verifier) => verifier.round(this.#stop.signal, this.#deps.timing.poll / 1000)),
    );
    return failures;
  }

  /** Stops between two pages, saves the cursors (they may lag, so a state that refuses them keeps nobody from stopping); what the poller knows can then be taken over by the next one. */
  async stop(): Promise<ReadonlyMap<string, Carried>> {
    this.#stop.abort(new Error('stopped'));
    await Promise.all(this.#running); // a discovery under way may still take projects in
    await Promise.all(this.registry.workers().map((worker) => worker.stop()));
    await guarded(this.#deps, 'cursors', () => saveProgress(this.registry, this.#deps));
    return this.registry.stats();
  }

  #verifier(plan: AccountPlan): Verifier {
    const projects = (): readonly Context[] => this.registry.contextsOf(plan.source.account);
    return new Verifier(plan, projects, this.#deps);
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
    const noteDiscovered = async (name: string, at: Micros): Promise<void> => {
      discovered = true;
      for (const stored of this.#orphans.leavers(name, (id) => this.registry.has(id))) {
        await this.#dismiss(stored, at);
        this.#orphans.left(stored.project.id);
      }
    };
    return new Discoverer(
      { plan, rank, firstPollDelay, discovered: noteDiscovered },
      this.registry,
      this.#deps,
      previous,
    );
  }

  /** `at`: server time. */
  async #dismiss(stored: StoredProject, at: Micros): Promise<void> {
    const { store, publisher, observer, complaints } = this.#deps;
    await store.admit(stored.project.account, null, [dismiss(stored, at)]);
    publisher.drop(stored.project.id);
    observer.projectGone(stored.project.id);
    complaints.gone(stored.project.id);
  }

  /** A sweep that was broken off longer ago than sweeps are apart is none to continue: the process sees the list of another day. */
  #withoutOldSweep(stored: StoredProject): StoredProject {
    const { sweep, lastSuccess } = stored.cursors;
    if (sweep === null) return stored;
    const discovered = this.#restored.discoveries[stored.project.account] ?? 0;
    const aliveAt = Math.max(sweep.startedAt, lastSuccess ?? 0, discovered);
    return this.#deps.clock.now() - aliveAt > this.#deps.timing.fullSweep ? withoutSweep(stored) : stored;
  }

  /** Before any discovery our own clock has to do, but not where it is behind what the state knows: its retention would be over at once. */
  #latestKnown({ project, cursors }: StoredProject): Micros {
    const discovered = this.#restored.discoveries[project.account] ?? 0;
    return Math.max(this.#deps.clock.now(), discovered, cursors.lastSuccess ?? 0);
  }

  /** What is old enough to be purged is judged by the account that is furthest behind. */
  #keepUp(signal: AbortSignal): Promise<void> {
    const serverTime = (): Micros | null => {
      const times = this.discoverers.map((d) => d.serverTime()).filter((at) => at !== null);
      return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b));
    };
    return keepUp(this.registry, this.#deps, serverTime, signal);
  }

  #ended(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    const text = error instanceof Error ? error.message : String(error);
    this.#deps.fatal(
      new ExporterError('startup', `Unexpected fault: ${text}`, 'Please report it with the log at debug.', error),
    );
  }
}
