/** Cases for alerts on a project's behaviour: slower runs, missing token counts, and silence. */
import type { AlertCase } from '../case.ts';
import { flat, GAP, gone, PROJECT_ALERT_LABELS, project, RUNS, ramp, recorded, type Series, seq } from '../series.ts';
import { unfit } from './common.ts';

const DURATION_SUM = project('llamacloud_chat_run_duration_seconds_sum');
const DURATION_COUNT = project('llamacloud_chat_run_duration_seconds_count');
const WITHOUT_USAGE = project('llamacloud_chat_runs_without_usage_total');
const USUAL_DURATION = recorded('project:llamacloud_chat_run_duration_seconds:mean1w');
const runsIn = (window: string): string => recorded(`project:llamacloud_chat_runs:increase${window}`);

/** Steps of 30 minutes in a week. */
const WEEK = 336;
/** Step at which a project falls silent: a week and 3 hours after the start. */
const STOP = WEEK + 6;

/** Runs take three times as long after an hour; 10 seconds are usual. */
const SLOW: Series = {
  [DURATION_SUM]: seq(ramp(0, 20, 61), ramp(1260, 60, 200)),
  [USUAL_DURATION]: flat(10, 400),
};

const NO_USAGE: Series = { [WITHOUT_USAGE]: ramp(0, 1, 200) };

/** So many runs in 30 minutes, 2 and 6 hours, and none from a moment on. */
const stops = (half: number, two: number, six: number, at = STOP): Series => ({
  [runsIn('30m')]: seq(flat(half, at), flat(0, 100)),
  [runsIn('2h')]: seq(flat(two, at), flat(0, 100)),
  [runsIn('6h')]: seq(flat(six, at), flat(0, 100)),
});

const silence = (series: Series, expected: number): AlertCase => ({
  alert: 'LlamaCloudProjectSilent',
  step: 30,
  series,
  since: 30 * STOP,
  for: 10,
  severity: 'warning',
  labels: PROJECT_ALERT_LABELS,
  summary: 'Project support has fallen silent',
  description: `Project support has no runs, where its last week makes ${expected} likely by now. Check that the application which uses the agent runs and reaches LlamaCloud.`,
  silent: [
    ...unfit(series, STOP),
    { name: 'few runs are usual', series: stops(1, 3, 4) },
    { name: 'Prometheus is younger than a week', series: stops(60, 240, 720, 160) },
    {
      name: 'the data had gaps',
      series: { ...series, [GAP]: seq(flat(60, STOP - 1), flat(7200, 100)) },
    },
    {
      name: 'the exporter was down for three hours',
      series: {
        [runsIn('30m')]: seq(flat(60, STOP), gone(6), flat(60, 60)),
        [runsIn('2h')]: seq(flat(240, STOP), gone(6), flat(240, 60)),
        [runsIn('6h')]: seq(flat(720, STOP), gone(6), flat(720, 60)),
      },
    },
  ],
});

export const BEHAVIOUR_CASES: readonly AlertCase[] = [
  {
    alert: 'LlamaCloudRunDurationRegression',
    step: 1,
    // 120 runs an hour: 1.5 and a margin of 0.46 are passed when 29 of the 59 minutes are slow.
    series: SLOW,
    since: 89,
    for: 30,
    severity: 'warning',
    labels: PROJECT_ALERT_LABELS,
    summary: 'Runs of project support have become slower',
    description:
      'The mean duration of a run of project support is 3.0 times that of its last week. Compare turns and tokens per run with those of last week.',
    silent: [
      ...unfit(SLOW, 89),
      { name: 'nothing is known of last week', series: { ...SLOW, [USUAL_DURATION]: null } },
      {
        name: 'few runs',
        series: { ...SLOW, [DURATION_SUM]: ramp(0, 1.5, 400), [DURATION_COUNT]: ramp(0, 0.05, 400) },
      },
      {
        name: 'the buckets change and begin again',
        series: {
          ...SLOW,
          [DURATION_SUM]: seq(ramp(0, 20, 61), ramp(0, 20, 200)),
          [DURATION_COUNT]: seq(ramp(0, 2, 61), ramp(0, 2, 200)),
        },
      },
    ],
  },
  {
    alert: 'LlamaCloudRunsWithoutUsage',
    step: 1,
    series: NO_USAGE,
    since: 7,
    for: 30,
    severity: 'warning',
    labels: PROJECT_ALERT_LABELS,
    summary: 'Runs of project support show no token counts',
    description:
      '52.86% of the runs of project support succeeded without token counts in 24 hours: tokens and cost are too low by these. Nothing to repair here; ask LlamaCloud.',
    silent: [
      ...unfit(NO_USAGE, 7),
      { name: 'few runs', series: { [RUNS]: ramp(0, 0.1, 200), [WITHOUT_USAGE]: ramp(0, 0.1, 200) } },
      {
        name: 'failed runs have none',
        series: { ...NO_USAGE, [project('llamacloud_chat_run_errors_total', { class: 'internal' })]: ramp(0, 1, 200) },
      },
    ],
  },
  silence(stops(60, 240, 720), 60),
  // A small project: only six hours without a run tell anything.
  silence(stops(1, 3, 12), 12),
];
