/** Cases for alerts on failing runs: budget burn, error ratio, and one cause for all. */
import type { AlertCase } from '../case.ts';
import { failed, flat, PROJECT_ALERT_LABELS, RUNS, ramp, type Series, seq } from '../series.ts';
import { STATE_LOST, unfit } from './common.ts';

const ERRORS = failed('internal');
const AUTHENTICATION = failed('authentication');

/** The failures of a case as users' own doing. */
const cancelled = (series: Series): Series => ({
  [RUNS]: series[RUNS] ?? null,
  [failed('cancelled')]: series[ERRORS] ?? null,
});

const HALF: Series = { [RUNS]: ramp(0, 2, 200), [ERRORS]: seq(flat(0, 61), ramp(1, 1, 60)) };
const RARE: Series = { [RUNS]: ramp(0, 0.1, 200), [ERRORS]: ramp(0, 0.1, 200) };
const TENTH: Series = { [RUNS]: ramp(0, 10, 200), [ERRORS]: ramp(0, 1, 200) };
const THREE: Series = { [RUNS]: ramp(0, 0.4, 200), [ERRORS]: seq(flat(0, 61), '1 1 1 2 2 2', flat(3, 100)) };
const SELDOM: Series = { [RUNS]: ramp(0, 0.02, 400), [ERRORS]: ramp(0, 0.02, 400) };
const REFUSED: Series = { [AUTHENTICATION]: seq(flat(0, 61), ramp(1, 1, 60)) };
const ONE_REFUSED: Series = {
  [RUNS]: seq(flat(7, 61), flat(8, 200)),
  [AUTHENTICATION]: seq(flat(0, 61), flat(1, 200)),
};

const fast = (series: Series, since: number, share: string): AlertCase => ({
  alert: 'LlamaCloudErrorBudgetBurnFast',
  step: 1,
  series,
  since,
  for: 2,
  severity: 'critical',
  labels: PROJECT_ALERT_LABELS,
  summary: 'Runs of project support fail',
  description: `${share} of the runs of project support fail: its users get no answers. See which error class leads, and take back the last change of the agent if the times fit.`,
  silent: [
    ...unfit(series, since),
    STATE_LOST,
    { name: 'users cancel', series: cancelled(series) },
    {
      name: 'four runs fail',
      series: { [RUNS]: ramp(0, 0.1, 200), [ERRORS]: seq(flat(0, 30), '1 2 3', flat(4, 200)) },
    },
    { name: 'one run in ten fails', series: TENTH },
  ],
});

const high = (series: Series, since: number, share: string): AlertCase => ({
  alert: 'LlamaCloudErrorRatioHigh',
  step: 1,
  series,
  since,
  for: 5,
  severity: 'warning',
  labels: PROJECT_ALERT_LABELS,
  summary: 'Some runs of project support fail',
  description: `${share} of the recent runs of project support failed, too few yet to wake anybody. See which error class leads.`,
  silent: [
    ...unfit(series, since),
    STATE_LOST,
    { name: 'users cancel', series: cancelled(series) },
    { name: 'two runs fail', series: { [RUNS]: ramp(0, 0.02, 400), [ERRORS]: seq(flat(0, 61), '1', flat(2, 400)) } },
    { name: 'three of sixty runs fail', series: { [ERRORS]: seq(flat(0, 61), '1 1 1 2 2 2', flat(3, 100)) } },
  ],
});

const oneCause = (series: Series, since: number, count: number): AlertCase => ({
  alert: 'LlamaCloudFailingRunsOneCause',
  step: 1,
  series,
  since,
  for: 5,
  severity: 'warning',
  labels: { ...PROJECT_ALERT_LABELS, class: 'authentication' },
  summary: 'Runs of project support fail for one cause: authentication',
  description: `Recent runs of project support that failed with authentication: ${count}. Hardly any succeeded. This does not repair itself: check the key or the index that the agent uses.`,
  silent: [
    ...unfit(series, since),
    STATE_LOST,
    { name: 'runs fail for another reason', series: { [ERRORS]: ramp(0, 1, 200) } },
    { name: 'one of many runs is refused', series: { [AUTHENTICATION]: seq(flat(0, 61), flat(1, 200)) } },
    { name: 'three of sixty runs are refused', series: { [AUTHENTICATION]: seq(flat(0, 61), '1 2', flat(3, 200)) } },
  ],
});

export const FAILURE_CASES: readonly AlertCase[] = [
  // 9 of 60 runs is the first share above 14.4 %, 11 of 60 the last.
  fast(HALF, 69, '18.33%'),
  // A run in ten minutes, all fail: 30 minutes never hold five, 6 hours do.
  fast(RARE, 47, '100%'),
  high(THREE, 67, '25%'),
  high(SELDOM, 137, '100%'),
  // 7 of 60 runs is the first share above a tenth, 12 of 60 the last.
  oneCause(REFUSED, 67, 12),
  oneCause(ONE_REFUSED, 61, 1),
  {
    alert: 'LlamaCloudErrorBudgetBurnSlow',
    step: 1,
    series: TENTH,
    since: 11,
    for: 30,
    severity: 'warning',
    labels: PROJECT_ALERT_LABELS,
    summary: 'Runs of project support keep failing',
    description:
      '10% of the runs of project support failed in 24 hours, and some still do. Find the error class that leads and plan a fix.',
    silent: [
      ...unfit(TENTH, 11),
      STATE_LOST,
      { name: 'users cancel', series: cancelled(TENTH) },
      { name: 'one run in twenty fails', series: { [RUNS]: ramp(0, 20, 200), [ERRORS]: ramp(0, 1, 200) } },
      { name: 'few runs', series: { [RUNS]: ramp(0, 0.05, 200), [ERRORS]: ramp(0, 0.05, 200) } },
      { name: 'it is over', series: { [RUNS]: ramp(0, 10, 200), [ERRORS]: seq(ramp(0, 1, 15), flat(15, 200)) } },
    ],
  },
];
