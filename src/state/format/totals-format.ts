/**
 * The format of stored totals. A figure, counter or gauge that a later version adds begins at its value at rest, also in totals that were
 * stored before it existed: `undefined + 1` would be NaN for ever. What is missing here does not compile.
 */
import { TOKEN_BUCKETS, TURN_BUCKETS } from '../../domain/rules.ts';
import { NOTHING_SPENT } from '../../domain/spending.ts';
import type { Counters, Gauges, Histogram, Totals, Verification } from '../../domain/totals.ts';

/** 1: version 0.1, which wrote none. To be raised where a stored value changes its meaning; one that is new needs no other format. */
export const TOTALS_FORMAT = 2;

type Parts = { readonly counters: Counters; readonly gauges: Gauges; readonly verification: Verification };

/** Totals of this format or an earlier one. */
export type StoredTotals = Partial<Omit<Totals, keyof Parts>> & {
  readonly [Part in keyof Parts]?: Partial<Parts[Part]>;
} & {
  readonly format?: number;
};

const COUNTERS_AT_REST: Counters = {
  runs: 0,
  hiddenRuns: 0,
  errors: {},
  errorExemplars: {},
  withoutUsage: 0,
  inputTokens: 0,
  outputTokens: 0,
  turns: 0,
  costNanoUsd: null,
  touches: 0,
  // Its buckets are configured: with none it begins anew as soon as the rules are known.
  duration: emptyHistogram([]),
  inputTokensPerRun: emptyHistogram(TOKEN_BUCKETS),
  outputTokensPerRun: emptyHistogram(TOKEN_BUCKETS),
  turnsPerRun: emptyHistogram(TURN_BUCKETS),
};

const GAUGES_AT_REST: Gauges = {
  ok: 0,
  error: 0,
  neverRun: 0,
  inputTokens: 0,
  outputTokens: 0,
  turns: 0,
  durationUs: 0,
  durationCount: 0,
  longest: null,
  newest: null,
};

const VERIFICATION_AT_REST: Verification = {
  unverified: 0,
  givenUp: 0,
  unreconciled: 0,
  histories: { verified: 0, behind: 0, failed: 0, given_up: 0 },
};

/** The totals as this version knows them. */
export function upgradeTotals(stored: StoredTotals): Totals {
  const verification = { ...VERIFICATION_AT_REST, ...stored.verification };
  return {
    counters: { ...COUNTERS_AT_REST, ...stored.counters },
    gauges: { ...GAUGES_AT_REST, ...stored.gauges },
    verification: { ...verification, histories: { ...VERIFICATION_AT_REST.histories, ...verification.histories } },
    spending: stored.spending ?? NOTHING_SPENT,
    sweeps: stored.sweeps ?? 0,
    wholeSweeps: stored.wholeSweeps ?? 0,
    nextNo: stored.nextNo ?? 0,
    tombstones: stored.tombstones ?? 0,
    indexedFrom: stored.indexedFrom ?? null,
  };
}

function emptyHistogram(bounds: readonly number[]): Histogram {
  const slots = [...bounds, Number.POSITIVE_INFINITY];
  return { bounds, counts: slots.map(() => 0), sum: 0, exemplars: slots.map(() => null) };
}
