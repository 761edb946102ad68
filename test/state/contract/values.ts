/** Builders of domain values for the tests of the state; free of the test runner, as child processes use them too. */
import type { PollStats } from '../../../src/domain/polls.ts';
import type { PolledProject } from '../../../src/domain/project.ts';
import { type HistoryRecord, NO_HISTORY, type Row, type RowChange } from '../../../src/domain/row.ts';
import type { Figures } from '../../../src/domain/session.ts';
import type { Admission, Commit } from '../../../src/domain/store.ts';
import type { Micros } from '../../../src/domain/time.ts';
import type { Totals } from '../../../src/domain/totals.ts';
import { counters, emptyRow, polls as pollStats, project, totals } from '../../builders/values.ts';

/** 2026-05-01T00:00:00Z. */
export const NOW: Micros = 1_777_593_600_000_000;

/** Totals of a project that was never swept. */
export const ZERO_TOTALS: Totals = totals({ counters: counters({ errors: { other: 0 } }), sweeps: 0, wholeSweeps: 0 });

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
  return project({ id, name: `name of ${id}`, organizationId: 'org', ...more });
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
  return pollStats({
    lastSuccess: 2,
    lastFullSweep: 3,
    headPolling: true,
    gapSeconds: 1.5,
    lastDuration: { head: 0.25, full: null },
    polls: { head: { success: polls, failure: 1, skipped: 2 }, full: { success: 3, failure: 0, skipped: 0 } },
    sweepProgress: 0.5,
    invalid: { not_an_object: 0, session_id: 4, last_updated_at: 0, future: 0, job_metadata: 0 },
    staleReads: 5,
    headPollMisses: 6,
  });
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
  return emptyRow(no, { id, updatedAt: 1_777_000_000_000_000 + no, figures: FIGURES, ...more });
}

export function added(recorded: Row): RowChange {
  return { row: recorded, isNew: true };
}

export function changed(recorded: Row): RowChange {
  return { row: recorded, isNew: false };
}

export function commitOf(key: number, changes: readonly RowChange[], more: Partial<Commit> = {}): Commit {
  const top = Math.max(-1, ...changes.map((change) => change.row.no));
  const nothingElse = { minutes: new Map(), indexes: new Map(), cursors: null, malformed: [] };
  return { key, changes, totals: totalsOf(top + 1), ...nothingElse, ...more };
}
