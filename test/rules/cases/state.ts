/** Cases for alerts about the state: write errors, size, and a state that was created anew. */
import type { AlertCase } from '../case.ts';
import { flat, gone, INSTANCE_LABELS, own, ramp, seq } from '../series.ts';

const WRITE_ERRORS = own('llamacloud_exporter_state_write_errors_total');
const SIZE = own('llamacloud_exporter_state_size_bytes');
const CREATED = own('llamacloud_exporter_state_created_timestamp_seconds');
const START = own('process_start_time_seconds');

export const STATE_CASES: readonly AlertCase[] = [
  {
    alert: 'LlamaCloudExporterStateWriteErrors',
    step: 1,
    series: { [WRITE_ERRORS]: seq(flat(0, 10), ramp(0, 1, 40)) },
    since: 13,
    for: 5,
    severity: 'critical',
    labels: INSTANCE_LABELS,
    summary: 'llamacloud-exporter exporter:10940 cannot write its state',
    description:
      '8 writes failed in 15 minutes. Runs are not counted while this lasts; most are counted afterwards. Look at the disk: full, read-only, or gone.',
    silent: [
      { name: 'two writes fail', series: { [WRITE_ERRORS]: seq(flat(0, 10), '1', flat(2, 60)) } },
      {
        name: 'a member has lost its database and its lease',
        series: {
          [WRITE_ERRORS]: seq(flat(0, 10), ramp(0, 1, 4), flat(4, 70)),
          [own('llamacloud_exporter_member_lease_seconds')]: seq(flat(7, 11), flat(0, 80)),
        },
      },
      { name: 'a restart sets the counter to 0', series: { [WRITE_ERRORS]: seq(flat(50, 20), gone(2), flat(0, 40)) } },
    ],
  },
  {
    alert: 'LlamaCloudExporterStateLarge',
    step: 1,
    series: { [SIZE]: seq(flat(1e8, 10), flat(5e9, 60)) },
    since: 10,
    for: 30,
    severity: 'warning',
    labels: INSTANCE_LABELS,
    summary: 'The state of llamacloud-exporter exporter:10940 is large',
    description: 'The state takes 4.657GiB on disk. Enlarge the volume, or exclude projects that nobody watches.',
    silent: [
      {
        name: 'a write-ahead log that is soon truncated',
        series: { [SIZE]: seq(flat(1e8, 10), flat(5e9, 25), flat(1e8, 60)) },
      },
    ],
  },
  {
    alert: 'LlamaCloudExporterStateRecreated',
    step: 1,
    series: { [CREATED]: seq(flat(100, 10), flat(7000, 60)) },
    since: 10,
    for: 5,
    severity: 'warning',
    labels: INSTANCE_LABELS,
    summary: 'llamacloud-exporter exporter:10940 started with an empty state',
    description:
      'A new state was created within the last 6 hours: counters began again at 0, and runs that ended while the exporter was down are not counted. Check that the state lies on a volume.',
    silent: [
      {
        name: 'a restart with its state',
        series: { [CREATED]: seq(flat(100, 10), gone(3), flat(100, 60)), [START]: seq(flat(100, 10), flat(800, 60)) },
      },
      { name: 'the very first start', series: { [CREATED]: seq(gone(10), flat(7000, 60)) } },
      {
        name: 'a first install that takes three attempts',
        series: { [CREATED]: seq(flat(100, 10), flat(700, 10), flat(1300, 60)) },
      },
      { name: 'nothing is known before it is opened', series: { [CREATED]: seq(flat(0, 10), flat(7000, 60)) } },
    ],
  },
];
