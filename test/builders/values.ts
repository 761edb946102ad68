/** Builders of whole, valid domain values: rules, totals, statistics of polls, views and rows; a test changes only what it is about. */
import type { PollErrorCode } from '../../src/domain/errors.ts';
import type { InvalidReason, PollStats } from '../../src/domain/polls.ts';
import type { PolledProject } from '../../src/domain/project.ts';
import { NO_HISTORY, type Row } from '../../src/domain/row.ts';
import { BUILT_IN_CLASSES, DURATION_BUCKETS, type Rules, TOKEN_BUCKETS, TURN_BUCKETS } from '../../src/domain/rules.ts';
import { NOTHING_SPENT } from '../../src/domain/spending.ts';
import type { Counters, Gauges, Histogram, Totals, Verification } from '../../src/domain/totals.ts';
import type { ProjectView } from '../../src/domain/view.ts';

/** The rules of a configuration without prices, budgets and teams. */
export const RULES: Rules = {
  accounting: 'every_run',
  errorClasses: BUILT_IN_CLASSES,
  prices: [],
  budgets: [],
  totalBudget: null,
  teams: [],
  disabled: [],
  durationBuckets: DURATION_BUCKETS,
  exemplars: true,
  indexes: false,
  maxIndexes: 100,
};

/** 2026-01-01T00:00:00Z in microseconds. */
export const NOW = 1_767_225_600_000_000;

/** A histogram without observations. */
export function emptyHistogram(bounds: readonly number[]): Histogram {
  const places = [...bounds, Number.POSITIVE_INFINITY];
  return { bounds, counts: places.map(() => 0), sum: 0, exemplars: places.map(() => null) };
}

export function counters(changes: Partial<Counters> = {}): Counters {
  return {
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
    duration: emptyHistogram(DURATION_BUCKETS.map((seconds) => seconds * 1e6)),
    inputTokensPerRun: emptyHistogram(TOKEN_BUCKETS),
    outputTokensPerRun: emptyHistogram(TOKEN_BUCKETS),
    turnsPerRun: emptyHistogram(TURN_BUCKETS),
    ...changes,
  };
}

export function gauges(changes: Partial<Gauges> = {}): Gauges {
  return {
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
    ...changes,
  };
}

export function verification(changes: Partial<Verification> = {}): Verification {
  return {
    unverified: 0,
    givenUp: 0,
    unreconciled: 0,
    histories: { verified: 0, behind: 0, failed: 0, given_up: 0 },
    ...changes,
  };
}

export function totals(changes: Partial<Totals> = {}): Totals {
  return {
    counters: counters(),
    gauges: gauges(),
    verification: verification(),
    spending: NOTHING_SPENT,
    sweeps: 1,
    wholeSweeps: 1,
    nextNo: 0,
    tombstones: 0,
    indexedFrom: null,
    ...changes,
  };
}

const NO_FAILURES: Readonly<Record<PollErrorCode, number>> = {
  unauthorized: 0,
  forbidden: 0,
  not_found: 0,
  rejected: 0,
  rate_limited: 0,
  timeout: 0,
  connection: 0,
  server_error: 0,
  malformed: 0,
  pagination: 0,
  state: 0,
};

const NONE_INVALID: Readonly<Record<InvalidReason, number>> = {
  not_an_object: 0,
  session_id: 0,
  last_updated_at: 0,
  future: 0,
  job_metadata: 0,
};

export function polls(changes: Partial<PollStats> = {}): PollStats {
  return {
    up: true,
    lastSuccess: NOW,
    lastFullSweep: NOW,
    headPolling: false,
    gapSeconds: null,
    lastDuration: { head: null, full: null },
    polls: { head: { success: 0, failure: 0, skipped: 0 }, full: { success: 0, failure: 0, skipped: 0 } },
    failures: NO_FAILURES,
    sweepProgress: 1,
    invalid: NONE_INVALID,
    staleReads: 0,
    headPollMisses: 0,
    ...changes,
  };
}

export function project(changes: Partial<PolledProject> = {}): PolledProject {
  return {
    id: 'p1',
    name: 'Support',
    organizationId: 'org1',
    isDefault: false,
    createdAt: null,
    account: 'default',
    ...changes,
  };
}

/** A fresh project after one complete sweep. */
export function view(changes: Partial<ProjectView> = {}): ProjectView {
  return {
    project: project(),
    totals: totals(),
    polls: polls(),
    seenUpTo: null,
    oldestUnverified: null,
    activity: null,
    indexes: null,
    spent: { dayNanoUsd: 0, dayUntil: NOW + 86_400_000_000, monthNanoUsd: 0, monthUntil: NOW + 31 * 86_400_000_000 },
    clockAhead: 0,
    freshUntil: NOW + 3_600_000_000,
    ...changes,
  };
}

/** A row of a session that never ran. */
export function emptyRow(no: number, changes: Partial<Row> = {}): Row {
  return {
    no,
    id: `session ${no}`,
    updatedAt: NOW - no,
    figures: null,
    fillable: 0,
    errorClass: null,
    stale: null,
    missingSince: null,
    deletedAt: null,
    indexIds: null,
    history: NO_HISTORY,
    ...changes,
  };
}
