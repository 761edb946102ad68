import type { AlertCase, SilentCase } from '../case.ts';
import {
  COST,
  flat,
  GAP,
  INSTANCE_LABELS,
  own,
  PROJECT_ALERT_LABELS,
  project,
  RUNS,
  ramp,
  recorded,
  type Series,
  seq,
} from '../series.ts';
import { unfit } from './common.ts';

const INPUT = project('llamacloud_chat_input_tokens_total');
const OUTPUT = project('llamacloud_chat_output_tokens_total');
const PER_RUN = recorded('project:llamacloud_chat_tokens_per_run:mean1w');
const MAX_HOUR = recorded('project:llamacloud_chat_tokens:max1h_1w');
const MAX_COST = recorded('project:llamacloud_chat_cost_usd:max30m_1w');

/** US dollars by the minute after minute 10. */
const spend = (dollars: number, before = 0): string => seq(flat(before, 11), ramp(before + dollars, dollars, 90));

const usual: Series = { [PER_RUN]: flat(1100, 400), [MAX_HOUR]: flat(132_000, 400) };
/** Tokens of a run rise tenfold after an hour. */
const DEAR: Series = { ...usual, [INPUT]: seq(ramp(0, 2000, 61), ramp(142_000, 20_000, 200)) };
/** Ten times the runs, each as before. */
const MANY: Series = {
  ...usual,
  [RUNS]: seq(ramp(0, 2, 61), ramp(140, 20, 200)),
  [INPUT]: seq(ramp(0, 2000, 61), ramp(140_000, 20_000, 200)),
  [OUTPUT]: seq(ramp(0, 200, 61), ramp(14_000, 2000, 200)),
};
const RUNAWAY: Series = { [COST]: spend(1), [MAX_COST]: flat(1, 200) };
const NEW_RUNAWAY: Series = {
  [COST]: spend(1),
  [MAX_COST]: null,
  [project('llamacloud_chat_budget_usd', { period: 'day' })]: flat(20, 200),
};

/** All that was missed in two hours is counted in one minute. */
const catchUp = (series: Series, jump: Series): SilentCase => ({
  name: 'two hours without data are counted at once',
  series: { ...series, [GAP]: seq(flat(60, 58), flat(7200, 2), flat(60, 200)), ...jump },
});

const spike = (series: Series, since: number, times: string): AlertCase => ({
  alert: 'LlamaCloudTokenSpike',
  step: 1,
  series,
  since,
  for: 5,
  severity: 'warning',
  labels: PROJECT_ALERT_LABELS,
  summary: 'Project support uses many more tokens than usual',
  description: `Project support uses ${times} times the tokens of its last week, for each run or in an hour. Look for runs with many turns and for long inputs.`,
  silent: [
    ...unfit(series, since),
    { name: 'nothing is known of last week', series: { ...series, [PER_RUN]: null, [MAX_HOUR]: null } },
    {
      name: 'many times very little',
      series: {
        [PER_RUN]: flat(11, 400),
        [MAX_HOUR]: flat(1320, 400),
        [INPUT]: ramp(0, 500, 400),
        [OUTPUT]: flat(0, 400),
      },
    },
    {
      name: 'a single dear run',
      series: {
        ...usual,
        [RUNS]: seq(flat(5, 61), flat(6, 200)),
        [INPUT]: seq(flat(5, 61), flat(150_000, 200)),
        [OUTPUT]: flat(0, 300),
      },
    },
    { name: 'the state is lost', series: { ...usual, [INPUT]: seq(ramp(9e9, 2000, 61), ramp(0, 2000, 200)) } },
    catchUp(usual, {
      [RUNS]: seq(ramp(0, 2, 61), ramp(600, 2, 200)),
      [INPUT]: seq(ramp(0, 2000, 61), ramp(900_000, 2000, 200)),
    }),
  ],
});

const runaway = (series: Series, since: number, dollars: string): AlertCase => ({
  alert: 'LlamaCloudCostRunaway',
  step: 1,
  series,
  since,
  for: 5,
  severity: 'critical',
  labels: PROJECT_ALERT_LABELS,
  summary: 'The cost of project support runs away',
  description: `The runs of project support cost ${dollars} US dollars in 30 minutes, more than twice the dearest 30 minutes of its last week, or a quarter of a new project's daily budget. Stop the agent or its client first; the runbook says how.`,
  silent: [
    ...unfit(series, since),
    { name: 'no price is configured', series: { ...series, [COST]: null } },
    { name: 'neither a past nor a budget', series: { [COST]: spend(1), [MAX_COST]: null } },
    { name: 'as much as last week', series: { [COST]: spend(1), [MAX_COST]: flat(20, 200) } },
    { name: 'many times very little', series: { [COST]: spend(0.05), [MAX_COST]: flat(0.1, 200) } },
    { name: 'the state is lost', series: { ...series, [COST]: seq(flat(5000, 20), flat(0, 80)) } },
    { name: 'a project with much spent is found', series: { ...series, [COST]: seq('_x20', flat(5000, 80)) } },
    catchUp(series, { [COST]: seq(ramp(0, 0.01, 61), ramp(50, 0.01, 200)) }),
  ],
});

export const COST_CASES: readonly AlertCase[] = [
  spike(DEAR, 66, '4.1'),
  spike(MANY, 70, '3.3'),
  // More than 2.50 in all, and more than twice a dollar.
  runaway(RUNAWAY, 13, '8.00'),
  runaway(NEW_RUNAWAY, 16, '11.00'),
];

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
