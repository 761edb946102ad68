/** Discovery of one account's projects, again and again. */
import { ExporterError } from '../domain/errors.ts';
import type { Project } from '../domain/project.ts';
import type { Discovery } from '../domain/source.ts';
import type { Admission, StoredProject } from '../domain/store.ts';
import type { Micros } from '../domain/time.ts';
import { takeCensus } from './census.ts';
import type { AccountPlan, Deps } from './context.ts';
import { turnBefore } from './pace.ts';
import type { Registry } from './registry.ts';
import { withoutSweep } from './restored.ts';
import { SelectionWatch } from './selection.ts';
import type { Worker } from './worker.ts';

/** Discovery that failed is tried again after this long, or the interval if that is shorter. Milliseconds. */
const RETRY_AFTER = 30_000;

/** New projects of one discovery that are named in the log. */
const MOST_NAMED = 10;

export type DiscoveryPlan = {
  readonly plan: AccountPlan;
  /** Place of the account in the configuration: of two accounts that see a project, the first polls it. */
  readonly rank: (account: string) => number;
  /** Milliseconds until the first poll of a project that was not known before. */
  readonly firstPollDelay: () => number;
  /** Called after each successful discovery with its server time, once its projects are known. */
  readonly discovered: (account: string, at: Micros) => Promise<void>;
};

/** How a discovery ended. */
export type Discovered = {
  /** Null: it succeeded. */
  readonly error: ExporterError | null;
  /** Set where it succeeded and no project of the account is selected. */
  readonly unmatched: ExporterError | null;
};

export class Discoverer {
  readonly #plan: DiscoveryPlan;
  readonly #registry: Registry;
  readonly #deps: Deps;
  #previous: Micros | null;
  readonly #shared = new Set<string>();
  readonly #selection: SelectionWatch;
  /** True once a discovery of this process has succeeded: server time is known since. */
  #hasDiscovered = false;

  constructor(plan: DiscoveryPlan, registry: Registry, deps: Deps, previous: Micros | null) {
    this.#plan = plan;
    this.#registry = registry;
    this.#deps = deps;
    this.#previous = previous;
    this.#selection = new SelectionWatch(plan.plan.source.account, deps);
  }

  get account(): string {
    return this.#plan.plan.source.account;
  }

  /** The account's server time now; null: no discovery of this process has succeeded, so our own clock may be wrong. */
  serverTime(): Micros | null {
    return this.#hasDiscovered ? this.#plan.plan.source.serverTime() : null;
  }

  /** Discovers until aborted; starts the worker of each project that joins. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, timing } = this.#deps;
    while (!signal.aborted) {
      const { error } = await this.discover(signal, (worker, delayMs) => worker.start(delayMs));
      const interval = timing.discovery / 1000;
      await clock.sleep(error === null ? interval : Math.min(interval, RETRY_AFTER), signal);
    }
  }

  /** Discovers once. `joined` gets each new worker and the delay of its first poll. Rejects only with the signal's reason. */
  async discover(signal: AbortSignal, joined: (worker: Worker, delayMs: number) => void): Promise<Discovered> {
    const { observer, complaints } = this.#deps;
    try {
      const discovery = await this.#plan.plan.source.discover(signal);
      const matching = discovery.projects.filter((project) => this.#plan.plan.selects(project));
      await this.#registry.inTurn(() => this.#follow(discovery, matching, joined, signal));
      complaints.succeeded(this.account, 'discovery');
      observer.discoverySucceeded(this.account, this.#registry.ofAccount(this.account).length, discovery.serverTime);
      return { error: null, unmatched: this.#selection.judge(discovery, matching) };
    } catch (error) {
      if (signal.aborted || !(error instanceof ExporterError)) throw error;
      if (error.code === 'startup') this.#deps.fatal(error);
      complaints.failed('Discovery', this.account, 'discovery', error, {});
      observer.discoveryFailed(this.account, error);
      return { error, unmatched: null };
    }
  }

  /** Stores what the discovery says of the projects; takes in who joined, and lets go of who left. */
  async #follow(
    discovery: Discovery,
    matching: readonly Project[],
    joined: (worker: Worker, delayMs: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const at = discovery.serverTime;
    const ours = matching.filter((project) => this.#isOurs(project));
    const isIn = new Set(ours);
    if (ours.length < matching.length) this.#warnOfShared(matching.filter((project) => !isIn.has(project)));
    const census = takeCensus(discovery, ours, {
      account: this.account,
      present: this.#registry.ofAccount(this.account),
      previous: this.#previous,
      rules: this.#deps.rules,
    });
    await this.#carryOut([...census.found, ...census.absent], at, joined, signal);
    this.#previous = at;
    this.#hasDiscovered = true;
    await this.#plan.discovered(this.account, at);
  }

  async #carryOut(
    admissions: readonly Admission[],
    at: Micros,
    joined: (worker: Worker, delayMs: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const stored = await this.#deps.store.admit(this.account, at, admissions);
    let news = 0;
    for (const [n, project] of stored.entries()) {
      await turnBefore(n, this.#deps.clock, signal);
      if (project.leftAt !== null) await this.#depart(project);
      else if (this.#registry.ownerOf(project.project.id) === this.account) await this.#registry.update(project);
      else await this.#join(project, joined, ++news);
    }
    const more = news - MOST_NAMED;
    if (more > 0) this.#deps.logger.info('More projects discovered', { projects: more, account: this.account });
  }

  async #depart(stored: StoredProject): Promise<void> {
    this.#deps.logger.info('Project left', { project: stored.project.name, project_id: stored.project.id });
    await this.#registry.leave(stored.project.id);
  }

  /** `nth`: from 1; the first few of one discovery are named in the log. */
  async #join(stored: StoredProject, joined: (worker: Worker, delayMs: number) => void, nth: number): Promise<void> {
    const dueIn = this.#registry.dueIn(stored.project.id);
    const worker = await this.#registry.join(
      dueIn !== null ? await this.#takeOver(stored) : withoutSweep(stored),
      this.#plan.plan,
    );
    this.#deps.logger[nth > MOST_NAMED ? 'debug' : 'info']('Project discovered', {
      project: stored.project.name,
      project_id: stored.project.id,
      account: this.account,
    });
    joined(worker, dueIn ?? this.#plan.firstPollDelay());
  }

  /** Ends the worker of another account; answers the project as that worker left it, since it may have committed meanwhile. */
  async #takeOver(stored: StoredProject): Promise<StoredProject> {
    await this.#registry.leave(stored.project.id);
    const [latest] = await this.#deps.store.admit(this.account, null, [stored]);
    return latest ?? stored;
  }

  /** False for a project that another account polls, unless this one comes first. */
  #isOurs(project: Project): boolean {
    const owner = this.#registry.ownerOf(project.id);
    if (owner === undefined || owner === this.account) return true;
    return this.#plan.rank(this.account) < this.#plan.rank(owner);
  }

  /** Each project once, in one line for all that are new: two keys of one organization may share thousands. */
  #warnOfShared(projects: readonly Project[]): void {
    const fresh = projects.filter(({ id }) => !this.#shared.has(id));
    const [first] = fresh;
    if (first === undefined) return;
    for (const { id } of fresh) this.#shared.add(id);
    this.#deps.logger.warn('Two accounts see the same project; the first one polls it', {
      project: first.name,
      project_id: first.id,
      more_projects: fresh.length - 1,
      polled_by: this.#registry.ownerOf(first.id),
      ignored_for: this.account,
    });
  }
}
