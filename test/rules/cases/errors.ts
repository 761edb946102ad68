import type { AlertCase, SilentCase } from '../case.ts';
import { failed, flat, leaves, PROJECT_LABELS, RUNS, ramp, seq } from '../series.ts';

const ERRORS = failed('internal');

/** Hours of runs, then a state that was lost: both counters begin again at 0. */
const STATE_LOST: SilentCase = {
  name: 'the state is lost and counters begin again',
  series: { [RUNS]: seq(flat(10_000, 60), ramp(0, 2, 300)), [ERRORS]: seq(flat(5_000, 60), flat(0, 300)) },
};

const burnFast = {
  alert: 'LlamaCloudErrorBudgetBurnFast',
  step: 1,
  for: 2,
  severity: 'critical',
  labels: PROJECT_LABELS,
  summary: 'Project support burns its error budget fast',
} as const;

const classCase = (alert: string, name: string, summary: string, cause: string): AlertCase => ({
  alert,
  step: 1,
  // One a minute after minute 10: more than ten at minute 21, 16 at minute 26.
  series: { [failed(name)]: seq(flat(0, 11), ramp(1, 1, 60)) },
  since: 21,
  for: 5,
  severity: 'warning',
  labels: PROJECT_LABELS,
  summary,
  description: `16 runs of project support failed in 30 minutes because ${cause}.`,
  silent: [
    { name: 'ten runs fail', series: { [failed(name)]: seq(flat(0, 11), ramp(1, 1, 10), flat(10, 60)) } },
    { name: 'the state is lost', series: { [failed(name)]: seq(flat(500, 20), flat(0, 60)) } },
    { name: 'runs fail for another reason', series: { [ERRORS]: ramp(0, 1, 80) } },
    {
      name: 'the project leaves',
      series: { [failed(name)]: seq(flat(0, 11), ramp(1, 1, 13), 'stale'), ...leaves(24) },
    },
  ],
});

export const ERROR_CASES: readonly AlertCase[] = [
  {
    ...burnFast,
    // Six good hours, then every second run fails: 18 of 120 in an hour is the first share above 14.4 %; 6 hours hold 6 % much later.
    series: { [ERRORS]: seq(flat(0, 361), ramp(1, 1, 60)) },
    since: 378,
    description:
      '16.67% of the runs of project support fail. At this pace the error budget of a month is gone within two to five days.',
    silent: [
      { name: 'few runs', series: { [RUNS]: ramp(0, 0.05, 400), [ERRORS]: ramp(0, 0.05, 400) } },
      { name: 'all runs fail for 5 minutes', series: { [ERRORS]: seq(flat(0, 361), ramp(2, 2, 5), flat(10, 60)) } },
      {
        name: 'the project leaves',
        series: {
          ...leaves(380),
          [RUNS]: seq(ramp(0, 2, 380), 'stale'),
          [ERRORS]: seq(flat(0, 361), ramp(1, 1, 19), 'stale'),
        },
      },
      STATE_LOST,
    ],
  },
  {
    ...burnFast,
    // 8 % from the start: below 14.4 %, above 6 %.
    series: { [RUNS]: ramp(0, 25, 60), [ERRORS]: ramp(0, 2, 60) },
    since: 1,
    description:
      '8% of the runs of project support fail. At this pace the error budget of a month is gone within two to five days.',
    silent: [{ name: '5 % of the runs fail', series: { [RUNS]: ramp(0, 100, 400), [ERRORS]: ramp(0, 5, 400) } }],
  },
  {
    alert: 'LlamaCloudErrorBudgetBurnSlow',
    step: 1,
    series: { [RUNS]: ramp(0, 100, 60), [ERRORS]: ramp(0, 2, 60) },
    since: 1,
    for: 15,
    severity: 'warning',
    labels: PROJECT_LABELS,
    summary: 'Project support burns its error budget slowly',
    description: '2% of the runs of project support failed over the last day or days: more than the objective allows.',
    silent: [
      { name: 'within the budget', series: { [RUNS]: ramp(0, 1000, 400), [ERRORS]: ramp(0, 9, 400) } },
      { name: 'few runs', series: { [RUNS]: ramp(0, 0.004, 400), [ERRORS]: ramp(0, 0.004, 400) } },
      {
        name: 'the project leaves',
        series: { ...leaves(15), [RUNS]: seq(ramp(0, 100, 15), 'stale'), [ERRORS]: seq(ramp(0, 2, 15), 'stale') },
      },
      STATE_LOST,
    ],
  },
  {
    alert: 'LlamaCloudErrorRatioHigh',
    step: 1,
    // Every fourth run fails after an hour: 13 of 120 in 30 minutes is the first share above 10 %.
    series: { [RUNS]: ramp(0, 4, 120), [ERRORS]: seq(flat(0, 61), ramp(1, 1, 60)) },
    since: 73,
    for: 10,
    severity: 'warning',
    labels: PROJECT_LABELS,
    summary: 'Many runs fail in project support',
    description: '19.17% of the runs of project support failed in 30 minutes.',
    silent: [
      { name: 'few runs', series: { [RUNS]: ramp(0, 0.5, 200), [ERRORS]: ramp(0, 0.5, 200) } },
      {
        name: 'the project leaves',
        series: {
          ...leaves(80),
          [RUNS]: seq(ramp(0, 4, 80), 'stale'),
          [ERRORS]: seq(flat(0, 61), ramp(1, 1, 19), 'stale'),
        },
      },
      STATE_LOST,
    ],
  },
  classCase(
    'LlamaCloudAgentCredentialsRejected',
    'authentication',
    'Agents of project support are refused by what they use',
    'a key or a permission of the agent was rejected',
  ),
  classCase(
    'LlamaCloudIndexUnavailable',
    'index_unavailable',
    'Agents of project support cannot read an index',
    'an index was missing or did not answer',
  ),
];
