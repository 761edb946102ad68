/**
 * A process beside others over one state: after each heartbeat it claims the projects that are its own to poll, gives back those that are
 * not any more, and forgets what it has lost. Discoveries are carried out by one process alone; the others follow what it stored.
 */
import { LostError } from '../../domain/errors.ts';
import type { Claimed, Owned, Replicas, Turn } from '../../domain/replicas.ts';
import type { StoredProject } from '../../domain/store.ts';
import type { Micros } from '../../domain/time.ts';
import type { AccountPlan, Deps } from '../context.ts';
import { guarded, saveSome } from '../maintenance/maintenance.ts';
import { turnBefore } from '../polling/steps.ts';
import type { Worker } from '../polling/worker.ts';
import { dismiss } from '../projects/project-changes.ts';
import type { Registry } from '../projects/registry.ts';
import { asExporterError } from '../publish/after-poll.ts';
import { besideOthers, withChanges } from './beside.ts';
import type { Joined, Ownership } from './ownership.ts';

const NO_TURN: Turn = { projects: [], wanted: [], surplus: [], lost: [], holdsCensus: false, discoveries: {}, now: 0 };

/** Under this name following the other processes fails and recovers. */
const TASK = 'claims';

/** Milliseconds: longer than the lease of a process that was killed. */
const WHOLE_WITHIN = 30_000;
const LOOK_AGAIN = 100;

export class SharedOwnership implements Ownership {
  readonly #plans: readonly AccountPlan[];
  readonly #registry: Registry;
  readonly #deps: Deps;
  readonly #replicas: Replicas;
  readonly #ending = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #joined: Joined = () => {};
  #turn: Turn = NO_TURN;
  /** Members that share the limits of the accounts, this one included. */
  #processes = 1;
  /** Accounts by project id: a discovery asks for each of its projects, ten thousand maybe. */
  #accounts: { readonly of: Turn['projects']; readonly byId: ReadonlyMap<string, string> } = {
    of: [],
    byId: new Map(),
  };
  #exclusive: Promise<unknown> = Promise.resolve();
  /** Accounts that this process has discovered, as the one that carries out discoveries. */
  readonly #discovered = new Set<string>();

  constructor(plans: readonly AccountPlan[], registry: Registry, deps: Deps, replicas: Replicas) {
    this.#plans = plans;
    this.#registry = registry;
    this.#deps = deps;
    this.#replicas = replicas;
  }

  async restore(): Promise<void> {}

  /** The lease outlives `signal`: until `end`, so that nobody takes over what is still being saved. */
  async run(signal: AbortSignal, joined: Joined): Promise<void> {
    this.#joined = joined;
    this.#running = this.#replicas.run(this.#ending.signal, async (turn) => {
      if (!signal.aborted)
        await this.inTurn(() => this.#take(turn, signal)).catch((error) => this.#failed(error, signal));
    });
    await this.#running;
  }

  async whole(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    const until = clock.elapsed() + WHOLE_WITHIN;
    for (;;) {
      const others = this.#replicas.facts().members.filter(({ isSelf }) => !isSelf);
      if (others.length > 0) throw besideOthers(others.map(({ name }) => name));
      const missing = this.#turn.projects.filter(
        ({ project }) => this.#selects(project) && !this.#registry.has(project.id),
      );
      if (this.discovers && missing.length === 0) return;
      if (clock.elapsed() >= until) throw besideOthers([]);
      this.#replicas.hurry();
      await clock.sleep(LOOK_AGAIN, signal);
    }
  }

  /** Everything is given back before the lease ends, so that others take over at once. */
  async end(): Promise<void> {
    const owned = this.#registry.workers().map(({ ctx }) => ctx.state.key as Owned);
    await this.inTurn(() => this.#replicas.release(owned)).catch(() => {}); // it ends with the lease
    this.#ending.abort(new Error('stopped'));
    await this.#running;
  }

  get discovers(): boolean {
    return this.#turn.holdsCensus && this.#replicas.isAlive();
  }

  ofAccount(account: string): readonly StoredProject[] {
    return this.#turn.projects.filter(({ project }) => project.account === account);
  }

  accountOf(projectId: string): string | undefined {
    const { projects } = this.#turn;
    if (this.#accounts.of !== projects) {
      this.#accounts = { of: projects, byId: new Map(projects.map(({ project }) => [project.id, project.account])) };
    }
    return this.#accounts.byId.get(projectId);
  }

  previousDiscovery(account: string): Micros | null {
    return this.#turn.discoveries[account] ?? null;
  }

  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#exclusive.then(work);
    this.#exclusive = turn.catch(() => {});
    return turn;
  }

  /** What was stored is followed by all members with their next heartbeats, by this one too. */
  async follow(_plan: AccountPlan, stored: readonly StoredProject[]): Promise<void> {
    this.#turn = { ...this.#turn, projects: withChanges(this.#turn.projects, stored) };
    this.#replicas.hurry();
  }

  /** Projects of accounts that are not configured any more leave once each configured one was discovered without them. */
  async discovered(account: string, at: Micros): Promise<void> {
    this.#discovered.add(account);
    this.#turn = { ...this.#turn, discoveries: { ...this.#turn.discoveries, [account]: at } };
    if (!this.#plans.every(({ source }) => this.#discovered.has(source.account))) return;
    const isConfigured = ({ project }: StoredProject): boolean => this.#planOf(project.account) !== undefined;
    await this.#dismiss(
      this.#turn.projects.filter((stored) => !isConfigured(stored)),
      at,
    );
  }

  async #take(turn: Turn, signal: AbortSignal): Promise<void> {
    this.#turn = turn;
    this.#shareLimits();
    if (!turn.holdsCensus) this.#discovered.clear();
    if (turn.lost.length > 0)
      this.#deps.logger.warn('Projects given up: other replicas may have them', { projects: turn.lost.length });
    for (const key of turn.lost) await this.#forget(key);
    await this.#update(turn.projects, signal);
    if (turn.surplus.length > 0) await this.#giveBack(turn.surplus);
    if (turn.holdsCensus) await this.#dismissUnselected(turn);
    if (turn.wanted.length > 0) await this.#claim(turn, signal);
    this.#deps.failureLog.succeeded('', TASK);
  }

  /** Each of the members sends its part of the requests that an account may send. */
  #shareLimits(): void {
    const processes = Math.max(1, this.#replicas.facts().members.length);
    if (processes === this.#processes) return;
    this.#processes = processes;
    for (const { source } of this.#plans) source.shareLimit(processes);
  }

  /** What discovery has found elsewhere: names, epochs. */
  async #update(projects: readonly StoredProject[], signal: AbortSignal): Promise<void> {
    for (const [n, stored] of projects.entries()) {
      await turnBefore(n, this.#deps.clock, signal);
      if (this.#registry.has(stored.project.id)) await this.#registry.update(stored);
    }
  }

  async #claim(turn: Turn, signal: AbortSignal): Promise<void> {
    const selected = new Set(turn.projects.filter(({ project }) => this.#selects(project)).map(({ key }) => key));
    const claimed = await this.#replicas.claim(turn.wanted.filter((key) => selected.has(key)));
    if (claimed.length > 0) this.#deps.logger.info('Projects claimed', { projects: claimed.length });
    await this.#joinAll(claimed, signal);
  }

  /** Those that cannot be taken in are given back: somebody, or this member's next turn, claims them again. The others are polled. */
  async #joinAll(claimed: readonly Claimed[], signal: AbortSignal): Promise<void> {
    const refused: Owned[] = [];
    let failure: unknown = new LostError('This process has lost touch with the database');
    for (const [n, project] of claimed.entries()) {
      await turnBefore(n, this.#deps.clock, signal);
      const joined =
        this.#replicas.isAlive() &&
        (await this.#join(project).catch((error: unknown) => {
          failure = error;
          return false;
        }));
      if (!joined) refused.push(project.key);
    }
    if (refused.length === 0) return;
    await this.#replicas.release(refused);
    throw failure;
  }

  /** Zeros are scraped for an interval before the first poll of a project. False: it is of no account of this process. */
  async #join({ stored, admittedFor }: Claimed): Promise<boolean> {
    const plan = this.#planOf(stored.project.account);
    if (plan === undefined) return false;
    const worker = await this.#registry.join(stored, plan);
    const isNew = stored.cursors.lastSuccess === null && stored.cursors.sweep === null;
    this.#joined(worker, isNew ? Math.max(0, (this.#deps.timing.poll - admittedFor) / 1000) : 0);
    return true;
  }

  /** Between two pages, with all that is known saved: the next owner resumes there, or a little earlier where the state could not be written. */
  async #giveBack(surplus: readonly Owned[]): Promise<void> {
    const keys = new Set(surplus);
    const workers: Worker[] = [];
    for (const worker of this.#registry.workers()) {
      const key = worker.ctx.state.key as Owned;
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

  /** A counter has just begun at 0: another process would not know, and poll at once. Of new projects the state knows since when they are shown. */
  #showsZeros({ ctx: { state } }: Worker): boolean {
    return state.cursors.lastSuccess !== null && this.#deps.clock.elapsed() < state.quietUntil;
  }

  async #forget(key: Owned): Promise<void> {
    const worker = this.#registry.workers().find(({ ctx }) => ctx.state.key === key);
    if (worker !== undefined) await this.#registry.forget(worker.ctx.state.project.id);
  }

  async #dismissUnselected({ projects, now }: Turn): Promise<void> {
    const isDeselected = ({ project }: StoredProject): boolean =>
      this.#planOf(project.account) !== undefined && !this.#selects(project);
    await this.#dismiss(projects.filter(isDeselected), now);
  }

  /** `at`: server time. */
  async #dismiss(leaving: readonly StoredProject[], at: Micros): Promise<void> {
    for (const stored of leaving) {
      await this.#deps.store.admit(stored.project.account, null, [dismiss(stored, at)]);
      this.#deps.logger.info('Project left', { project: stored.project.name, project_id: stored.project.id });
    }
    const left = new Set(leaving.map(({ key }) => key));
    this.#turn = { ...this.#turn, projects: this.#turn.projects.filter(({ key }) => !left.has(key)) };
  }

  #planOf(account: string): AccountPlan | undefined {
    return this.#plans.find(({ source }) => source.account === account);
  }

  #selects(project: StoredProject['project']): boolean {
    return this.#planOf(project.account)?.selects(project) ?? false;
  }

  #failed(cause: unknown, signal: AbortSignal): void {
    if (signal.aborted || cause instanceof LostError) return;
    const error = asExporterError(cause);
    if (error.code === 'startup') this.#deps.fatal(error);
    this.#deps.failureLog.failed('Sharing the projects', '', TASK, error, {});
  }
}
