/** Alerts about the process: is it there, does it publish, does its state hold. */
import { EXPORTER, MEMBERS, PROCESS } from '../../../src/metrics/catalog.ts';
import { INSTANCE, INSTANCES, JOB, MEMBERS_JOB } from '../levels.ts';
import { type AlertRule, promql, type RuleGroup } from '../rule.ts';
import { T } from '../thresholds/index.ts';

/** Jobs in which a member holds its lease: while it does, one member less is no loss of data. */
const OTHERS_WORK = `on (job) (group by (job) (${MEMBERS.lease.name} > 0))`;

const PROCESS_ALERTS: readonly AlertRule[] = [
  {
    alert: 'LlamaCloudExporterDown',
    expr: promql`
      up{${JOB}, job!~"${MEMBERS_JOB}"} == 0
        unless ${OTHERS_WORK}
    `,
    for: '5m',
    severity: 'critical',
    summary: 'llamacloud-exporter {{ $labels.instance }} does not answer scrapes',
    description:
      'Prometheus has had no answer from {{ $labels.instance }} (job {{ $labels.job }}) for 5 minutes: nothing watches the agents. Look at the service and its last log lines. Runs are counted after it is back, but with last_run accounting only the last one of each session.',
  },
  {
    alert: 'LlamaCloudMemberDown',
    expr: promql`
      up{${JOB}, job=~"${MEMBERS_JOB}"} == 0
        or
      up{${JOB}} == 0 and ${OTHERS_WORK}
    `,
    for: '10m',
    severity: 'warning',
    summary: 'Member {{ $labels.instance }} does not answer scrapes',
    description:
      'Prometheus has had no answer from member {{ $labels.instance }} (job {{ $labels.job }}) for 10 minutes. The others have its projects, and no run is lost. Look at its last log lines before it is needed.',
  },
  {
    alert: 'LlamaCloudExporterAbsent',
    expr: promql`
      absent(up{${JOB}, job!~"${MEMBERS_JOB}"})
        and
      absent(${EXPORTER.pollInterval.name})
    `,
    for: '15m',
    severity: 'critical',
    summary: 'No llamacloud-exporter is scraped at all',
    description:
      'No scrape job whose name contains "llamacloud" has a target that shows projects, and no other target shows them: nothing watches the agents.',
  },
  {
    alert: 'LlamaCloudExporterRestarting',
    expr: promql`
      changes(${PROCESS.startTime}[1h]) > 3
        and on (${INSTANCE})
      ${INSTANCES}
    `,
    for: '5m',
    severity: 'warning',
    summary: 'llamacloud-exporter {{ $labels.instance }} keeps restarting',
    description:
      'The process started {{ $value }} times within an hour. The last log line before each start says why; none, and exit code 137, is memory.',
  },
  {
    alert: 'LlamaCloudExporterReloadFailed',
    expr: `${EXPORTER.reloadSuccessful.name} == 0`,
    for: '5m',
    severity: 'warning',
    summary: 'llamacloud-exporter {{ $labels.instance }} could not read its configuration again',
    description:
      'The last reload failed. The configuration from before stays in force; the next restart will fail. Fix the file that the log names, and reload.',
  },
  {
    alert: 'LlamaCloudExporterSnapshotStale',
    // A member publishes when it is asked for projects, and refuses where it cannot: an old snapshot is one that nobody asked for.
    expr: promql`
      (time() - ${EXPORTER.snapshotTimestamp.name})
        > on (${INSTANCE})
      ${T.snapshotAge}
        and on ()
      (sum(${EXPORTER.projects.name}) > 0)
        unless on (${INSTANCE})
      ${MEMBERS.lease.name}
    `,
    for: '5m',
    severity: 'critical',
    summary: 'llamacloud-exporter {{ $labels.instance }} shows old numbers',
    description:
      'Nothing has been published for {{ $value | humanizeDuration }}, although the process answers scrapes: every figure on the dashboards is that old. Look at its disk, then restart it.',
  },
  {
    alert: 'LlamaCloudExporterMemoryHigh',
    expr: promql`
      ${PROCESS.residentMemory}
        > on (${INSTANCE})
      ${T.memory}
    `,
    for: '30m',
    severity: 'warning',
    summary: 'llamacloud-exporter {{ $labels.instance }} uses much memory',
    description:
      'The process holds {{ $value | humanize1024 }}B. At the limit of its container the kernel ends it. Its memory follows the number of projects, not of sessions.',
  },
];

const STATE_ALERTS: readonly AlertRule[] = [
  {
    alert: 'LlamaCloudExporterStateWriteErrors',
    // A member without a lease has stopped writing; another alert reports that its database is unreachable.
    expr: promql`
      increase(${EXPORTER.stateWriteErrors.name}[15m]) >= 3
        unless on (${INSTANCE})
      (${MEMBERS.lease.name} <= 0)
    `,
    for: '5m',
    severity: 'critical',
    summary: 'llamacloud-exporter {{ $labels.instance }} cannot write its state',
    description:
      '{{ $value | humanize }} writes failed in 15 minutes. Runs are not counted while this lasts; most are counted afterwards. Look at the disk: full, read-only, or gone.',
  },
  {
    alert: 'LlamaCloudExporterStateLarge',
    expr: promql`
      ${EXPORTER.stateSize.name}
        > on (${INSTANCE})
      ${T.stateSize}
    `,
    for: '30m',
    severity: 'warning',
    summary: 'The state of llamacloud-exporter {{ $labels.instance }} is large',
    description:
      'The state takes {{ $value | humanize1024 }}B on disk. Enlarge the volume, or exclude projects that nobody watches.',
  },
  {
    alert: 'LlamaCloudExporterStateRecreated',
    // The first install is no loss: the state that is gone must have lived for an hour.
    expr: promql`
      (${EXPORTER.stateCreated.name} - min_over_time(${EXPORTER.stateCreated.name}[6h]) > 3600)
        and
      (min_over_time(${EXPORTER.stateCreated.name}[6h]) > 0)
    `,
    for: '5m',
    severity: 'warning',
    summary: 'llamacloud-exporter {{ $labels.instance }} started with an empty state',
    description:
      'A new state was created within the last 6 hours: counters began again at 0, and runs that ended while the exporter was down are not counted. Check that the state lies on a volume.',
  },
];

export const EXPORTER_ALERTS: readonly RuleGroup[] = [
  { name: 'llamacloud-exporter', comment: 'The process.', interval: '', rules: PROCESS_ALERTS },
  {
    name: 'llamacloud-state',
    comment: 'The state, from which counters continue after a restart.',
    interval: '',
    rules: STATE_ALERTS,
  },
];
