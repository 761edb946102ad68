/** The projects that a process beside others has claimed: how it takes them in, gives them back and forgets them. */
import type { Claimed, Owned, Replicas, Turn } from '../../domain/replicas.ts';
import type { AccountPlan, Deps } from '../context.ts';
import { saveSome } from '../maintenance/maintenance.ts';
import { turnBefore } from '../polling/steps.ts';
import type { Worker } from '../polling/worker.ts';
import type { Registry } from '../projects/registry.ts';
import { isSelected, type Joined, planOf } from './ownership.ts';

/** Its methods must not overlap: `SharedOwnership` calls them within its turn. */
export class ClaimedProjects {
  readonly #plans: readonly AccountPlan[];
  readonly #registry: Registry;
  readonly #deps: Deps;
  readonly #replicas: Replicas;

  constructor(plans: readonly AccountPlan[], registry: Registry, deps: Deps, replicas: Replicas) {
    this.#plans = plans;
    this.#registry = registry;
    this.#deps = deps;
    this.#replicas = replicas;
  }

  /** The keys of all projects that this process polls now. */
  keys(): readonly Owned[] {
    return this.#registry.workers().map(keyOf);
  }

  /** Claims what the turn wants and an account still selects. `joined` gets the workers of those that were claimed. */
  async claim(turn: Turn, joined: Joined, signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#deps;
    const selected = turn.projects.filter(({ project }) => isSelected(project, this.#plans));
    const keys = new Set(selected.map(({ key }) => key));
    const claimed = await this.#replicas.claim(turn.wanted.filter((key) => keys.has(key)));
    if (claimed.length > 0) logger.info('Projects claimed', { projects: claimed.length });
    for (const [n, project] of claimed.entries()) {
      await turnBefore(n, clock, signal);
      await this.#join(project, joined);
    }
  }

  /** Stops their workers between two pages and saves all that is known: the next owner resumes there. */
  async giveBack(surplus: readonly Owned[]): Promise<void> {
    const workers = this.#registry.workers().filter((worker) => surplus.includes(keyOf(worker)));
    await Promise.all(workers.map((worker) => worker.stop()));
    await saveSome(workers, this.#registry, this.#deps);
    for (const { ctx } of workers) await this.#registry.leave(ctx.state.project.id);
    await this.#replicas.release(surplus);
    this.#deps.logger.info('Projects given back, for other replicas to poll', { projects: surplus.length });
  }

  /** Drops projects that others have claimed; nothing of them is saved. */
  async forget(lost: readonly Owned[]): Promise<void> {
    if (lost.length > 0) this.#deps.logger.warn('Projects lost to other replicas', { projects: lost.length });
    for (const key of lost) {
      const worker = this.#registry.workers().find((candidate) => keyOf(candidate) === key);
      if (worker !== undefined) await this.#registry.forget(worker.ctx.state.project.id);
    }
  }

  /** Zeros are scraped for an interval before the first poll of a project. */
  async #join({ key, stored, admittedFor }: Claimed, joined: Joined): Promise<void> {
    const plan = planOf(stored.project.account, this.#plans);
    if (plan === undefined) return await this.#replicas.release([key]);
    try {
      const worker = await this.#registry.join(stored, plan);
      const isNew = stored.cursors.lastSuccess === null && stored.cursors.sweep === null;
      joined(worker, isNew ? Math.max(0, (this.#deps.timing.poll - admittedFor) / 1000) : 0);
    } catch (error) {
      await this.#replicas.release([key]); // another replica, or this one's next turn, claims it again
      throw error;
    }
  }
}

/** A worker of this process polls only what it owns. */
function keyOf({ ctx }: Worker): Owned {
  return ctx.state.key as Owned;
}
