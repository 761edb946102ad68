/**
 * Cases for alerts on data that cannot be trusted: stale projects, unfinished sweeps, late verification, malformed
 * sessions.
 */
import type { AlertCase } from '../case.ts';
import {
  ACCOUNT_LABELS,
  flat,
  gone,
  INFO,
  LAST_SUCCESS,
  own,
  PROJECT_ALERT_LABELS,
  project,
  ramp,
  type Series,
  seq,
} from '../series.ts';
import { unfit } from './common.ts';

const LAST_SWEEP = project('llamacloud_exporter_project_last_full_sweep_timestamp_seconds');
const SWEEP_DURATION = project('llamacloud_exporter_poll_duration_seconds', { kind: 'full' });
const UNVERIFIED = project('llamacloud_exporter_oldest_unverified_timestamp_seconds');
const INVALID = project('llamacloud_exporter_invalid_sessions_total', { reason: 'last_updated_at' });
const interval = (kind: string): string => own('llamacloud_exporter_poll_interval_seconds', { kind });

/** A second project of the same account, which is read all the time. */
const NEIGHBOUR: Series = {
  'llamacloud_project_info{job="llamacloud-exporter",instance="exporter:10940",project_id="p3",project="sales",account="default",team="care"}':
    flat(1, 200),
};
/** The last success is at minute 10; its age passes 15 minutes at minute 26. */
const OLD: Series = { [LAST_SUCCESS]: seq(ramp(0, 60, 11), flat(600, 100)) };

const whole: Series = { [LAST_SUCCESS]: seq(ramp(0, 60, 11), flat(600, 45), ramp(3300, 60, 40)) };

const stale = (
  item: Pick<AlertCase, 'alert' | 'severity' | 'labels' | 'summary' | 'description'>,
  around: Series,
  other: Series,
): AlertCase => ({
  ...item,
  step: 1,
  series: { ...OLD, ...around },
  since: 26,
  for: 5,
  silent: [
    { name: 'the project leaves', series: { ...OLD, ...around, [INFO]: seq(flat(1, 28), 'stale') } },
    {
      name: 'polls every 10 minutes are configured',
      series: { ...whole, ...around, [interval('head')]: flat(600, 200) },
    },
    {
      name: 'the list is swept whole and takes 20 minutes',
      series: { ...whole, ...around, [SWEEP_DURATION]: flat(1200, 200) },
    },
    {
      name: 'the exporter was down for 20 minutes',
      series: {
        ...around,
        [LAST_SUCCESS]: seq(ramp(0, 60, 11), gone(20), flat(600, 2), ramp(1980, 60, 40)),
        [INFO]: seq(flat(1, 11), gone(20), flat(1, 60)),
      },
    },
    { name: 'the other alert tells it', series: { ...OLD, ...other } },
  ],
});

const WAITING: Series = { [UNVERIFIED]: flat(0, 400) };
const SWEPT: Series = { [LAST_SWEEP]: seq(ramp(0, 60, 11), flat(600, 400)) };

const sweeps = (series: Series, since: number, how: string): AlertCase => ({
  alert: 'LlamaCloudFullSweepsNotFinishing',
  step: 1,
  series,
  since,
  for: 30,
  severity: 'warning',
  labels: PROJECT_ALERT_LABELS,
  summary: 'Full sweeps of project support do not finish',
  description: `Project support has had no complete sweep for ${how} or longer: deleted sessions stay in the gauges, and missed changes are not found. See whether the progress falls back to 0 or hardly rises.`,
  silent: [
    ...unfit(series, since),
    {
      name: 'a sweep takes two hours',
      series: {
        [LAST_SWEEP]: seq(ramp(0, 60, 11), flat(600, 200), ramp(12_660, 60, 300)),
        [SWEEP_DURATION]: flat(7200, 600),
      },
    },
    { name: 'the first sweep takes 5 hours', series: { [LAST_SWEEP]: seq(gone(300), ramp(18_000, 60, 300)) } },
  ],
});

export const POLLING_CASES: readonly AlertCase[] = [
  stale(
    {
      alert: 'LlamaCloudMostDataStale',
      severity: 'critical',
      labels: ACCOUNT_LABELS,
      summary: 'The data of most projects of account default is old',
      description:
        '100% of the projects have not been read for 15 minutes or longer: nothing watches their agents. Run `llamacloud-exporter check` where the exporter runs.',
    },
    {},
    NEIGHBOUR,
  ),
  stale(
    {
      alert: 'LlamaCloudProjectDataStale',
      severity: 'warning',
      labels: PROJECT_ALERT_LABELS,
      summary: 'Project support cannot be read, others can',
      description:
        'The last successful poll of project support ended 21m 0s ago, while other projects are read. Nothing watches its agents. Look at the reason of its failed polls: it may be deleted, or hidden from the key.',
    },
    NEIGHBOUR,
    {},
  ),
  {
    alert: 'LlamaCloudVerificationBehind',
    step: 1,
    series: WAITING,
    since: 121,
    for: 30,
    severity: 'warning',
    labels: PROJECT_ALERT_LABELS,
    summary: 'Runs of project support wait to be verified',
    description:
      'The oldest change of project support has waited for its event history for 2h 31m 0s: counters may be too low. See which outcome the histories have, and whether requests are limited.',
    silent: [
      ...unfit(WAITING, 121),
      { name: 'nothing waits', series: { [UNVERIFIED]: null } },
      { name: 'each change waits for an hour', series: { [UNVERIFIED]: seq(flat(0, 61), ramp(60, 60, 400)) } },
    ],
  },
  sweeps(SWEPT, 101, '2h 1m 0s'),
  sweeps({ [LAST_SWEEP]: null }, 360, '6h 0m 0s'),
  {
    alert: 'LlamaCloudMalformedSessions',
    step: 1,
    series: { [INVALID]: seq(flat(0, 11), ramp(1, 1, 60)) },
    since: 21,
    for: 15,
    severity: 'warning',
    labels: PROJECT_ALERT_LABELS,
    summary: 'LlamaCloud shows malformed sessions in project support',
    description:
      '26 items of the session list of project support were dropped in an hour: their runs are not counted. Look for a newer version of the exporter.',
    silent: [
      { name: 'as many as allowed', series: { [INVALID]: seq(flat(0, 11), ramp(1, 1, 10), flat(10, 100)) } },
      { name: 'a restart sets the counter to 0', series: { [INVALID]: seq(flat(100, 20), gone(2), flat(0, 60)) } },
      {
        name: 'the project leaves',
        series: { [INVALID]: seq(flat(0, 11), ramp(1, 1, 60)), [INFO]: seq(flat(1, 31), 'stale') },
      },
    ],
  },
];
