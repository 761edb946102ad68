/** Cases for alerts on daily and monthly budgets, of one project and of all together. */
import type { AlertCase } from '../case.ts';
import {
  COST,
  flat,
  INSTANCE_LABELS,
  own,
  PROJECT_ALERT_LABELS,
  project,
  ramp,
  recorded,
  type Series,
  seq,
} from '../series.ts';
import { spend } from './common.ts';

const TOTAL = {
  day: own('llamacloud_chat_total_budget_usd', { period: 'day' }),
  month: own('llamacloud_chat_total_budget_usd', { period: 'month' }),
};
const BUDGET = {
  day: project('llamacloud_chat_budget_usd', { period: 'day' }),
  month: project('llamacloud_chat_budget_usd', { period: 'month' }),
};
const MONTH = project('llamacloud_chat_cost_this_month_usd');
const DAILY = recorded('project:llamacloud_chat_cost_usd:mean1d_1w');

const daily = (
  series: Series,
  since: number,
  labels: AlertCase['labels'],
  who: string,
  dollars: string,
): AlertCase => ({
  alert: 'LlamaCloudDailyCostOverBudget',
  step: 1,
  series,
  since,
  for: 15,
  severity: 'warning',
  labels,
  summary: `${who} exceeded the daily budget`,
  description: `${who} cost ${dollars} US dollars in 24 hours, more than the configured budget. Speak to the owners, or change the budget.`,
  silent: [
    { name: 'no budget', series: { [COST]: spend(5) } },
    { name: 'within the budget', series: { ...series, [COST]: seq(flat(0, 11), ramp(1, 1, 49), flat(49, 100)) } },
    { name: 'the state is lost', series: { ...series, [COST]: seq(flat(5000, 20), flat(0, 80)) } },
    { name: 'a project with much spent is found', series: { ...series, [COST]: seq('_x20', flat(5000, 80)) } },
  ],
});

const month = (series: Series, labels: AlertCase['labels'], who: string): AlertCase => ({
  alert: 'LlamaCloudMonthlyCostOverBudget',
  step: 1,
  series,
  since: 10,
  for: 15,
  severity: 'warning',
  labels,
  summary: `${who} exceeded the budget of the month`,
  description: `${who} cost 401.00 US dollars since the month began (UTC), more than the configured budget. Speak to the owners, or change the budget.`,
  silent: [
    { name: 'no budget', series: { [MONTH]: flat(1e6, 200) } },
    { name: 'all of the budget, and no more', series: { ...series, [MONTH]: flat(400, 200) } },
    { name: 'a new month begins', series: { ...series, [MONTH]: seq(flat(401, 12), flat(0, 200)) } },
  ],
});

/** The clock of promtool starts on 1 January: 31 days are left, 30.75 six hours later. */
const forecast = (series: Series, labels: AlertCase['labels'], who: string): AlertCase => ({
  alert: 'LlamaCloudMonthlyCostForecast',
  step: 10,
  series,
  since: 0,
  for: 360,
  severity: 'warning',
  labels,
  summary: `${who} will exceed the budget of the month`,
  description:
    'At the pace of the last week, the month will end at 625.00 US dollars, above the configured budget. Speak to the owners while there is time.',
  silent: [
    { name: 'no budget', series: { [MONTH]: flat(10, 100), [DAILY]: flat(20, 100) } },
    { name: 'within the budget', series: { ...series, [DAILY]: flat(12, 100) } },
    { name: 'exceeded already', series: { ...series, [MONTH]: flat(700, 100) } },
    { name: 'nothing is known of last week', series: { ...series, [DAILY]: null } },
  ],
});

const SPENT: Series = { [MONTH]: seq(flat(399, 10), flat(401, 100)) };
const PACE: Series = { [MONTH]: flat(10, 100), [DAILY]: flat(20, 100) };

export const BUDGET_CASES: readonly AlertCase[] = [
  daily({ [COST]: spend(1), [BUDGET.day]: flat(50, 200) }, 63, PROJECT_ALERT_LABELS, 'Project support', '66.00'),
  daily({ [COST]: spend(10), [TOTAL.day]: flat(500, 200) }, 62, INSTANCE_LABELS, 'All projects together', '650.75'),
  month({ ...SPENT, [BUDGET.month]: flat(400, 200) }, PROJECT_ALERT_LABELS, 'Project support'),
  month({ ...SPENT, [TOTAL.month]: flat(400, 200) }, INSTANCE_LABELS, 'All projects together'),
  forecast({ ...PACE, [BUDGET.month]: flat(600, 100) }, PROJECT_ALERT_LABELS, 'Project support'),
  forecast({ ...PACE, [TOTAL.month]: flat(600, 100) }, INSTANCE_LABELS, 'All projects together'),
];
