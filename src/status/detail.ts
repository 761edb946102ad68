/** The status of one project, for its own page. */

import type { PolledProject } from '../domain/project.ts';
import type { Budget } from '../domain/rules.ts';
import { spentBy } from '../domain/spending.ts';
import type { MoneyStatus, Problem, ProjectDetail, ProjectStatus, Status } from '../domain/status.ts';
import { type Micros, SECOND } from '../domain/time.ts';
import type { ProjectView } from '../domain/view.ts';
import { iso } from './problems.ts';
import { NANO_USD } from './project.ts';
import { quantile } from './quantile.ts';

/** What the configuration says of projects. */
export type StatusRules = {
  /** Null: the project has no budget of its own. */
  readonly budgetOf: (project: PolledProject) => Budget | null;
  /** Empty: no team is configured for it. */
  readonly teamOf: (project: PolledProject) => string;
};

export const NO_RULES: StatusRules = { budgetOf: () => null, teamOf: () => '' };

export type DetailParts = {
  readonly now: Micros;
  readonly rules: StatusRules;
  /** Of all projects, open ones first. */
  readonly problems: readonly Problem[];
};

export function projectDetail(
  view: ProjectView,
  project: ProjectStatus,
  accounting: Status['accounting'],
  { now, rules, problems }: DetailParts,
): ProjectDetail {
  const { counters } = view.totals;
  return {
    now: iso(now),
    accounting,
    project,
    organizationId: view.project.organizationId,
    team: rules.teamOf(view.project),
    failedByClass: Object.entries(counters.errors)
      .filter(([, runs]) => runs > 0)
      .sort(([, a], [, b]) => b - a),
    duration: { p50: seconds(quantile(counters.duration, 0.5)), p95: seconds(quantile(counters.duration, 0.95)) },
    money: moneyOf(view, rules.budgetOf(view.project), now),
    problems: problems.filter(({ scope, subject }) => scope === 'project' && subject === project.id),
  };
}

function seconds(us: number | null): number | null {
  return us === null ? null : us / SECOND;
}

/** Nothing was spent where no price has applied: that is not known rather than 0. */
function moneyOf({ totals, spent }: ProjectView, budget: Budget | null, now: Micros): MoneyStatus {
  const isPriced = totals.counters.costNanoUsd !== null;
  const { dayNanoUsd, monthNanoUsd } = spentBy(spent, now);
  return {
    todayUsd: isPriced ? dayNanoUsd / NANO_USD : null,
    monthUsd: isPriced ? monthNanoUsd / NANO_USD : null,
    dayBudgetUsd: budget?.perDay ?? null,
    monthBudgetUsd: budget?.perMonth ?? null,
  };
}
