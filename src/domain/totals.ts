/**
 * What is known of a project in sum: the durable counters and the incrementally kept gauges.
 * A Totals is an immutable value; a commit replaces it whole, in the transaction that writes the rows which moved it.
 */
import type { HistoryOutcome } from './polls.ts';
import type { Spending } from './spending.ts';
import type { Micros } from './time.ts';

/** The run newest by `last_updated_at` that fell into a bucket. `value` is in the histogram's source unit. */
export type Exemplar = { readonly sessionId: string; readonly value: number; readonly at: Micros };

/**
 * One durable histogram in its source unit: integer microseconds for durations, tokens or turns otherwise.
 * `counts` has one more entry than `bounds` (the last is +Inf) and is not cumulative.
 */
export type Histogram = {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
  readonly exemplars: readonly (Exemplar | null)[];
};

/** The counters: they never step back while the state lives. */
export type Counters = {
  readonly runs: number;
  /** Those of `runs` that only a history showed. */
  readonly hiddenRuns: number;
  /** Failed runs by error class; the classes sum to the failed runs. */
  readonly errors: Readonly<Record<string, number>>;
  /** The newest failed run of each class, by `last_updated_at`; its `value` is 1. */
  readonly errorExemplars: Readonly<Record<string, Exemplar>>;
  readonly withoutUsage: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly turns: number;
  /** Integer nano-US-dollars; null until a price has applied to the project. */
  readonly costNanoUsd: number | null;
  readonly touches: number;
  readonly duration: Histogram;
  readonly inputTokensPerRun: Histogram;
  readonly outputTokensPerRun: Histogram;
  readonly turnsPerRun: Histogram;
};

/**
 * A maximum over the sessions, with the row that holds it. `lost`: the holder shrank or went, and a rescan has to find the next;
 * null: no session has one.
 */
export type Extreme = { readonly no: number; readonly value: number } | 'lost' | null;

/** Sums over the live sessions' most recent runs; invert under deletion, but for the two extremes. */
export type Gauges = {
  readonly ok: number;
  readonly error: number;
  readonly neverRun: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly turns: number;
  /** Microseconds, summed over the `durationCount` sessions that show a duration. */
  readonly durationUs: number;
  readonly durationCount: number;
  readonly longest: Extreme;
  readonly newest: Extreme;
};

/** How far the event histories have confirmed the counters (docs/accounting.md, H7). */
export type Verification = {
  /** Sessions whose history is still to be read. */
  readonly unverified: number;
  /** Sessions whose history was given up, and did not come since. */
  readonly givenUp: number;
  /** Verifications that had to take the smaller of two numbers, and give-ups. */
  readonly unreconciled: number;
  readonly histories: Readonly<Record<HistoryOutcome, number>>;
};

export type Totals = {
  readonly counters: Counters;
  readonly gauges: Gauges;
  readonly verification: Verification;
  /** What of the cost was counted in the present day and month. */
  readonly spending: Spending;
  /** Complete full sweeps so far: 0 means the gauges are half-filled and must not be shown. */
  readonly sweeps: number;
  /** Those of `sweeps` that dropped no item without a readable id. */
  readonly wholeSweeps: number;
  /** The dense number that the next new session gets; numbers start at 0 and are never used twice. */
  readonly nextNo: number;
  /** Rows kept as tombstones. */
  readonly tombstones: number;
  /** Value of `sweeps` when sessions per index were switched on; their gauge is shown once `sweeps` has passed it. Null: off. */
  readonly indexedFrom: number | null;
};
