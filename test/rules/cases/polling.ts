import type { AlertCase } from '../case.ts';
import { flat, gone, INFO, leaves, own, PROJECT_LABELS, polls, project, ramp, seq } from '../series.ts';

const LAST_SUCCESS = project('llamacloud_exporter_project_last_success_timestamp_seconds');
const LAST_SWEEP = project('llamacloud_exporter_project_last_full_sweep_timestamp_seconds');
const GAP = project('llamacloud_exporter_project_poll_gap_seconds');
const SWEEP_DURATION = project('llamacloud_exporter_poll_duration_seconds', { kind: 'full' });
const interval = (kind: string): string => own('llamacloud_exporter_poll_interval_seconds', { kind });

export const POLLING_CASES: readonly AlertCase[] = [
  {
    alert: 'LlamaCloudProjectDataStale',
    step: 1,
    // The last success is at minute 10; its age passes 15 minutes at minute 26.
    series: { [LAST_SUCCESS]: seq(ramp(0, 60, 11), flat(600, 60)) },
    since: 26,
    for: 5,
    severity: 'critical',
    labels: PROJECT_LABELS,
    summary: 'The data of project support are old',
    description:
      'The last successful poll of project support ended 21m 0s ago. Its counters stand still: alerts about its agents are blind.',
    silent: [
      {
        name: 'the project leaves',
        series: { [LAST_SUCCESS]: seq(ramp(0, 60, 11), flat(600, 18), 'stale'), ...leaves(29) },
      },
      {
        name: 'polls every 10 minutes are configured',
        series: {
          [LAST_SUCCESS]: seq(ramp(0, 60, 11), flat(600, 45), ramp(3300, 60, 20)),
          [interval('head')]: flat(600, 90),
        },
      },
      {
        name: 'the list is swept whole and takes 20 minutes',
        series: {
          [LAST_SUCCESS]: seq(ramp(0, 60, 11), flat(600, 45), ramp(3300, 60, 20)),
          [SWEEP_DURATION]: flat(1200, 90),
        },
      },
      {
        name: 'the exporter was down for 20 minutes',
        series: {
          [LAST_SUCCESS]: seq(ramp(0, 60, 11), gone(20), flat(600, 2), ramp(1980, 60, 20)),
          [INFO]: seq(flat(1, 11), gone(20), flat(1, 22)),
        },
      },
    ],
  },
  {
    alert: 'LlamaCloudProjectPollsFailing',
    step: 1,
    // Every poll fails after minute 10. At minute 17 it is 7 of 14.5 in the window, at minute 18 8 of 14.4.
    series: {
      [polls('success')]: seq(ramp(0, 1, 11), flat(10, 60)),
      [polls('failure')]: seq(flat(0, 11), ramp(1, 1, 60)),
    },
    since: 18,
    for: 10,
    severity: 'warning',
    labels: PROJECT_LABELS,
    summary: 'Polls of project support fail',
    description: '100% of the polls of project support failed in 15 minutes.',
    silent: [
      { name: 'one poll in three fails', series: { [polls('failure')]: ramp(0, 0.5, 80) } },
      {
        name: 'a single poll',
        series: { [polls('success')]: flat(0, 80), [polls('failure')]: seq(flat(0, 11), flat(1, 60)) },
      },
      {
        name: 'a restart sets the counters to 0',
        series: {
          [polls('success')]: seq(ramp(0, 1, 20), ramp(0, 1, 60)),
          [polls('failure')]: seq(flat(90, 20), flat(0, 60)),
        },
      },
      {
        name: 'the project leaves',
        series: {
          [polls('success')]: seq(ramp(0, 1, 11), flat(10, 10), 'stale'),
          [polls('failure')]: seq(flat(0, 11), ramp(1, 1, 10), 'stale'),
          ...leaves(21),
        },
      },
    ],
  },
  {
    alert: 'LlamaCloudPollGapHigh',
    step: 1,
    series: { [GAP]: seq(flat(60, 10), flat(240, 60)) },
    since: 10,
    for: 15,
    severity: 'warning',
    labels: PROJECT_LABELS,
    summary: 'Project support is polled less often than configured',
    description:
      'The last two successful polls of project support lay 4m 0s apart, more than three times polling.interval. With last_run accounting, runs in between go unseen.',
    silent: [
      { name: 'an outage of an hour, once', series: { [GAP]: seq(flat(60, 10), flat(3600, 2), flat(60, 60)) } },
      {
        name: 'polls every 2 minutes are configured',
        series: { [GAP]: flat(240, 80), [interval('head')]: flat(120, 80) },
      },
      {
        name: 'the project leaves',
        series: { [GAP]: seq(flat(60, 10), flat(240, 10), 'stale'), ...leaves(20) },
      },
    ],
  },
];

export const SWEEP_CASES: readonly AlertCase[] = [
  {
    alert: 'LlamaCloudSweepOverrun',
    step: 1,
    series: { [SWEEP_DURATION]: seq(flat(5, 10), flat(2400, 60)) },
    since: 10,
    for: 15,
    severity: 'warning',
    labels: PROJECT_LABELS,
    summary: 'A full sweep of project support takes longer than its interval',
    description:
      'The last full sweep of project support took 40m 0s, more than polling.full_sweep_interval: sweeps run without a pause.',
    silent: [
      {
        name: 'sweeps every hour are configured',
        series: { [SWEEP_DURATION]: flat(2400, 80), [interval('full')]: flat(3600, 80) },
      },
      {
        name: 'the project leaves',
        series: { [SWEEP_DURATION]: seq(flat(5, 10), flat(2400, 10), 'stale'), ...leaves(20) },
      },
    ],
  },
  {
    alert: 'LlamaCloudFullSweepsNotFinishing',
    step: 1,
    // The last sweep ends at minute 10; its age passes three times 30 minutes at minute 101.
    series: { [LAST_SWEEP]: seq(ramp(0, 60, 11), flat(600, 300)) },
    since: 101,
    for: 30,
    severity: 'warning',
    labels: PROJECT_LABELS,
    summary: 'Full sweeps of project support no longer finish',
    description:
      'The last complete sweep of project support ended 2h 1m 0s ago: deleted sessions stay in the gauges, and missed changes are not found.',
    silent: [
      {
        name: 'a sweep takes two hours',
        series: {
          [LAST_SWEEP]: seq(ramp(0, 60, 11), flat(600, 200), ramp(12_660, 60, 20)),
          [SWEEP_DURATION]: flat(7200, 300),
        },
      },
      {
        name: 'the exporter was down for three hours',
        series: {
          [LAST_SWEEP]: seq(ramp(0, 60, 11), gone(180), flat(600, 25), ramp(12_960, 60, 20)),
          [SWEEP_DURATION]: seq(flat(5, 11), gone(205), flat(5, 60)),
          [INFO]: seq(flat(1, 11), gone(180), flat(1, 60)),
        },
      },
      {
        name: 'the project leaves',
        series: { [LAST_SWEEP]: seq(ramp(0, 60, 11), flat(600, 110), 'stale'), ...leaves(121) },
      },
    ],
  },
  {
    alert: 'LlamaCloudFirstSweepPending',
    step: 1,
    series: { [LAST_SWEEP]: null },
    since: 0,
    for: 360,
    severity: 'info',
    labels: PROJECT_LABELS,
    summary: 'The first sweep of project support is not finished',
    description:
      'Project support has had no complete sweep for 6 hours since it was found: its gauges are absent until then.',
    silent: [
      { name: 'the first sweep takes 5 hours', series: { [LAST_SWEEP]: seq(gone(300), ramp(18_000, 60, 120)) } },
      { name: 'the project leaves', series: { [LAST_SWEEP]: null, ...leaves(300) } },
    ],
  },
];
