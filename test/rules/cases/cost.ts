/** Cases for alerts on sudden cost: many tokens, and cost that runs away. */
import type { AlertCase, SilentCase } from '../case.ts';
import { COST, flat, GAP, PROJECT_ALERT_LABELS, project, RUNS, ramp, recorded, type Series, seq } from '../series.ts';
import { spend, unfit } from './common.ts';

const INPUT = project('llamacloud_chat_input_tokens_total');
const OUTPUT = project('llamacloud_chat_output_tokens_total');
const PER_RUN = recorded('project:llamacloud_chat_tokens_per_run:mean1w');
const MAX_HOUR = recorded('project:llamacloud_chat_tokens:max1h_1w');
const MAX_COST = recorded('project:llamacloud_chat_cost_usd:max30m_1w');

const usual: Series = { [PER_RUN]: flat(1100, 400), [MAX_HOUR]: flat(132_000, 400) };
/** Tokens of a run rise tenfold after an hour. */
const EXPENSIVE: Series = { ...usual, [INPUT]: seq(ramp(0, 2000, 61), ramp(142_000, 20_000, 200)) };
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
      name: 'a single expensive run',
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
  summary: 'The cost of project support is running away',
  description: `The runs of project support cost ${dollars} US dollars in 30 minutes, more than twice the most expensive 30 minutes of its last week, or a quarter of a new project's daily budget. Stop the agent or its client first; the runbook says how.`,
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
  spike(EXPENSIVE, 66, '4.1'),
  spike(MANY, 70, '3.3'),
  // More than 2.50 in all, and more than twice a dollar.
  runaway(RUNAWAY, 13, '8.00'),
  runaway(NEW_RUNAWAY, 16, '11.00'),
];
