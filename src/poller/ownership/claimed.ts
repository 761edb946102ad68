/** The projects that a process beside others has claimed: how it takes them in, gives them back and forgets them. */
import { LostError } from '../../domain/errors.ts';
import type { Claimed, Owned, Replicas, Turn } from '../../domain/replicas.ts';
import type { AccountPlan, Deps } from '../context.ts';
import { guarded, saveSome } from '../maintenance/maintenance.ts';
import { PROJECTS_PER_STEP, turnBefore } from '../polling/steps.ts';
import type { Worker } from '../polling/worker.ts';
import type { Registry } from '../projects/registry.ts';
import { isSelected, type Joined, planOf } from './ownership.ts';

/** Of many projects the first ones are polled before the last ones are claimed. */
const CLAIMED_AT_ONCE = 200;

/** Its methods must not overlap: `SharedOwnership` calls them within its turn. */
export class ClaimedProjects {
  readonly #plans: readonly AccountPlan[];
  readonly #registry: Registry;
  readonly #deps: Deps;
  readonly #replicas: Replicas;
  /** At the end of this process. */
  readonly #givenBack = new WeakSet<Worker>();

  constructor(plans: readonly AccountPlan[], registry: Registry, deps: Deps, replicas: Replicas) {
    this.#plans = plans;
    this.#registry = registry;
    this.#deps = deps;
    this.#replicas = replicas;
  }

  /** Claims what the turn wants and an account still selects. `joined` gets the workers of those that were claimed. */
  async claim(turn: Turn, joined: Joined, signal: AbortSignal): Promise<void> {
    const selected = turn.projects.filter(({ project }) => isSelected(project, this.#plans));
    const keys = new Set(selected.map(({ key }) => key));
    const wanted = turn.wanted.filter((key) => keys.has(key));
    let projects = 0;
    try {
      for (let from = 0; from < wanted.length; from += CLAIMED_AT_ONCE) {
        signal.throwIfAborted();
        const claimed = await this.#replicas.claim(wanted.slice(from, from + CLAIMED_AT_ONCE));
        projects += claimed.length;
        await this.#joinAll(claimed, joined, signal);
      }
    } finally {
      if (projects > 0) this.#deps.logger.info('Projects claimed', { projects });
    }
  }

  /** Those that cannot be taken in are given back: another replica, or this one's next turn, claims them again. The others are polled. */
  async #joinAll(claimed: readonly Claimed[], joined: Joined, signal: AbortSignal): Promise<void> {
    const refused: Owned[] = [];
    let failure: unknown = new LostError('This process has lost touch with the database');
    for (const [n, project] of claimed.entries()) {
      await turnBefore(n, this.#deps.clock, signal);
      const hasJoined =
        this.#replicas.isAlive() &&
        (await this.#join(project, joined).catch((error: unknown) => {
          failure = error;
          return false;
        }));
      if (!hasJoined) refused.push(project.key);
    }
    if (refused.length === 0) return;
    await this.#replicas.release(refused);
    throw failure;
  }

  /**
   * Stops their workers between two pages and saves all that is known: the next owner resumes there, or a little earlier where the state
   * could not be written.
   */
  async giveBack(surplus: readonly Owned[]): Promise<void> {
    const keys = new Set(surplus);
    const workers: Worker[] = [];
    for (const worker of this.#registry.workers()) {
      const key = keyOf(worker);
      if (keys.has(key) && this.#showsZeros(worker)) keys.delete(key);
      else if (keys.has(key)) workers.push(worker);
    }
    if (keys.size === 0) return;
    await Promise.all(workers.map((worker) => worker.stop()));
    await guarded(this.#deps, 'cursors', () => saveSome(workers, this.#registry, this.#deps));
    for (const { ctx } of workers) await this.#registry.forget(ctx.state.project.id);
    await this.#replicas.release([...keys]);
    this.#deps.logger.info('Projects given back, for other replicas to poll', { projects: keys.size });
  }

  /** The same with all projects, at the end of this process: each as soon as its worker has stopped, so that no slow one holds the others. */
  async giveBackAll(): Promise<void> {
    const workers = this.#registry.workers().filter((worker) => !this.#givenBack.has(worker));
    const stopped: Worker[] = [];
    let wake = (): void => {};
    for (const worker of workers) {
      const note = (): void => {
        stopped.push(worker);
        wake();
      };
      worker.stop().then(note, note);
    }
    for (let left = workers.length; left > 0; ) {
      if (stopped.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const some = stopped.splice(0, PROJECTS_PER_STEP);
      left -= some.length;
      for (const worker of some) this.#givenBack.add(worker);
      await guarded(this.#deps, 'cursors', () => saveSome(some, this.#registry, this.#deps));
      await this.#replicas.release(some.map(keyOf)).catch(() => {}); // they end with the lease
    }
  }

  /** A counter has just begun at 0: another process would not know, and poll at once. Of new projects the state knows since when they are shown. */
  #showsZeros({ ctx: { state } }: Worker): boolean {
    return state.cursors.lastSuccess !== null && this.#deps.clock.elapsed() < state.quietUntil;
  }

  /** Drops projects that others have claimed; nothing of them is saved. */
  async forget(lost: readonly Owned[]): Promise<void> {
    if (lost.length === 0) return;
    this.#deps.logger.warn('Projects given up: other replicas may have them', { projects: lost.length });
    const keys = new Set(lost);
    for (const worker of this.#registry.workers()) {
      if (keys.has(keyOf(worker))) await this.#registry.forget(worker.ctx.state.project.id);
    }
  }

  /** Zeros are scraped for an interval before the first poll of a project. False: it is of no account of this process. */
  async #join({ stored, admittedFor }: Claimed, joined: Joined): Promise<boolean> {
    const plan = planOf(stored.project.account, this.#plans);
    if (plan === undefined) return false;
    const worker = await this.#registry.join(stored, plan);
    const isNew = stored.cursors.lastSuccess === null && stored.cursors.sweep === null;
    joined(worker, isNew ? Math.max(0, (this.#deps.timing.poll - admittedFor) / 1000) : 0);
    return true;
  }
}

/** A worker of this process polls only what it owns. */
function keyOf({ ctx }: Worker): Owned {
  return ctx.state.key as Owned;
}
