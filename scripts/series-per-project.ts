/** How many series each family has for one project: counted on a project of which everything is known. */
import { beginTotals } from '../src/accounting/begin.ts';
import { POLL_ERROR_CODES, type PollErrorCode } from '../src/domain/errors.ts';
import { INVALID_REASONS, type InvalidReason, type PollStats } from '../src/domain/polls.ts';
import type { PolledProject } from '../src/domain/project.ts';
import { BUILT_IN_CLASSES, classNames, DURATION_BUCKETS, type Rules } from '../src/domain/rules.ts';
import type { Totals } from '../src/domain/totals.ts';
import type { ProjectView } from '../src/domain/view.ts';
import { FAMILIES } from '../src/metrics/families/families.ts';
import { Ownership } from '../src/metrics/families/ownership.ts';
import type { Context } from '../src/metrics/families/sample.ts';

/** The rules of a configuration without prices, budgets and other additions. */
export const DEFAULT_RULES: Rules = {
  accounting: 'every_run',
  errorClasses: BUILT_IN_CLASSES,
  prices: [],
  budgets: [],
  totalBudget: null,
  teams: [],
  durationBuckets: DURATION_BUCKETS,
  exemplars: true,
  indexes: false,
  maxIndexes: 100,
  disabled: [],
};

/** The same with everything that adds series. */
export const FULL_RULES: Rules = {
  ...DEFAULT_RULES,
  prices: [{ applies: () => true, input: 1, output: 1 }],
  budgets: [{ applies: () => true, perDay: 1, perMonth: 1 }],
};

const PROJECT: PolledProject = {
  id: 'p',
  name: 'p',
  organizationId: 'o',
  isDefault: false,
  createdAt: null,
  account: 'a',
};
const NONE = { success: 0, failure: 0, skipped: 0 } as const;

const zeros = <K extends string>(keys: readonly K[]): Readonly<Record<K, number>> =>
  Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;

const POLLS: PollStats = {
  up: true,
  lastSuccess: 1,
  lastFullSweep: 1,
  headPolling: true,
  gapSeconds: 1,
  lastDuration: { head: 1, full: 1 },
  polls: { head: NONE, full: NONE },
  failures: zeros<PollErrorCode>(POLL_ERROR_CODES),
  sweepProgress: 1,
  invalid: zeros<InvalidReason>(INVALID_REASONS),
  staleReads: 0,
  headPollMisses: 0,
};

function swept(totals: Totals): Totals {
  const longest = { no: 0, value: 1 };
  return { ...totals, sweeps: 1, gauges: { ...totals.gauges, ok: 1, durationCount: 1, longest, newest: longest } };
}

function fullView(rules: Rules): ProjectView {
  return {
    project: PROJECT,
    totals: swept(beginTotals(PROJECT, rules)),
    polls: POLLS,
    seenUpTo: 1,
    oldestUnverified: 1,
    activity: { m5: 0, h1: 0, h24: 0 },
    indexes: null,
    spent: { dayNanoUsd: 0, dayUntil: 1, monthNanoUsd: 0, monthUntil: 1 },
    freshUntil: 1,
  };
}

/** Series by the name of the family. */
export function seriesPerProject(rules: Rules): ReadonlyMap<string, number> {
  const view = fullView(rules);
  const context: Context = {
    accounting: rules.accounting,
    classes: classNames(rules),
    exemplars: rules.exemplars,
    fresh: true,
    isSameMonth: true,
    ownership: new Ownership(rules),
  };
  return new Map(FAMILIES.map(({ metric, samples }) => [metric.name, samples(view, context).length]));
}

/** Series in all. */
export function seriesInAll(rules: Rules): number {
  return [...seriesPerProject(rules).values()].reduce((sum, n) => sum + n, 0);
}
