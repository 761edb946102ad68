/** What the project part shows beside the projects: values with which rules join those of projects. */
import type { Budget } from '../../domain/rules.ts';
import type { Micros } from '../../domain/time.ts';

/** Configured intervals between polls, seconds. */
export type Intervals = { readonly headSeconds: number; readonly fullSeconds: number };

/** What the last discovery of an account found. Null: none has ended yet. */
export type AccountFacts = {
  readonly name: string;
  readonly up: boolean | null;
  /** Server time of the last one that succeeded. */
  readonly lastSuccess: Micros | null;
  readonly projects: number | null;
};

/** Null on everything that is not known yet. */
export type Facts = {
  readonly intervals: Intervals | null;
  readonly totalBudget: Budget | null;
  readonly createdAt: Micros | null;
  /** In the order in which they became known. */
  readonly accounts: readonly AccountFacts[];
  /** Size of the state. */
  readonly bytes: number | null;
  readonly sessions: { readonly live: number; readonly deleted: number } | null;
  /** Projects that no member polls; only where several processes share the state. */
  readonly unowned: number | null;
};

export const NOTHING_KNOWN: Facts = {
  intervals: null,
  totalBudget: null,
  createdAt: null,
  accounts: [],
  bytes: null,
  sessions: null,
  unowned: null,
};
