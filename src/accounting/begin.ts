/** How a project's totals begin, and how they follow a change of the rules. Pure. */
import type { Project } from '../domain/project.ts';
import { classNames, type Rules, TOKEN_BUCKETS, TURN_BUCKETS } from '../domain/rules.ts';
import { NOTHING_SPENT } from '../domain/spending.ts';
import type { Micros } from '../domain/time.ts';
import type { Counters, Histogram, Totals, Verification } from '../domain/totals.ts';
import { NO_SESSIONS } from './counters/gauges.ts';
import { durationBounds, emptyHistogram } from './counters/histogram.ts';
import { priceOf } from './counters/prices.ts';

const NOTHING_VERIFIED: Verification = {
  unverified: 0,
  givenUp: 0,
  unreconciled: 0,
  histories: { verified: 0, behind: 0, failed: 0, given_up: 0 },
};

/** Totals of a project just discovered: every counter at 0. */
export function beginTotals(project: Pick<Project, 'id' | 'name'>, rules: Rules): Totals {
  return {
    counters: beginCounters(project, rules),
    gauges: NO_SESSIONS,
    verification: NOTHING_VERIFIED,
    spending: NOTHING_SPENT,
    sweeps: 0,
    wholeSweeps: 0,
    nextNo: 0,
    tombstones: 0,
    indexedFrom: rules.indexes ? 0 : null,
  };
}

function beginCounters(project: Pick<Project, 'id' | 'name'>, rules: Rules): Counters {
  return {
    runs: 0,
    hiddenRuns: 0,
    errors: Object.fromEntries(classNames(rules).map((name) => [name, 0])),
    errorExemplars: {},
    withoutUsage: 0,
    inputTokens: 0,
    outputTokens: 0,
    turns: 0,
    costNanoUsd: priceOf(project, rules) === null ? null : 0,
    touches: 0,
    duration: emptyHistogram(durationBounds(rules.durationBuckets)),
    inputTokensPerRun: emptyHistogram(TOKEN_BUCKETS),
    outputTokensPerRun: emptyHistogram(TOKEN_BUCKETS),
    turnsPerRun: emptyHistogram(TURN_BUCKETS),
  };
}

/** Totals under other rules, and the names of the histograms that start again because their buckets changed. */
export type Adopted = { readonly totals: Totals; readonly restarted: readonly string[] };

/**
 * Brings totals under the rules in force: new classes and prices begin at 0, removed ones keep their counter, a histogram whose
 * buckets changed starts again at 0, sessions per index begin or end. The same totals when nothing changes.
 */
export function adoptRules(totals: Totals, project: Pick<Project, 'id' | 'name'>, rules: Rules): Adopted {
  const zero = beginCounters(project, rules);
  const { counters } = totals;
  const duration = keepHistogram(counters.duration, zero.duration);
  const next: Totals = {
    ...totals,
    counters: {
      ...counters,
      errors: { ...zero.errors, ...counters.errors },
      costNanoUsd: counters.costNanoUsd ?? zero.costNanoUsd,
      duration,
    },
    indexedFrom: rules.indexes ? (totals.indexedFrom ?? totals.sweeps) : null,
  };
  const restarted = duration === counters.duration ? [] : ['run_duration_seconds'];
  return { totals: isSame(totals, next) ? totals : next, restarted };
}

function keepHistogram(present: Histogram, wanted: Histogram): Histogram {
  const same = present.bounds.length === wanted.bounds.length && present.bounds.every((b, i) => b === wanted.bounds[i]);
  return same ? present : wanted;
}

function isSame(a: Totals, b: Totals): boolean {
  return (
    a.indexedFrom === b.indexedFrom &&
    a.counters.duration === b.counters.duration &&
    a.counters.costNanoUsd === b.counters.costNanoUsd &&
    Object.keys(a.counters.errors).length === Object.keys(b.counters.errors).length
  );
}

/**
 * The epoch of a project first seen at `now` (server time): `now`, or the account's previous successful discovery when the project
 * was created after that, so that its first runs count (docs/accounting.md, L2).
 */
export function epochOf(project: Pick<Project, 'createdAt'>, now: Micros, previousDiscovery: Micros | null): Micros {
  const isYoung = project.createdAt !== null && previousDiscovery !== null && project.createdAt > previousDiscovery;
  return isYoung ? Math.min(previousDiscovery, now) : now;
}
