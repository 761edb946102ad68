import type { AlertCase } from '../case.ts';
import {
  durationBucket,
  flat,
  gone,
  leaves,
  PROJECT_LABELS,
  project,
  RUNS,
  ramp,
  seq,
  turnsBucket,
} from '../series.ts';

const WITHOUT_USAGE = project('llamacloud_chat_runs_without_usage_total');
const DURATION_SUM = project('llamacloud_chat_run_duration_seconds_sum');
const DURATION_COUNT = project('llamacloud_chat_run_duration_seconds_count');
const LAST_SUCCESS = project('llamacloud_exporter_project_last_success_timestamp_seconds');
/** Steps of 10 minutes in a week. */
const WEEK = 1008;

/** Step at which a project falls silent: a week and 3 hours after the start. */
const STOP = WEEK + 18;

/** A bucket that took every run for an hour, and none after it. */
const HOUR_ONLY = seq(ramp(0, 2, 61), flat(120, 60));
const leavesAt = (minute: number): string => seq(ramp(0, 2, minute), 'stale');

export const BEHAVIOUR_CASES: readonly AlertCase[] = [
  {
    alert: 'LlamaCloudRunDurationP95High',
    step: 1,
    // Runs take 80 to 160 s after an hour. The quantile passes 120 s when more than a tenth of 29 minutes are slow: 3 of them.
    series: { [durationBucket('80')]: HOUR_ONLY },
    since: 63,
    for: 15,
    severity: 'warning',
    labels: PROJECT_LABELS,
    summary: 'Runs of project support take long',
    // 18 of 29 minutes are slow: 80 + 80 * (18/29 - 0.05) / (18/29) = 153.6.
    description: 'One run in twenty of project support took longer than 2m 33s in the last 30 minutes.',
    silent: [
      {
        name: 'few runs',
        series: {
          [RUNS]: ramp(0, 0.5, 120),
          [durationBucket('80')]: flat(0, 120),
          [durationBucket('160')]: ramp(0, 0.5, 120),
          [durationBucket('+Inf')]: ramp(0, 0.5, 120),
        },
      },
      {
        name: 'one run in fifteen is slow',
        series: { [durationBucket('80')]: seq(ramp(0, 2, 61), flat(120, 2), ramp(122, 2, 100)) },
      },
      {
        name: 'the project leaves',
        series: {
          [durationBucket('80')]: seq(ramp(0, 2, 61), flat(120, 16), 'stale'),
          [durationBucket('160')]: leavesAt(77),
          [durationBucket('+Inf')]: leavesAt(77),
          ...leaves(77),
        },
      },
      {
        name: 'the buckets change and begin again',
        series: {
          [durationBucket('80')]: seq(ramp(0, 2, 61), ramp(0, 2, 60)),
          [durationBucket('160')]: seq(ramp(0, 2, 61), ramp(0, 2, 60)),
          [durationBucket('+Inf')]: seq(ramp(0, 2, 61), ramp(0, 2, 60)),
        },
      },
    ],
  },
  {
    alert: 'LlamaCloudRunDurationRegression',
    step: 10,
    // A mean of 10 s for a week, then of 20 s: 15 s is passed when 18 of the 35 steps in 6 hours are slow.
    series: { [DURATION_SUM]: seq(ramp(0, 200, WEEK + 1), ramp(200 * WEEK + 400, 400, 90)) },
    since: 10 * (WEEK + 18),
    for: 30,
    severity: 'warning',
    labels: PROJECT_LABELS,
    summary: 'Runs of project support have become slower',
    // 21 of 35 steps are slow: 1 + 21/35.
    description:
      'The mean duration of a run of project support over 6 hours is 1.6 times that of the same hours a week ago.',
    silent: [
      {
        name: 'few runs a week ago',
        series: {
          [DURATION_SUM]: seq(ramp(0, 4, WEEK), ramp(4 * WEEK, 400, 90)),
          [DURATION_COUNT]: seq(ramp(0, 0.4, WEEK), ramp(0.4 * WEEK, 20, 90)),
        },
      },
      {
        name: 'younger than a week',
        series: {
          [DURATION_SUM]: seq(gone(500), ramp(0, 200, 300), ramp(60_000, 400, 400)),
          [DURATION_COUNT]: seq(gone(500), ramp(0, 20, 700)),
        },
      },
    ],
  },
  {
    alert: 'LlamaCloudTurnsPerRunHigh',
    step: 1,
    // Runs take 22 to 34 turns after an hour: one in twenty when 3 of 59 minutes are such.
    series: { [turnsBucket('13')]: HOUR_ONLY, [turnsBucket('21')]: HOUR_ONLY },
    since: 63,
    for: 15,
    severity: 'warning',
    labels: PROJECT_LABELS,
    summary: 'Agents of project support take many turns',
    // 18 of 59 minutes: 21 + 13 * (18/59 - 0.05) / (18/59).
    description:
      'One run in twenty of project support took more than 31.87 turns in the last hour: an agent may be looping.',
    silent: [
      {
        name: 'few runs',
        series: {
          [RUNS]: ramp(0, 0.25, 120),
          [turnsBucket('13')]: flat(0, 120),
          [turnsBucket('21')]: flat(0, 120),
          [turnsBucket('34')]: ramp(0, 0.25, 120),
          [turnsBucket('+Inf')]: ramp(0, 0.25, 120),
        },
      },
      {
        name: 'two runs loop',
        series: {
          [turnsBucket('13')]: seq(ramp(0, 2, 61), ramp(120, 2, 60)),
          [turnsBucket('21')]: seq(ramp(0, 2, 61), ramp(120, 2, 60)),
        },
      },
      {
        name: 'the project leaves',
        series: {
          [turnsBucket('13')]: seq(ramp(0, 2, 61), flat(120, 16), 'stale'),
          [turnsBucket('21')]: seq(ramp(0, 2, 61), flat(120, 16), 'stale'),
          [turnsBucket('34')]: leavesAt(77),
          [turnsBucket('+Inf')]: leavesAt(77),
          ...leaves(77),
        },
      },
    ],
  },
  {
    alert: 'LlamaCloudRunsWithoutUsage',
    step: 1,
    // Every second run after an hour: 25 of 120 is the first share above a fifth.
    series: { [WITHOUT_USAGE]: seq(flat(0, 61), ramp(1, 1, 90)) },
    since: 85,
    for: 30,
    severity: 'warning',
    labels: PROJECT_LABELS,
    summary: 'Runs of project support show no token counts',
    description:
      '45.83% of the runs of project support had no token counts in the last hour: tokens and cost are too low by these.',
    silent: [
      { name: 'few runs', series: { [RUNS]: ramp(0, 0.25, 200), [WITHOUT_USAGE]: ramp(0, 0.25, 200) } },
      {
        name: 'the state is lost',
        series: { [RUNS]: seq(flat(900, 61), ramp(0, 2, 90)), [WITHOUT_USAGE]: seq(flat(900, 61), flat(0, 90)) },
      },
    ],
  },
  {
    alert: 'LlamaCloudProjectSilent',
    step: 10,
    // No run after a week and 3 hours; the last increment leaves the window of 12 samples 11 steps later.
    series: { [RUNS]: seq(ramp(0, 10, STOP + 1), flat(10 * STOP, 60)) },
    since: 10 * (STOP + 11),
    for: 30,
    severity: 'warning',
    labels: PROJECT_LABELS,
    summary: 'Project support has fallen silent',
    description: 'No run of project support in 2 hours; in the same hours a week ago there were 120.',
    silent: [
      {
        name: 'it was quiet a week ago',
        series: { [RUNS]: seq(ramp(0, 2, STOP + 1), flat(2 * STOP, 60)) },
      },
      {
        name: 'its data are old',
        series: {
          [RUNS]: seq(ramp(0, 10, STOP + 1), flat(10 * STOP, 60)),
          [LAST_SUCCESS]: seq(ramp(0, 600, STOP + 1), flat(600 * STOP, 60)),
        },
      },
      {
        name: 'the project leaves',
        series: { ...leaves(STOP + 13), [RUNS]: seq(ramp(0, 10, STOP + 1), flat(10 * STOP, 12), 'stale') },
      },
      {
        name: 'the exporter was down for three hours',
        series: { [RUNS]: seq(ramp(0, 10, STOP + 1), gone(18), ramp(10 * STOP, 10, 60)) },
      },
    ],
  },
];
