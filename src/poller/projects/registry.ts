/** The projects that this process polls, each with its worker. */
import type { Progress, StoredProject } from '../../domain/store.ts';
import { type AccountPlan, type Carried, type Context, createContext, type Deps, ProjectState } from '../context.ts';
import { phaseOf } from '../polling/phase.ts';
import { Worker } from '../polling/worker.ts';
import { publish } from '../publish/publish.ts';
import { adopt } from './adopt.ts';

/** A polled project: as stored at its last admission, and its worker. */
type Entry = { stored: StoredProject; readonly worker: Worker };

export class Registry {
  readonly #deps: Deps;
  /** Statistics to continue from, of projects that are not polled: at the last reload, or when they left since. */
  readonly #stats: Map<string, Carried>;
  readonly #entries = new Map<string, Entry>();
  readonly #signal: AbortSignal;
  readonly #saved = new Map<number, Progress>();
  /** Projects that have joined so far, for their phases. */
  #joined = 0;
  /** Histograms of which it was said that they start again. */
  readonly #restarted = new Set<string>();

  /** `stats`: statistics that a reload carries over, by project id. */
  constructor(deps: Deps, stats: ReadonlyMap<string, Carried>, signal: AbortSignal) {
    this.#deps = deps;
    this.#stats = new Map(stats);
    this.#signal = signal;
  }

  workers(): readonly Worker[] {
    return [...this.#entries.values()].map((entry) => entry.worker);
  }

  ofAccount(account: string): readonly StoredProject[] {
    return [...this.#entries.values()]
      .map((entry) => entry.stored)
      .filter((stored) => stored.project.account === account);
  }

  /** The polled projects of an account. */
  contextsOf(account: string): readonly Context[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.stored.project.account === account)
      .map((entry) => entry.worker.ctx);
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** Milliseconds until the next poll of a project that is polled; null: it is not. */
  dueIn(id: string): number | null {
    return this.#entries.get(id)?.worker.dueIn ?? null;
  }

  /** The account that polls the project here; undefined: none. */
  accountOf(id: string): string | undefined {
    return this.#entries.get(id)?.stored.project.account;
  }

  /** Takes a project in: under the rules in force, published as it stands. Its worker is not started. */
  async join(stored: StoredProject, plan: AccountPlan): Promise<Worker> {
    const state = new ProjectState(stored, this.#deps.clock, this.#stats.get(stored.project.id));
    if (state.totals.verification.unverified > 0) state.nextDue = await this.#deps.store.nextDue(state.key);
    const ctx = createContext(state, plan, this.#deps);
    const { beganAtZero, restarted } = await adopt(ctx);
    this.#noteRestarted(restarted, stored.project.name);
    const worker = new Worker(ctx, beganAtZero, phaseOf(this.#joined++), this.#signal);
    this.#entries.set(stored.project.id, { stored, worker });
    try {
      await publish(ctx);
    } catch (error) {
      this.#entries.delete(stored.project.id); // the next discovery takes it in again, and starts it
      this.#deps.publisher.drop(stored.project.id);
      throw error;
    }
    return worker;
  }

  /** Notes what discovery says of a project that is polled: a new name, an absence. */
  async update(stored: StoredProject): Promise<void> {
    const entry = this.#entries.get(stored.project.id);
    if (entry === undefined) return;
    entry.stored = stored;
    const { state } = entry.worker.ctx;
    state.epoch = stored.epoch;
    if (JSON.stringify(state.project) === JSON.stringify(stored.project)) return;
    state.project = stored.project;
    await publish(entry.worker.ctx);
  }

  /** Stops polling a project and withdraws its series; its state stays. It has its owner until its worker has ended. */
  async leave(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    await entry.worker.stop();
    await entry.worker.ctx.recorder.close();
    if (this.#entries.get(id) !== entry) return;
    this.#entries.delete(id);
    const { stats, quietUntil } = entry.worker.ctx.state;
    this.#stats.set(id, { stats: { ...stats, up: null }, quietUntil });
    this.#deps.publisher.drop(id);
    this.#deps.observer.projectGone(id);
    this.#deps.failureLog.gone(id);
  }

  /** Forgets a project that another process has now, or will have: what is in memory of it is void, and its series are that process' to show. */
  async forget(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    await this.leave(id);
    this.#stats.delete(id);
    this.#saved.delete(entry.worker.ctx.state.key);
  }

  /** True when exactly this was saved last. */
  isSaved(key: number, { cursors, stats }: Progress): boolean {
    const saved = this.#saved.get(key);
    if (saved === undefined || saved.stats !== stats) return false;
    const names = Object.keys(saved.cursors) as (keyof Progress['cursors'])[];
    return names.every((name) => saved.cursors[name] === cursors[name]);
  }

  noteSaved(key: number, progress: Progress): void {
    this.#saved.set(key, progress);
  }

  /** Said once for all projects: a reload changes the buckets of every one. */
  #noteRestarted(histograms: readonly string[], project: string): void {
    for (const histogram of histograms) {
      if (this.#restarted.has(histogram)) continue;
      this.#restarted.add(histogram);
      this.#deps.logger.warn('Buckets changed: the histogram starts again at 0 in every project', {
        histogram,
        project,
      });
    }
  }

  /** Statistics of all projects, for a reload to carry over: of those that left too, since they may return. */
  stats(): ReadonlyMap<string, Carried> {
    const carried = new Map(this.#stats);
    for (const [id, { worker }] of this.#entries) {
      const { stats, quietUntil } = worker.ctx.state;
      carried.set(id, { stats, quietUntil });
    }
    return carried;
  }
}
