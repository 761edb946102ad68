/**
 * A process beside others over one state: after each heartbeat it claims the projects that are its own to poll, gives back those that no
 * longer are, and forgets what it has lost. One process alone carries out discoveries; the others follow what it stored.
 */
import { LostError } from '../../domain/errors.ts';
import type { Replicas, Turn } from '../../domain/replicas.ts';
import type { StoredProject } from '../../domain/store.ts';
import type { Micros } from '../../domain/time.ts';
import type { AccountPlan, Deps } from '../context.ts';
import { turnBefore } from '../polling/steps.ts';
import type { Registry } from '../projects/registry.ts';
import { asExporterError } from '../publish/after-poll.ts';
import { ClaimedProjects } from './claimed.ts';
import { Departures } from './departures.ts';
import { isSelected, type Joined, type Ownership } from './ownership.ts';
import { untilWhole } from './single-round.ts';

const NO_TURN: Turn = { projects: [], wanted: [], surplus: [], lost: [], discovers: false, discoveries: {}, now: 0 };

/** The name of its work in the failure log. */
const TASK = 'claims';

/** A process has 4.5 s to stop. */
const LONGEST_HAND_OVER_MS = 2_500;

export class SharedOwnership implements Ownership {
  readonly #plans: readonly AccountPlan[];
  readonly #registry: Registry;
  readonly #deps: Deps;
  readonly #replicas: Replicas;
  readonly #claimed: ClaimedProjects;
  readonly #departures: Departures;
  readonly #ending = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #joined: Joined = () => {};
  #turn: Turn = NO_TURN;
  #term = 0;
  /** Members that share the limits of the accounts, this one included. */
  #processes = 1;
  /** Accounts by project id: a discovery asks for each of its projects, ten thousand maybe. */
  #accounts: { readonly of: Turn['projects']; readonly byId: ReadonlyMap<string, string> } = {
    of: [],
    byId: new Map(),
  };
  #exclusive: Promise<unknown> = Promise.resolve();

  constructor(plans: readonly AccountPlan[], registry: Registry, deps: Deps, replicas: Replicas) {
    this.#plans = plans;
    this.#registry = registry;
    this.#deps = deps;
    this.#replicas = replicas;
    this.#claimed = new ClaimedProjects(plans, registry, deps, replicas);
    this.#departures = new Departures(plans, deps);
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

  whole(signal: AbortSignal): Promise<void> {
    const isPolled = ({ project }: StoredProject): boolean =>
      !isSelected(project, this.#plans) || this.#registry.has(project.id);
    const hasAll = (): boolean => this.discovers && this.#turn.projects.every(isPolled);
    return untilWhole(hasAll, this.#replicas, this.#deps.clock, signal);
  }

  /**
   * Projects are given back as their workers stop. The lease ends after the last one, or in time for others to take over whatever hangs
   * here: what that still sends is refused once the project is claimed.
   */
  async end(others: Promise<unknown>): Promise<void> {
    this.#replicas.leave();
    const handedOver = this.#handOver(others);
    const inTime = new AbortController();
    const late = this.#deps.clock.sleep(LONGEST_HAND_OVER_MS, inTime.signal).catch(() => {});
    try {
      await Promise.race([handedOver, late]);
    } finally {
      inTime.abort();
      this.#ending.abort(new Error('stopped'));
      await this.#running;
    }
    await handedOver;
  }

  async #handOver(others: Promise<unknown>): Promise<void> {
    await this.#claimed.giveBackAll();
    await others;
    await this.inTurn(() => this.#claimed.giveBackAll()); // what a turn has taken in meanwhile
  }

  get discovers(): boolean {
    return this.#turn.discovers && this.#replicas.isAlive();
  }

  get term(): number {
    return this.#term;
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

  yieldDiscovery(): void {
    this.#replicas.yieldDiscovery();
  }

  /** Projects of accounts that are not configured any more leave once each configured one was discovered without them. */
  async discovered(account: string, at: Micros): Promise<void> {
    const isComplete = this.#departures.discovered(account);
    this.#turn = { ...this.#turn, discoveries: { ...this.#turn.discoveries, [account]: at } };
    if (isComplete) await this.#dismiss(this.#departures.ofOldAccounts(this.#turn.projects), at);
  }

  async #take(turn: Turn, signal: AbortSignal): Promise<void> {
    this.#turn = turn;
    this.#shareLimits();
    if (!turn.discovers) {
      this.#term += 1;
      this.#departures.handOver();
    }
    await this.#claimed.forget(turn.lost);
    await this.#update(turn.projects, signal);
    if (turn.surplus.length > 0) await this.#claimed.giveBack(turn.surplus);
    if (turn.discovers) await this.#dismiss(this.#departures.deselected(turn.projects), turn.now);
    if (turn.wanted.length > 0) await this.#claimed.claim(turn, this.#joined, signal);
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

  /** `at`: server time. */
  async #dismiss(leaving: readonly StoredProject[], at: Micros): Promise<void> {
    await this.#departures.dismiss(leaving, at);
    const left = new Set(leaving.map(({ key }) => key));
    this.#turn = { ...this.#turn, projects: this.#turn.projects.filter(({ key }) => !left.has(key)) };
  }

  #failed(cause: unknown, signal: AbortSignal): void {
    if (signal.aborted || cause instanceof LostError) return;
    const error = asExporterError(cause);
    if (error.code === 'startup') this.#deps.fatal(error);
    this.#deps.failureLog.failed('Sharing the projects', '', TASK, error, {});
  }
}

/** The projects, each as it was stored last, without those that have left. */
function withChanges(projects: readonly StoredProject[], stored: readonly StoredProject[]): readonly StoredProject[] {
  const byKey = new Map(projects.map((project) => [project.key, project]));
  for (const project of stored) {
    if (project.leftAt === null) byKey.set(project.key, project);
    else byKey.delete(project.key);
  }
  return [...byKey.values()];
}
