/** Spent against budget, and the forecast for the month: what the overview and the project dashboard have in common. */
import { VizOrientation } from '@grafana/grafana-foundation-sdk/common';
import { EXPORTER, MONEY, RUNS } from '../../src/metrics/catalog.ts';
import { stat } from './common.ts';
import { color, limitedBy, unit } from './overrides.ts';
import { COLOR } from './palette.ts';
import { ofExporter, ofProjects, ratio, total } from './promql.ts';
import { now } from './queries.ts';

export const NO_BUDGET = 'No budget configured: set budgets in the configuration file of the exporter';

/** Of the month (UTC), with fractions. */
const DAYS_LEFT = 'scalar(days_in_month() + 1 - day_of_month() - hour() / 24 - minute() / 1440)';

export const spentThisMonth = total(ofProjects(MONEY.costThisMonth));
export const spentInADay = total(`increase(${ofProjects(RUNS.cost)}[1d])`);

/** Seconds of the last week in which the exporter counted, at least an hour. */
const counted = `clamp(time() - min(${ofExporter(EXPORTER.stateCreated)}), 3600, 604800)`;
/** What is spent, and what the rest of the month costs at the mean pace of the last week. */
export const forecast = `${spentThisMonth} + ${total(`increase(${ofProjects(RUNS.cost)}[7d])`)} / ${counted} * 86400 * ${DAYS_LEFT}`;

/** `budget`: an expression for the budget of a period. */
export function againstBudget(title: string, description: string, budget: (period: 'day' | 'month') => string) {
  return stat(title, description, 'currencyUSD')
    .decimals(2)
    .noValue('No price or budget configured')
    .orientation(VizOrientation.Horizontal)
    .withTarget(now(spentThisMonth, 'This month'))
    .withTarget(now(forecast, 'Forecast'))
    .withTarget(now(budget('month'), 'Budget of the month'))
    .withTarget(now(ratio(spentThisMonth, budget('month')), 'Spent of it'))
    .withTarget(now(ratio(`(${forecast})`, budget('month')), 'Forecast of it'))
    .withTarget(now(ratio(spentInADay, budget('day')), 'Last 24 h of the budget'))
    .overrideByRegexp('/^(This month|Forecast)$/', [color(COLOR.cost)])
    .overrideByName('Budget of the month', [color(COLOR.past)])
    .overrideByRegexp('/of (it|the budget)$/', [...unit('percentunit', 0), ...limitedBy(OF_BUDGET)]);
}

/** Shares of a budget: nearly spent, and spent. */
export const OF_BUDGET = { warning: 0.8, bad: 1 };
