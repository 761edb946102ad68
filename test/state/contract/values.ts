/** Builders of domain values for the tests of the state; free of the test runner, as child processes use them too. */
import { POLL_ERROR_CODES, type PollErrorCode } from '../../../src/domain/errors.ts';
import type { PollStats } from '../../../src/domain/polls.ts';
import type { PolledProject } from '../../../src/domain/project.ts';
import { type HistoryRecord, NO_HISTORY, type Row, type RowChange } from '../../../src/domain/row.ts';
import type { Figures } from '../../../src/domain/session.ts';
import { NOTHING_SPENT } from '../../../src/domain/spending.ts';
import type { Admission, Commit } from '../../../src/domain/store.ts';
import type { Micros } from '../../../src/domain/time.ts';
import type { Histogram, Totals } from '../../../src/domain/totals.ts';

/** 2026-05-01T00:00:00Z. */
export const NOW: Micros = 1_777_593_600_000_000;

const NO_FAILURES = Object.fromEntries(POLL_ERROR_CODES.map((code) => [code, 0])) as Record<PollErrorCode, number>;

const EMPTY_HISTOGRAM: Histogram = { bounds: [1, 2], counts: [0, 0, 0], sum: 0, exemplars: [null, null, null] };

export const ZERO_TOTALS: Totals = {
  counters: {
    runs: 0,
    hiddenRuns: 0,
    errors: { other: 0 },
    errorExemplars: {},
    withoutUsage: 0,
    inputTokens: 0,
    outputTokens: 0,
    turns: 0,
    costNanoUsd: null,
    touches: 0,
    duration: EMPTY_HISTOGRAM,
    inputTokensPerRun: EMPTY_HISTOGRAM,
    outputTokensPerRun: EMPTY_HISTOGRAM,
    turnsPerRun: EMPTY_HISTOGRAM,
  },
  gauges: {
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
  },
  verification: {
    unverified: 0,
    givenUp: 0,
    unreconciled: 0,
    histories: { verified: 0, behind: 0, failed: 0, given_up: 0 },
  },
  spending: NOTHING_SPENT,
  sweeps: 0,
  wholeSweeps: 0,
  nextNo: 0,
  tombstones: 0,
  indexedFrom: null,
};

/** Totals after `runs` runs of as many sessions. */
export function totalsOf(runs: number, more: Partial<Totals> = {}): Totals {
  return {
    ...ZERO_TOTALS,
    counters: { ...ZERO_TOTALS.counters, runs },
    gauges: { ...ZERO_TOTALS.gauges, ok: runs },
    nextNo: runs,
    ...more,
  };
}

export function projectOf(id: string, more: Partial<PolledProject> = {}): PolledProject {
  return {
    id,
    name: `name of ${id}`,
    organizationId: 'org',
    account: 'default',
    isDefault: false,
    createdAt: null,
    ...more,
  };
}

export function admissionOf(id: string, more: Partial<Admission> = {}): Admission {
  return { project: projectOf(id), epoch: 5_000, absences: 0, leftAt: null, totals: ZERO_TOTALS, ...more };
}

export const FIGURES: Figures = {
  durationUs: 1_234_567,
  isError: false,
  errorHash: null,
  inputTokens: 1_000,
  outputTokens: 200,
  turns: 3,
};

/** Statistics of a project with `polls` successful head polls. */
export function statsOf(polls: number): PollStats {
  return {
    up: true,
    lastSuccess: 2,
    lastFullSweep: 3,
    headPolling: true,
    gapSeconds: 1.5,
    lastDuration: { head: 0.25, full: null },
    polls: { head: { success: polls, failure: 1, skipped: 2 }, full: { success: 3, failure: 0, skipped: 0 } },
    failures: NO_FAILURES,
    sweepProgress: 0.5,
    invalid: { not_an_object: 0, session_id: 4, last_updated_at: 0, future: 0, job_metadata: 0 },
    staleReads: 5,
    headPollMisses: 6,
  };
}

/** A history that was read to its end, whose newest stop is the recorded run. */
export const VERIFIED: HistoryRecord = {
  ...NO_HISTORY,
  place: 7,
  stop: { index: 6, figures: FIGURES, fillable: 0 },
};

/** A history that is to be read from `dueAt` on. */
export function waitingFor(dueAt: number, since = dueAt - 1): HistoryRecord {
  return { ...VERIFIED, unverified: { from: since, since, changedAt: since, tries: 0, dueAt } };
}

export function rowOf(no: number, id: string, more: Partial<Row> = {}): Row {
  return {
    no,
    id,
    updatedAt: 1_777_000_000_000_000 + no,
    figures: FIGURES,
    fillable: 0,
    errorClass: null,
    stale: null,
    missingSince: null,
    deletedAt: null,
    indexIds: null,
    history: NO_HISTORY,
    ...more,
  };
}

export function added(row: Row): RowChange {
  return { row, isNew: true };
}

export function changed(row: Row): RowChange {
  return { row, isNew: false };
}

export function commitOf(key: number, changes: readonly RowChange[], more: Partial<Commit> = {}): Commit {
  const top = Math.max(-1, ...changes.map((change) => change.row.no));
  const nothingElse = { minutes: new Map(), indexes: new Map(), cursors: null, malformed: [] };
  return { key, changes, totals: totalsOf(top + 1), ...nothingElse, ...more };
}
