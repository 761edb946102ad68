/** Alerts about the process: is it there, does it publish, does its state hold. */
import { EXPORTER, PROCESS } from '../../../src/metrics/catalog.ts';
import { INSTANCE, INSTANCES, JOB } from '../levels.ts';
import { type AlertRule, promql, type RuleGroup } from '../rule.ts';
import { T } from '../thresholds.ts';

const PROCESS_ALERTS: readonly AlertRule[] = [
  {
    alert: 'LlamaCloudExporterDown',
    expr: `up{${JOB}} == 0`,
    for: '5m',
    severity: 'critical',
    summary: 'llamacloud-exporter {{ $labels.instance }} does not answer scrapes',
    description:
      'Prometheus has had no answer from {{ $labels.instance }} (job {{ $labels.job }}) for 5 minutes. Runs are counted after it is back, but with last_run accounting only the last one of each session.',
  },
  {
    alert: 'LlamaCloudExporterAbsent',
    expr: promql`
      absent(up{${JOB}})
        and
      absent(${EXPORTER.buildInfo.name})
    `,
    for: '15m',
    severity: 'critical',
    summary: 'No llamacloud-exporter is scraped at all',
    description:
      'No scrape job whose name contains "llamacloud" has a target, and no target shows the metrics of llamacloud-exporter: nothing watches the agents.',
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
    description: 'The process started {{ $value }} times within an hour.',
  },
  {
    alert: 'LlamaCloudExporterReloadFailed',
    expr: `${EXPORTER.reloadSuccessful.name} == 0`,
    for: '5m',
    severity: 'warning',
    summary: 'llamacloud-exporter {{ $labels.instance }} could not read its configuration again',
    description: 'The last reload failed. The configuration from before stays in force; the next restart will fail.',
  },
  {
    alert: 'LlamaCloudExporterSnapshotStale',
    expr: promql`
      (time() - ${EXPORTER.snapshotTimestamp.name})
        > on (${INSTANCE})
      ${T.snapshotAge}
        and on (${INSTANCE})
      (sum by (${INSTANCE}) (${EXPORTER.projects.name}) > 0)
    `,
    for: '5m',
    severity: 'critical',
    summary: 'llamacloud-exporter {{ $labels.instance }} shows old numbers',
    description:
      'Nothing has been published for {{ $value | humanizeDuration }}, although the process answers scrapes: every figure on the dashboards is that old.',
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
      'The process holds {{ $value | humanize1024 }}B. Its memory does not grow with the number of sessions, so this is a fault, or very many projects.',
  },
  {
    alert: 'LlamaCloudExporterEventLoopBlocked',
    expr: promql`
      ${PROCESS.eventLoopLagP99}
        > on (${INSTANCE})
      ${T.eventLoopLag}
    `,
    for: '15m',
    severity: 'warning',
    summary: 'llamacloud-exporter {{ $labels.instance }} reacts slowly',
    description:
      'The event loop was blocked for {{ $value | humanizeDuration }} (99th percentile): scrapes and polls wait.',
  },
];

const STATE_ALERTS: readonly AlertRule[] = [
  {
    alert: 'LlamaCloudExporterStateWriteErrors',
    expr: `increase(${EXPORTER.stateWriteErrors.name}[15m]) >= 3`,
    for: '5m',
    severity: 'critical',
    summary: 'llamacloud-exporter {{ $labels.instance }} cannot write its state',
    description:
      '{{ $value | humanize }} writes failed in 15 minutes. Runs are not counted while this lasts; what is not overwritten by a later run is counted afterwards.',
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
    description: 'The state takes {{ $value | humanize1024 }}B on disk.',
  },
  {
    alert: 'LlamaCloudExporterStateGrowing',
    expr: promql`
      predict_linear(${EXPORTER.stateSize.name}[1d], 7 * 86400)
        > on (${INSTANCE})
      ${T.stateSize}
        and on (${INSTANCE})
      (${EXPORTER.stateSize.name} > on (${INSTANCE}) (0.5 * ${T.stateSize}))
        unless on (${INSTANCE})
      (${EXPORTER.stateSize.name} > on (${INSTANCE}) ${T.stateSize})
        and on (${INSTANCE})
      (time() - ${EXPORTER.stateCreated.name} > 2 * 86400)
    `,
    for: '1h',
    severity: 'warning',
    summary: 'The state of llamacloud-exporter {{ $labels.instance }} will be large within a week',
    description: 'At the pace of the last day it reaches {{ $value | humanize1024 }}B in seven days.',
  },
  {
    alert: 'LlamaCloudExporterStateRecreated',
    expr: `changes(${EXPORTER.stateCreated.name}[6h]) > 0`,
    for: '5m',
    severity: 'warning',
    summary: 'llamacloud-exporter {{ $labels.instance }} started with an empty state',
    description:
      'The state was created anew within the last 6 hours: counters began again at 0, and runs that ended while the exporter was down are not counted. A container without a volume shows itself this way.',
  },
];

export const EXPORTER_ALERTS: readonly RuleGroup[] = [
  { name: 'llamacloud-exporter', comment: 'The process.', interval: '', rules: PROCESS_ALERTS },
  {
    name: 'llamacloud-state',
    comment: 'The state, from which counters go on after a restart.',
    interval: '',
    rules: STATE_ALERTS,
  },
];
