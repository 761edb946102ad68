/** One project as its own page shows it. */
import type { MoneyStatus, Problem, ProjectDetail, ProjectStatus, Status } from '../domain/status.ts';
import { type Micros, SECOND } from '../domain/time.ts';
import type { ProjectView } from '../domain/view.ts';
import { iso } from './problems.ts';
import { NANO_USD } from './project.ts';
import { quantile } from './quantile.ts';
import type { SpentToday } from './spending.ts';

export type DetailParts = {
  readonly now: Micros;
  readonly spent: SpentToday | null;
  /** Of all projects, open ones first. */
  readonly problems: readonly Problem[];
};

export function projectDetail(
  view: ProjectView,
  project: ProjectStatus,
  accounting: Status['accounting'],
  { now, spent, problems }: DetailParts,
): ProjectDetail {
  const { counters } = view.totals;
  return {
    now: iso(now),
    accounting,
    project,
    organizationId: view.project.organizationId,
    failedByClass: Object.entries(counters.errors)
      .filter(([, runs]) => runs > 0)
      .sort(([, a], [, b]) => b - a),
    duration: { p50: seconds(quantile(counters.duration, 0.5)), p95: seconds(quantile(counters.duration, 0.95)) },
    money: moneyOf(spent),
    problems: problems.filter(({ scope, subject }) => scope === 'project' && subject === project.id),
  };
}

function seconds(us: number | null): number | null {
  return us === null ? null : us / SECOND;
}

/** The month and the budgets are not known here yet. */
function moneyOf(spent: SpentToday | null): MoneyStatus {
  return {
    todayUsd: spent === null ? null : spent.nanoUsd / NANO_USD,
    todayFrom: spent === null ? null : iso(spent.from),
    monthUsd: null,
    dayBudgetUsd: null,
    monthBudgetUsd: null,
  };
}
