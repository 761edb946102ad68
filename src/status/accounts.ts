/** The status of each account: its request budget, and how long its API takes to answer. */
import type { AccountStatus, ProjectStatus } from '../domain/status.ts';

/** Weight of the newest answer in the mean time of a page. */
const NEWEST_WEIGHT = 0.1;

type Known = {
  readonly name: string;
  readonly baseUrl: string;
  readonly discoveryUp: boolean | null;
  readonly projects: number;
  /** Infinity: unlimited. */
  readonly requestsPerSecond: number;
  /** Until when the API asked to send nothing, milliseconds of `Clock.elapsed`. */
  readonly waitsUntil: number;
  /** Mean seconds of a page of sessions, lately; null: none was read yet. */
  readonly pageSeconds: number | null;
};

const FRESH = {
  discoveryUp: null,
  projects: 0,
  requestsPerSecond: Number.POSITIVE_INFINITY,
  waitsUntil: 0,
  pageSeconds: null,
};

/** What one project adds to a full sweep of its account. */
export type SweepCost = {
  readonly account: ProjectStatus['account'];
  /** Null: not known yet. */
  readonly pages: number | null;
  /** Seconds of its last full poll; null: none yet. */
  readonly lastSeconds: number | null;
};

export class Accounts {
  readonly #known = new Map<string, Known>();

  add(name: string, baseUrl: string): void {
    const before = this.#known.get(name);
    this.#known.set(name, { ...(before ?? FRESH), name, baseUrl });
  }

  drop(name: string): void {
    this.#known.delete(name);
  }

  discovered(name: string, projects: number): void {
    this.#change(name, { discoveryUp: true, projects });
  }

  discoveryFailed(name: string): void {
    this.#change(name, { discoveryUp: false });
  }

  rateChanged(name: string, requestsPerSecond: number): void {
    this.#change(name, { requestsPerSecond });
  }

  waitAsked(name: string, waitsUntil: number): void {
    this.#change(name, { waitsUntil });
  }

  pageAnswered(name: string, seconds: number): void {
    const mean = this.#known.get(name)?.pageSeconds ?? seconds;
    this.#change(name, { pageSeconds: mean + (seconds - mean) * NEWEST_WEIGHT });
  }

  /** In the order in which they became known. `elapsed`: milliseconds of `Clock.elapsed`. */
  list(costs: readonly SweepCost[], elapsed: number): readonly AccountStatus[] {
    return [...this.#known.values()].map((account) => toStatus(account, costs, elapsed));
  }

  #change(name: string, change: Partial<Known>): void {
    const known = this.#known.get(name);
    if (known !== undefined) this.#known.set(name, { ...known, ...change });
  }
}

function toStatus(account: Known, costs: readonly SweepCost[], elapsed: number): AccountStatus {
  const own = costs.filter((cost) => cost.account === account.name);
  return {
    name: account.name,
    baseUrl: account.baseUrl,
    discoveryUp: account.discoveryUp,
    projects: account.projects,
    requestsPerSecond: Number.isFinite(account.requestsPerSecond) ? account.requestsPerSecond : null,
    waitSeconds: account.waitsUntil > elapsed ? (account.waitsUntil - elapsed) / 1000 : null,
    fullSweepSeconds: fullSweepSeconds(account, own),
  };
}

/**
 * Projects are swept side by side, each page by page. So a full sweep takes as long as the limiter takes to let all pages
 * pass, and at least as long as the project with the most pages takes to read them one after the other. Without a limit
 * the longest measured sweep stands for what the requests in flight cost each other.
 */
function fullSweepSeconds(account: Known, costs: readonly SweepCost[]): number | null {
  const pages = costs.map((cost) => cost.pages).filter((n) => n !== null);
  const largest = pages.length === 0 || account.pageSeconds === null ? null : largestOf(pages) * account.pageSeconds;
  if (Number.isFinite(account.requestsPerSecond)) {
    if (pages.length === 0 || account.requestsPerSecond <= 0) return null;
    const passing = pages.reduce((sum, n) => sum + n, 0) / account.requestsPerSecond;
    return Math.max(passing, largest ?? 0);
  }
  const measured = costs.map((cost) => cost.lastSeconds).filter((s) => s !== null);
  return measured.length === 0 ? largest : largestOf(measured);
}

/** Without spreading: there may be more values than a call takes arguments. */
function largestOf(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
