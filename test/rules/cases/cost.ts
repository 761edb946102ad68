import type { AlertCase, SilentCase } from '../case.ts';
import { flat, INSTANCE_LABELS, leaves, PROJECT_LABELS, project, RUNS, ramp, seq } from '../series.ts';

const INPUT = project('llamacloud_chat_input_tokens_total');
const OUTPUT = project('llamacloud_chat_output_tokens_total');
const COST = project('llamacloud_chat_cost_usd_total');
/** Steps of 10 minutes in a week and two hours. */
const BEFORE = 1020;

/** US dollars by the minute after minute 10. */
const spend = (dollars: number): string => seq(flat(0, 11), ramp(dollars, dollars, 90));

const HARMLESS: readonly SilentCase[] = [
  { name: 'no price is configured', series: { [COST]: null } },
  { name: 'the state is lost', series: { [COST]: seq(flat(5_000, 20), flat(0, 80)) } },
  { name: 'a project with much spent is found', series: { [COST]: seq('_x20', flat(5_000, 80)) } },
];

export const COST_CASES: readonly AlertCase[] = [
  {
    alert: 'LlamaCloudTokenSpike',
    step: 10,
    // 50,000 tokens a step for a week, then 500,000: 2 of the 5 steps in an hour make 4.6 times as many, one 2.8 times.
    series: {
      [INPUT]: seq(ramp(0, 50_000, BEFORE + 1), ramp(50_000 * BEFORE + 500_000, 500_000, 30)),
      [OUTPUT]: flat(0, BEFORE + 31),
    },
    since: 10 * (BEFORE + 2),
    for: 15,
    severity: 'warning',
    labels: PROJECT_LABELS,
    summary: 'Project support uses many more tokens than a week ago',
    // 4 of 5 steps are tenfold: (5 + 9 * 4) / 5.
    description: 'In the last hour project support used 8.2 times the tokens of the same hour a week ago.',
    silent: [
      {
        name: 'many times very little',
        series: {
          [INPUT]: seq(ramp(0, 50, BEFORE + 1), ramp(50 * BEFORE, 5_000, 30)),
          [OUTPUT]: flat(0, BEFORE + 31),
        },
      },
      {
        name: 'few runs',
        series: {
          [RUNS]: ramp(0, 2, BEFORE + 31),
          [INPUT]: seq(ramp(0, 50_000, BEFORE + 1), ramp(50_000 * BEFORE, 500_000, 30)),
        },
      },
      {
        name: 'few runs a week ago',
        series: {
          [RUNS]: seq(ramp(0, 2, BEFORE), ramp(2 * BEFORE, 20, 30)),
          [INPUT]: seq(ramp(0, 5_000, BEFORE + 1), ramp(5_000 * BEFORE, 500_000, 30)),
        },
      },
      {
        name: 'the state is lost',
        series: { [INPUT]: seq(ramp(0, 50_000, BEFORE + 1), ramp(0, 50_000, 30)) },
      },
      {
        name: 'the project leaves',
        series: {
          ...leaves(BEFORE + 4),
          [RUNS]: seq(ramp(0, 20, BEFORE + 4), 'stale'),
          [INPUT]: seq(ramp(0, 50_000, BEFORE + 1), ramp(50_000 * BEFORE + 500_000, 500_000, 3), 'stale'),
        },
      },
    ],
  },
  {
    alert: 'LlamaCloudDailyCostOverBudget',
    step: 1,
    // A dollar a minute: the 51st at minute 61.
    series: { [COST]: spend(1) },
    since: 61,
    for: 15,
    severity: 'warning',
    labels: PROJECT_LABELS,
    summary: 'Project support is over its daily budget',
    description: 'The runs of project support cost 66.00 US dollars in 24 hours.',
    silent: [...HARMLESS, { name: '50 dollars', series: { [COST]: seq(flat(0, 11), ramp(1, 1, 50), flat(50, 100)) } }],
  },
  {
    alert: 'LlamaCloudCostRunaway',
    step: 1,
    // A dollar a minute: more than a quarter of 50 at minute 23.
    series: { [COST]: spend(1) },
    since: 23,
    for: 10,
    severity: 'critical',
    labels: PROJECT_LABELS,
    summary: 'Project support spends a quarter of its daily budget in an hour',
    description: 'The runs of project support cost 23.00 US dollars in the last hour alone.',
    silent: [...HARMLESS, { name: 'within the pace', series: { [COST]: ramp(0, 0.2, 100) } }],
  },
  {
    alert: 'LlamaCloudTotalCostOverBudget',
    step: 1,
    // Twenty dollars a minute: the first sum above 500 at minute 36.
    series: { [COST]: spend(20) },
    since: 36,
    for: 15,
    severity: 'warning',
    labels: INSTANCE_LABELS,
    summary: 'All projects of exporter:10940 together are over the daily budget',
    description: 'The runs of all projects cost 820.00 US dollars in 24 hours.',
    silent: [
      ...HARMLESS,
      { name: '400 dollars', series: { [COST]: seq(flat(0, 11), ramp(20, 20, 20), flat(400, 100)) } },
    ],
  },
];
