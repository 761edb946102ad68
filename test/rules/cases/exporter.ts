/** Cases for alerts about the exporter's process: down, absent, restarting, stale, or large. */
import type { AlertCase } from '../case.ts';
import { account, flat, gone, INSTANCE_LABELS, own, ramp, type Series, seq } from '../series.ts';

const UP = own('up');
const BUILD = own('llamacloud_exporter_build_info', { version: '1.0.0' });
const START = own('process_start_time_seconds');
const RELOAD = own('llamacloud_exporter_config_last_reload_successful');
const SNAPSHOT = own('llamacloud_exporter_snapshot_timestamp_seconds');
const MEMORY = own('process_resident_memory_bytes');

const INTERVALS = ['head', 'full'].map((kind) => own('llamacloud_exporter_poll_interval_seconds', { kind }));
/** The target is not known at all. */
const NOTHING: Series = Object.fromEntries([UP, BUILD, ...INTERVALS].map((name) => [name, null]));

const absent = (series: Series): AlertCase => ({
  alert: 'LlamaCloudExporterAbsent',
  step: 1,
  series,
  since: 0,
  for: 15,
  severity: 'critical',
  labels: {},
  summary: 'No llamacloud-exporter is scraped at all',
  description:
    'No scrape job whose name contains "llamacloud" has a target that shows projects, and no other target shows them: nothing watches the agents.',
  silent: [
    {
      name: 'a job of another name scrapes it',
      series: { ...NOTHING, 'llamacloud_exporter_poll_interval_seconds{job="agents",instance="a"}': flat(60, 60) },
    },
    { name: 'it is down', series: { ...NOTHING, [UP]: seq(flat(1, 5), flat(0, 90)) } },
  ],
});

export const EXPORTER_CASES: readonly AlertCase[] = [
  {
    alert: 'LlamaCloudExporterDown',
    step: 1,
    series: { [UP]: seq(flat(1, 10), flat(0, 30)) },
    since: 10,
    for: 5,
    severity: 'critical',
    labels: INSTANCE_LABELS,
    summary: 'llamacloud-exporter exporter:10940 does not answer scrapes',
    description:
      'Prometheus has had no answer from exporter:10940 (job llamacloud-exporter) for 5 minutes: nothing watches the agents. Look at the service and its last log lines. Runs are counted after it is back, but with last_run accounting only the last one of each session.',
    silent: [
      { name: 'a restart of 4 minutes', series: { [UP]: seq(flat(1, 10), flat(0, 4), flat(1, 30)) } },
      { name: 'another job is down', series: { 'up{job="node",instance="a"}': flat(0, 40) } },
      {
        name: 'one member of several is down',
        series: { 'up{job="llamacloud-exporter-members",instance="a:1"}': flat(0, 40) },
      },
      {
        name: 'one copy of several is down',
        series: {
          [UP]: seq(flat(1, 10), flat(0, 30)),
          'llamacloud_exporter_member_lease_seconds{job="llamacloud-exporter",instance="pod-b:10940"}': flat(7, 80),
        },
      },
    ],
  },
  absent(NOTHING),
  // Members are scraped for what they say of themselves, and nobody asks for the projects.
  absent({
    ...NOTHING,
    'up{job="llamacloud-exporter-members",instance="a:1"}': flat(1, 60),
    'llamacloud_exporter_build_info{job="llamacloud-exporter-members",instance="a:1",version="1.0.0"}': flat(1, 60),
  }),
  {
    alert: 'LlamaCloudExporterRestarting',
    step: 1,
    series: { [START]: seq(flat(100, 10), '200 300 400', flat(500, 40)) },
    since: 13,
    for: 5,
    severity: 'warning',
    labels: INSTANCE_LABELS,
    summary: 'llamacloud-exporter exporter:10940 keeps restarting',
    description:
      'The process started 4 times within an hour. The last log line before each start says why; none, and exit code 137, is memory.',
    silent: [
      { name: 'three restarts in an hour', series: { [START]: seq(flat(100, 10), '200 300', flat(400, 60)) } },
      {
        name: 'another process restarts',
        series: { 'process_start_time_seconds{job="node",instance="a"}': ramp(0, 60, 60) },
      },
    ],
  },
  {
    alert: 'LlamaCloudExporterReloadFailed',
    step: 1,
    series: { [RELOAD]: seq(flat(1, 10), flat(0, 30)) },
    since: 10,
    for: 5,
    severity: 'warning',
    labels: INSTANCE_LABELS,
    summary: 'llamacloud-exporter exporter:10940 could not read its configuration again',
    description:
      'The last reload failed. The configuration from before stays in force; the next restart will fail. Fix the file that the log names, and reload.',
    silent: [{ name: 'fixed within 4 minutes', series: { [RELOAD]: seq(flat(1, 10), flat(0, 4), flat(1, 30)) } }],
  },
  {
    alert: 'LlamaCloudExporterSnapshotStale',
    step: 1,
    // The last publication is at minute 10; its age passes 10 minutes at minute 21.
    series: { [SNAPSHOT]: seq(ramp(0, 60, 11), flat(600, 60)) },
    since: 21,
    for: 5,
    severity: 'critical',
    labels: INSTANCE_LABELS,
    summary: 'llamacloud-exporter exporter:10940 shows old numbers',
    description:
      'Nothing has been published for 16m 0s, although the process answers scrapes: every figure on the dashboards is that old. Look at its disk, then restart it.',
    silent: [
      {
        name: 'there is no project to publish',
        series: {
          [SNAPSHOT]: seq(ramp(0, 60, 11), flat(600, 60)),
          [account('llamacloud_exporter_projects')]: flat(0, 80),
        },
      },
      {
        name: 'a member that is not asked for projects',
        series: {
          [SNAPSHOT]: seq(ramp(0, 60, 11), flat(600, 80)),
          [own('llamacloud_exporter_member_lease_seconds')]: flat(7, 90),
        },
      },
      {
        name: 'polls every 5 minutes are configured',
        series: {
          [SNAPSHOT]: seq(ramp(0, 60, 11), flat(600, 24), ramp(2100, 60, 20)),
          [own('llamacloud_exporter_poll_interval_seconds', { kind: 'head' })]: flat(300, 80),
        },
      },
    ],
  },
  {
    alert: 'LlamaCloudExporterMemoryHigh',
    step: 1,
    series: { [MEMORY]: seq(flat(1e8, 10), flat(6e8, 60)) },
    since: 10,
    for: 30,
    severity: 'warning',
    labels: INSTANCE_LABELS,
    summary: 'llamacloud-exporter exporter:10940 uses much memory',
    description:
      'The process holds 572.2MiB. At the limit of its container the kernel ends it. Its memory follows the number of projects, not of sessions.',
    silent: [
      { name: 'a peak of 29 minutes', series: { [MEMORY]: seq(flat(1e8, 10), flat(6e8, 29), flat(1e8, 60)) } },
      {
        name: 'a restart in between',
        series: { [MEMORY]: seq(flat(1e8, 10), flat(6e8, 20), gone(6), flat(1e8, 5), flat(6e8, 25), flat(1e8, 9)) },
      },
      {
        name: 'another process is large',
        series: { 'process_resident_memory_bytes{job="node",instance="a"}': flat(9e9, 60) },
      },
    ],
  },
];
