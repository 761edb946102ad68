/** What a project costs, by the configured prices. */
import { VizOrientation } from '@grafana/grafana-foundation-sdk/common';
import { MONEY, RUNS } from '../../../src/metrics/catalog.ts';
import { lines, NO_PRICE, stat } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { againstBudget, spentThisMonth } from '../money.ts';
import { color, dashed, unit } from '../overrides.ts';
import { COLOR } from '../palette.ts';
import { growth, ofProjects, rate, ratio, total, weekAgo } from '../promql.ts';
import { now, series } from '../queries.ts';

const perSecond = total(rate(ofProjects(RUNS.cost)));

function costPerHour() {
  return lines('Cost per hour', 'Estimated cost per hour, now and a week ago.', 'currencyUSD')
    .noValue(NO_PRICE)
    .withTarget(series(`${perSecond} * 3600`, 'Now'))
    .withTarget(series(`${total(weekAgo(RUNS.cost, 'rate'))} * 3600`, 'A week ago'))
    .overrideByName('Now', [color(COLOR.cost)])
    .overrideByName('A week ago', [color(COLOR.past), ...dashed()]);
}

function costPerRun() {
  return lines('Cost per run', 'Estimated cost of a run, failed runs included: the mean of each window.', 'currencyUSD')
    .noValue(NO_PRICE)
    .withTarget(series(ratio(perSecond, total(rate(ofProjects(RUNS.runs)))), 'Per run'))
    .overrideByName('Per run', [color(COLOR.cost)]);
}

function againstLastWeek() {
  const spent = total(growth(ofProjects(RUNS.cost)));
  const before = total(weekAgo(RUNS.cost, 'growth'));
  return stat(
    'Cost of the time range',
    'Estimated cost within the time range, and within the same range a week ago.',
    'currencyUSD',
  )
    .decimals(2)
    .noValue('No price configured')
    .orientation(VizOrientation.Horizontal)
    .withTarget(now(spent, 'Now'))
    .withTarget(now(before, 'A week ago'))
    .withTarget(now(`${spent} / (${before} > 0) - 1`, 'Change'))
    .overrideByName('Now', [color(COLOR.cost)])
    .overrideByName('A week ago', [color(COLOR.past)])
    .overrideByName('Change', [color(COLOR.past), ...unit('percentunit', 0)]);
}

/** Of those chosen projects that have one. */
const budgetOf = (period: 'day' | 'month'): string => total(ofProjects(MONEY.budget, `period="${period}"`));

function budget() {
  return againstBudget(
    'Month against budget',
    'Estimated cost since the month began (UTC), its forecast at the mean pace of the last week, and both beside the budgets of the chosen projects.',
    budgetOf,
  );
}

function monthOverTime() {
  return lines('Month over time', 'Estimated cost since the month began (UTC), and the budget.', 'currencyUSD')
    .noValue(NO_PRICE)
    .withTarget(series(spentThisMonth, 'Spent'))
    .withTarget(series(budgetOf('month'), 'Budget'))
    .overrideByName('Spent', [color(COLOR.cost)])
    .overrideByName('Budget', [color(COLOR.error), ...dashed()]);
}

export function cost(): Row {
  return {
    title: 'Cost',
    panels: [
      place(costPerHour(), 9, 8),
      place(costPerRun(), 9, 8),
      place(againstLastWeek(), 6, 8),
      place(monthOverTime(), 15, 9),
      place(budget(), 9, 9),
    ],
  };
}
