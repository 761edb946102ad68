/** Discovers the projects of one account, periodically. */
import { ExporterError, LostError } from '../../domain/errors.ts';
import type { Project } from '../../domain/project.ts';
import type { Discovery } from '../../domain/source.ts';
import type { Micros } from '../../domain/time.ts';
import type { AccountPlan, Deps } from '../context.ts';
import { isOurs, type Joined, type Ownership } from '../ownership/ownership.ts';
import { compareProjects } from './project-changes.ts';
import { SelectionWatch } from './selection.ts';

/** Discovery that failed is tried again after this long, or the interval if that is shorter. Milliseconds. */
const RETRY_AFTER = 30_000;
/** Between two looks at whether this process discovers, milliseconds. */
const LOOK_AGAIN = 250;
const LONGEST_REST = 60_000;

/** Failures in a row for which this process may be the only one to have them: its key file, or its network. */
const MAYBE_HERE_ALONE: ReadonlySet<string> = new Set(['unauthorized', 'forbidden', 'connection', 'timeout']);
/** After so many of them another process may discover; after twice as many again, as it fails there too. */
const FAILURES_TO_YIELD = 3;

/** How a discovery ended. */
export type Discovered = {
  /** Null: it succeeded. */
  readonly error: ExporterError | null;
  /** Set where it succeeded and no project of the account is selected. */
  readonly unmatched: ExporterError | null;
};

export class Discoverer {
  readonly #plan: AccountPlan;
  /** All accounts: of two that see a project, the first polls it. */
  readonly #plans: readonly AccountPlan[];
  readonly #ownership: Ownership;
  readonly #deps: Deps;
  readonly #shared = new Set<string>();
  readonly #selection: SelectionWatch;
  /** True once a discovery of this process has succeeded: server time is known since. */
  #hasDiscovered = false;
  /** Failures in a row, and how many it takes until another process may try. */
  #failures = 0;
  #yieldsAt = FAILURES_TO_YIELD;

  constructor(plan: AccountPlan, plans: readonly AccountPlan[], ownership: Ownership, deps: Deps) {
    this.#plan = plan;
    this.#plans = plans;
    this.#ownership = ownership;
    this.#deps = deps;
    this.#selection = new SelectionWatch(plan.source.account, deps);
  }

  get account(): string {
    return this.#plan.source.account;
  }

  /** The account's server time now; null: no discovery of this process has succeeded though it is its task, so our own clock may be wrong. */
  serverTime(): Micros | null {
    return this.#hasDiscovered || !this.#ownership.discovers ? this.#plan.source.serverTime() : null;
  }

  /** Discovers until aborted, where this process does; starts the worker of each project that joins. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, timing } = this.#deps;
    const interval = timing.discovery / 1000;
    while (!signal.aborted) {
      if (!this.#ownership.discovers) {
        await clock.sleep(LOOK_AGAIN, signal);
        continue;
      }
      const { term } = this.#ownership;
      const { error } = await this.discover(signal, (worker, delayMs) => worker.start(delayMs));
      if (this.#ownership.term !== term) await clock.sleep(LOOK_AGAIN, signal);
      else await this.#rest(error === null ? interval : Math.min(interval, RETRY_AFTER), signal);
    }
  }

  /** Ends early where another process has taken over the discoveries: should it come back, they begin at once. */
  async #rest(ms: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    const until = clock.elapsed() + ms;
    while (this.#ownership.discovers && clock.elapsed() < until) {
      await clock.sleep(Math.min(LONGEST_REST, until - clock.elapsed()), signal);
    }
  }

  /** Discovers once. `joined` gets each new worker and the delay of its first poll. Rejects only with the signal's reason. */
  async discover(signal: AbortSignal, joined: Joined): Promise<Discovered> {
    const { observer, failureLog } = this.#deps;
    const { term } = this.#ownership;
    try {
      const discovery = await this.#plan.source.discover(signal);
      const matching = discovery.projects.filter((project) => this.#plan.selects(project));
      await this.#ownership.inTurn(() => {
        if (this.#ownership.term !== term) throw new LostError('Another process may have discovered meanwhile');
        return this.#follow(discovery, matching, joined, signal);
      });
      failureLog.succeeded(this.account, 'discovery');
      this.#failures = 0;
      this.#yieldsAt = FAILURES_TO_YIELD;
      observer.discoverySucceeded(this.account, this.#ownership.ofAccount(this.account).length, discovery.serverTime);
      return { error: null, unmatched: this.#selection.check(discovery, matching) };
    } catch (error) {
      if (signal.aborted || !(error instanceof ExporterError)) throw error;
      if (error instanceof LostError) return { error: null, unmatched: null }; // another process discovers by now
      if (error.code === 'startup') this.#deps.fatal(error);
      failureLog.failed('Discovery', this.account, 'discovery', error, {});
      observer.discoveryFailed(this.account, error);
      this.#noteFailure(error);
      return { error, unmatched: null };
    }
  }

  #noteFailure({ code }: ExporterError): void {
    if (!MAYBE_HERE_ALONE.has(code) || ++this.#failures < this.#yieldsAt) return;
    this.#yieldsAt *= 2;
    this.#ownership.yieldDiscovery();
  }

  /** Stores what the discovery says of the projects; takes in who joined, and lets go of who left. */
  async #follow(
    discovery: Discovery,
    matching: readonly Project[],
    joined: Joined,
    signal: AbortSignal,
  ): Promise<void> {
    const at = discovery.serverTime;
    const ours = matching.filter((project) => isOurs(project, this.account, this.#ownership, this.#plans));
    const isIn = new Set(ours);
    if (ours.length < matching.length) this.#warnOfShared(matching.filter((project) => !isIn.has(project)));
    const changes = compareProjects(discovery, ours, {
      account: this.account,
      present: this.#ownership.ofAccount(this.account),
      previous: this.#ownership.previousDiscovery(this.account),
      rules: this.#deps.rules,
    });
    const stored = await this.#deps.store.admit(this.account, at, [...changes.found, ...changes.absent]);
    await this.#ownership.follow(this.#plan, stored, joined, signal);
    this.#hasDiscovered = true;
    await this.#ownership.discovered(this.account, at);
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
      polled_by: this.#ownership.accountOf(first.id),
      ignored_for: this.account,
    });
  }
}
