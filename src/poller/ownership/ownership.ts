/** Whose projects this process polls: all that it discovers, or those that it claims beside other processes. */
import type { Project } from '../../domain/project.ts';
import type { StoredProject } from '../../domain/store.ts';
import type { Micros } from '../../domain/time.ts';
import type { AccountPlan } from '../context.ts';
import type { Worker } from '../polling/worker.ts';

/** Gets each new worker, and the delay of its first poll in milliseconds. */
export type Joined = (worker: Worker, delayMs: number) => void;

export interface Ownership {
  /** Before any request: publishes what the state knows of the projects, and takes in those that are polled from the start. */
  restore(signal: AbortSignal): Promise<void>;
  /** Follows other processes until `end`; resolves at once where there are none. `joined` gets the workers that it takes in. */
  run(signal: AbortSignal, joined: Joined): Promise<void>;
  /**
   * For a single round: resolves once this process discovers and polls all projects that are known. Rejects with an ExporterError of code
   * `startup` where other processes have them.
   */
  whole(signal: AbortSignal): Promise<void>;
  /**
   * After the signal of `run`: ends the workers between two pages, saves how far they have got (a state that refuses that keeps nobody from
   * stopping), and gives their projects back. `others`: all else that the poller runs; it may still take projects in, or record.
   */
  end(others: Promise<unknown>): Promise<void>;
  /** True where this process carries out discoveries now. */
  readonly discovers: boolean;
  /** Another number after each time in which it did not: what was discovered before that is out of date. */
  readonly term: number;
  /** Projects of the state that an account polls, here or elsewhere. */
  ofAccount(account: string): readonly StoredProject[];
  /** The account that polls a project, here or elsewhere; undefined: none. */
  accountOf(projectId: string): string | undefined;
  /** Server time of the account's last successful discovery, of this process or an earlier one; null: none. */
  previousDiscovery(account: string): Micros | null;
  /** Runs `work`, which decides who polls which project: one account after the other, or two would take the same one in. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Makes it so: projects that a discovery of this account has stored join, change or leave. */
  follow(plan: AccountPlan, stored: readonly StoredProject[], joined: Joined, signal: AbortSignal): Promise<void>;
  /** Discovery keeps failing here: another process may try it. */
  yieldDiscovery(): void;
  /** Called once a successful discovery was followed. `at`: its server time. */
  discovered(account: string, at: Micros): Promise<void>;
}

/** False for a project that another account polls, unless this one comes first in the configuration. */
export function isOurs(
  { id }: Pick<Project, 'id'>,
  account: string,
  ownership: Ownership,
  plans: readonly AccountPlan[],
): boolean {
  const polledBy = ownership.accountOf(id);
  if (polledBy === undefined || polledBy === account) return true;
  return rankOf(account, plans) < rankOf(polledBy, plans);
}

/** The configured account of that name; undefined: none. */
export function planOf(account: string, plans: readonly AccountPlan[]): AccountPlan | undefined {
  return plans.find(({ source }) => source.account === account);
}

/** True where the project's own account is configured and selects it. */
export function isSelected(project: StoredProject['project'], plans: readonly AccountPlan[]): boolean {
  return planOf(project.account, plans)?.selects(project) ?? false;
}

/** The place of an account in the configuration. */
function rankOf(account: string, plans: readonly AccountPlan[]): number {
  const place = plans.findIndex(({ source }) => source.account === account);
  return place < 0 ? Number.POSITIVE_INFINITY : place;
}
