/** Who spends how much of what was planned. */
import { MONEY, RUNS } from '../../../src/metrics/catalog.ts';
import { bars, byThresholds, limits } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { againstBudget, NO_BUDGET, OF_BUDGET } from '../money.ts';
import { max, ofExporter, ofProjects, ratio, top, total, withNames } from '../promql.ts';
import { now } from '../queries.ts';

const budgetOf = (period: 'day' | 'month'): string => max(ofProjects(MONEY.budget, `period="${period}"`), 'project_id');

function together() {
  return againstBudget(
    'Month against budget',
    'Estimated cost of the chosen projects since the month began (UTC), its forecast at the mean pace of the last week, and both beside the budget of all projects together.',
    (period) => max(ofExporter(MONEY.totalBudget, `period="${period}"`)),
  );
}

function shares(title: string, description: string, spent: string, period: 'day' | 'month') {
  return bars(title, description, 'percentunit')
    .noValue(NO_BUDGET)
    .decimals(0)
    .colorScheme(byThresholds())
    .thresholds(limits(OF_BUDGET))
    .withTarget(now(`sort_desc(${withNames(top(10, ratio(spent, budgetOf(period))))})`, '{{project}}'));
}

const ofTheMonth = () =>
  shares(
    'Spent of the budget of the month',
    'Estimated cost since the month began (UTC) over the budget of the project; the ten that have spent most of theirs.',
    total(ofProjects(MONEY.costThisMonth), 'project_id'),
    'month',
  );

const ofTheDay = () =>
  shares(
    'Spent of the budget of a day',
    'Estimated cost of the last 24 hours over the budget of the project; the ten that have spent most of theirs.',
    total(`increase(${ofProjects(RUNS.cost)}[1d])`, 'project_id'),
    'day',
  );

export function budgets(): Row {
  return {
    title: 'Budgets',
    panels: [place(together(), 8, 9), place(ofTheMonth(), 8, 9), place(ofTheDay(), 8, 9)],
  };
}
