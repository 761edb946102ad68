/** A process that has the state for itself: it polls every project that it discovers, and shows what the state knows from the start. */
import type { Restored, StoredProject } from '../../domain/store.ts';
import type { Micros } from '../../domain/time.ts';
import type { AccountPlan, Deps } from '../context.ts';
import { guarded, saveProgress } from '../maintenance/maintenance.ts';
import { turnBefore } from '../polling/steps.ts';
import { dismiss } from '../projects/project-changes.ts';
import type { Registry } from '../projects/registry.ts';
import { withoutSweep } from '../projects/restored.ts';
import { Orphans } from './orphans.ts';
import type { Joined, Ownership } from './ownership.ts';

/** New projects of one discovery that are named in the log. */
const MOST_NAMED = 10;

export class SoleOwnership implements Ownership {
  readonly discovers = true;
  readonly term = 0;
  readonly #plans: readonly AccountPlan[];
  readonly #registry: Registry;
  readonly #deps: Deps;
  readonly #restored: Restored;
  readonly #orphans: Orphans;
  /** Server time of the last successful discovery by account, of this process. */
  readonly #discovered = new Map<string, Micros>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(plans: readonly AccountPlan[], registry: Registry, deps: Deps, restored: Restored) {
    this.#plans = plans;
    this.#registry = registry;
    this.#deps = deps;
    this.#restored = restored;
    this.#orphans = new Orphans(
      deps,
      plans.map((plan) => plan.source.account),
    );
  }

  /**
   * Publishes what the state knows of the projects that are still selected, by their own account or, where that is not configured any
   * more, by one that may see them under its key; the others leave.
   */
  async restore(signal: AbortSignal): Promise<void> {
    for (const [n, stored] of this.#restored.projects.entries()) {
      await turnBefore(n, this.#deps.clock, signal);
      if (stored.leftAt !== null) continue;
      const own = this.#plans.find((p) => p.source.account === stored.project.account);
      const plan = (own === undefined ? this.#plans : [own]).find((p) => p.selects(stored.project));
      if (plan === undefined) await this.#dismiss(stored, this.#latestKnown(stored));
      else if (own === undefined) await this.#orphans.show(stored, plan);
      else await this.#registry.join(this.#withoutOldSweep(stored), plan);
    }
  }

  async run(): Promise<void> {}

  async whole(): Promise<void> {}

  async end(others: Promise<unknown>): Promise<void> {
    await others; // a discovery under way may still take projects in
    await Promise.all(this.#registry.workers().map((worker) => worker.stop()));
    await guarded(this.#deps, 'cursors', () => saveProgress(this.#registry, this.#deps));
  }

  ofAccount(account: string): readonly StoredProject[] {
    return this.#registry.ofAccount(account);
  }

  accountOf(projectId: string): string | undefined {
    return this.#registry.accountOf(projectId);
  }

  previousDiscovery(account: string): Micros | null {
    return this.#discovered.get(account) ?? this.#restored.discoveries[account] ?? null;
  }

  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async follow(
    plan: AccountPlan,
    stored: readonly StoredProject[],
    joined: Joined,
    signal: AbortSignal,
  ): Promise<void> {
    let news = 0;
    for (const [n, project] of stored.entries()) {
      await turnBefore(n, this.#deps.clock, signal);
      if (project.leftAt !== null) await this.#depart(project);
      else if (this.accountOf(project.project.id) === plan.source.account) await this.#registry.update(project);
      else await this.#join(project, plan, joined, ++news);
    }
    const more = news - MOST_NAMED;
    if (more > 0) this.#deps.logger.info('More projects discovered', { projects: more, account: plan.source.account });
  }

  yieldDiscovery(): void {}

  async discovered(account: string, at: Micros): Promise<void> {
    this.#discovered.set(account, at);
    for (const stored of this.#orphans.leavers(account, (id) => this.#registry.has(id))) {
      await this.#dismiss(stored, at);
      this.#orphans.left(stored.project.id);
    }
  }

  async #depart(stored: StoredProject): Promise<void> {
    this.#deps.logger.info('Project left', { project: stored.project.name, project_id: stored.project.id });
    await this.#registry.leave(stored.project.id);
  }

  /** `nth`: from 1; the first few of one discovery are named in the log. */
  async #join(stored: StoredProject, plan: AccountPlan, joined: Joined, nth: number): Promise<void> {
    const { account } = plan.source;
    const dueIn = this.#registry.dueIn(stored.project.id);
    const taken = dueIn !== null ? await this.#takeOver(stored, account) : withoutSweep(stored);
    const worker = await this.#registry.join(taken, plan);
    const { name: project, id } = stored.project;
    const level = nth > MOST_NAMED ? 'debug' : 'info';
    this.#deps.logger[level]('Project discovered', { project, project_id: id, account });
    joined(worker, dueIn ?? this.#firstPollDelay(account));
  }

  /** Ends the worker of another account; answers the project as that worker left it, since it may have committed meanwhile. */
  async #takeOver(stored: StoredProject, account: string): Promise<StoredProject> {
    await this.#registry.leave(stored.project.id);
    const [latest] = await this.#deps.store.admit(account, null, [stored]);
    return latest ?? stored;
  }

  /**
   * Milliseconds until the first poll of a project that was not known before. At the very first start nothing can have been counted
   * before; later, zeros must be scraped before the first increment.
   */
  #firstPollDelay(account: string): number {
    const { projects, discoveries } = this.#restored;
    const isFirst = projects.length === 0 && Object.keys(discoveries).length === 0;
    return isFirst && !this.#discovered.has(account) ? 0 : this.#deps.timing.poll / 1000;
  }

  /** `at`: server time. */
  async #dismiss(stored: StoredProject, at: Micros): Promise<void> {
    const { store, publisher, observer, failureLog } = this.#deps;
    await store.admit(stored.project.account, null, [dismiss(stored, at)]);
    publisher.drop(stored.project.id);
    observer.projectGone(stored.project.id);
    failureLog.gone(stored.project.id);
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
}
