/**
 * The format of stored totals. A figure or counter that a later version adds begins at its value at rest, also in totals that were stored
 * before it existed: `undefined + 1` would be NaN for ever.
 */
import type { Counters, Totals, Verification } from '../domain/totals.ts';

/** 1: version 0.1, which wrote none. */
export const TOTALS_FORMAT = 2;

/** Totals of this format or an earlier one. */
export type StoredTotals = Omit<Totals, 'counters' | 'verification' | 'wholeSweeps'> & {
  readonly format?: number;
  readonly counters: Partial<Counters>;
  readonly verification?: Partial<Verification>;
  readonly wholeSweeps?: number;
};

const COUNTERS_AT_REST = {
  runs: 0,
  hiddenRuns: 0,
  errors: {},
  withoutUsage: 0,
  inputTokens: 0,
  outputTokens: 0,
  turns: 0,
  costNanoUsd: null,
  touches: 0,
} as const;

const VERIFICATION_AT_REST: Verification = {
  unverified: 0,
  givenUp: 0,
  unreconciled: 0,
  histories: { verified: 0, behind: 0, failed: 0, given_up: 0 },
};

export function upgradeTotals({ format: _, ...stored }: StoredTotals): Totals {
  const verification = { ...VERIFICATION_AT_REST, ...stored.verification };
  return {
    ...stored,
    // Histograms have bounds that the configuration knows: all versions so far have the same four.
    counters: { ...COUNTERS_AT_REST, ...stored.counters } as Counters,
    verification: { ...verification, histories: { ...VERIFICATION_AT_REST.histories, ...verification.histories } },
    wholeSweeps: stored.wholeSweeps ?? 0,
  };
}
