/** Builders of domain values for the tests of the state; free of the test runner, as child processes use them too. */
import type { PolledProject } from '../../src/domain/project.ts';
import type { Row, RowChange } from '../../src/domain/row.ts';
import type { Figures } from '../../src/domain/session.ts';
import type { Admission, Commit } from '../../src/domain/store.ts';
import type { Histogram, Totals } from '../../src/domain/totals.ts';

const EMPTY_HISTOGRAM: Histogram = { bounds: [1, 2], counts: [0, 0, 0], sum: 0, exemplars: [null, null, null] };

export const ZERO_TOTALS: Totals = {
  counters: {
    runs: 0,
    errors: { other: 0 },
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
  sweeps: 0,
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

export function rowOf(no: number, id: string, more: Partial<Row> = {}): Row {
  return {
    no,
    id,
    updatedAt: 1_777_000_000_000_000 + no,
    figures: FIGURES,
    previous: null,
    stale: null,
    missingSince: null,
    deletedAt: null,
    stops: null,
    lastStop: null,
    indexIds: null,
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
  return { key, changes, totals: totalsOf(top + 1), minutes: new Map(), indexes: new Map(), cursors: null, ...more };
}
