/** The status of one project, for the table of projects. */
import type { FailingHistory, ProjectStatus, Status, VerificationStatus } from '../domain/status.ts';
import type { Micros } from '../domain/time.ts';
import type { Counters, Gauges, Totals } from '../domain/totals.ts';
import type { ProjectView } from '../domain/view.ts';
import type { LastPoll } from './memory.ts';
import { iso } from './problems.ts';

/** Nano-US-dollars in one. */
export const NANO_USD = 1e9;

/** `lastPoll`: of this process; without one the durations restored from the state speak. */
export function projectStatus(
  view: ProjectView,
  accounting: Status['accounting'],
  lastPoll: LastPoll | null,
  sweep: ProjectStatus['sweep'],
  failing: readonly FailingHistory[],
  lastHour: ProjectStatus['lastHour'],
): ProjectStatus {
  const { project, totals, polls } = view;
  const { counters } = totals;
  return {
    id: project.id,
    name: project.name,
    account: project.account,
    up: polls.up,
    sessions: sessions(totals),
    runs: counters.runs,
    failedRuns: failedRuns(counters),
    lastHour,
    sessionsInError: totals.sweeps === 0 ? null : totals.gauges.error,
    errorRatio: totals.sweeps === 0 ? null : errorRatio(totals.gauges),
    costUsd: counters.costNanoUsd === null ? null : counters.costNanoUsd / NANO_USD,
    inputTokens: counters.inputTokens,
    outputTokens: counters.outputTokens,
    verification: accounting === 'every_run' ? verification(view, failing) : null,
    unreconciled: totals.verification.unreconciled,
    lastSuccess: polls.lastSuccess === null ? null : iso(polls.lastSuccess),
    lastPoll: lastPoll ?? restoredPoll(view),
    headPolling: polls.headPolling,
    sweep,
  };
}

export function failedRuns({ errors }: Pick<Counters, 'errors'>): number {
  return Object.values(errors).reduce((sum, n) => sum + n, 0);
}

function verification(view: ProjectView, failing: readonly FailingHistory[]): VerificationStatus {
  const { unverified, givenUp } = view.totals.verification;
  const upTo = exactUpTo(view);
  return { exactUpTo: upTo === null ? null : iso(upTo), waiting: unverified, givenUp, failing };
}

/**
 * The last successful poll showed the newest run of every session as of its begin: a sweep may take long, and its first page is as old
 * as that. Older runs may be missing where a history is still to be read.
 */
function exactUpTo({ oldestUnverified, seenUpTo }: ProjectView): Micros | null {
  if (seenUpTo === null || oldestUnverified === null) return seenUpTo;
  return Math.min(seenUpTo, oldestUnverified - 1);
}

/** Half-filled gauges must not be shown. */
function sessions({ sweeps, gauges }: Totals): number | null {
  return sweeps === 0 ? null : gauges.ok + gauges.error + gauges.neverRun;
}

/** Error / (ok + error); null when no session has run. */
function errorRatio({ ok, error }: Gauges): number | null {
  return ok + error === 0 ? null : error / (ok + error);
}

function restoredPoll({ polls }: ProjectView): LastPoll | null {
  const kind = polls.lastDuration.head === null ? 'full' : 'head';
  const seconds = polls.lastDuration[kind];
  return seconds === null ? null : { kind, seconds };
}
