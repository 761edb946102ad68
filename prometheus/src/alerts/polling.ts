/** Alerts about the polling of each project: is what Prometheus shows fresh and complete. */
import { EXPORTER, type Metric, POLLING } from '../../../src/metrics/catalog.ts';
import { BY_PROJECT, INSTANCE, PROJECT, PROJECTS } from '../levels.ts';
import { R } from '../recording.ts';
import { type AlertRule, promql, type RuleGroup, type Severity } from '../rule.ts';
import { T } from '../thresholds.ts';

const interval = (kind: 'head' | 'full'): string =>
  `max by (${INSTANCE}) (${EXPORTER.pollInterval.name}{kind="${kind}"})`;

const SWEEP_DURATION = `max by (${PROJECT}) (${POLLING.duration.name}{kind="full"})`;

const polls = (outcomes: string): string =>
  `sum by (${PROJECT}) (increase(${POLLING.polls.name}{outcome=~"${outcomes}"}[15m]))`;

const FRESHNESS: readonly AlertRule[] = [
  {
    alert: 'LlamaCloudProjectDataStale',
    // A list that is swept whole at every poll is as old as a sweep takes: that alone is no fault.
    expr: promql`
      ${R.dataAge}
        > ${BY_PROJECT}
      ${T.dataAge}
        unless on (${PROJECT})
      (${R.dataAge} <= 3 * ${SWEEP_DURATION})
    `,
    for: '5m',
    severity: 'critical',
    summary: 'The data of project {{ $labels.project }} are old',
    description:
      'The last successful poll of project {{ $labels.project }} ended {{ $value | humanizeDuration }} ago. Its counters stand still: alerts about its agents are blind.',
  },
  {
    alert: 'LlamaCloudProjectPollsFailing',
    expr: promql`
      (
        ${polls('failure')}
          /
        (${polls('success|failure')} >= 2)
      )
        > ${BY_PROJECT}
      ${T.pollFailures}
    `,
    for: '10m',
    severity: 'warning',
    summary: 'Polls of project {{ $labels.project }} fail',
    description:
      '{{ $value | humanizePercentage }} of the polls of project {{ $labels.project }} failed in 15 minutes.',
  },
  {
    alert: 'LlamaCloudPollGapHigh',
    expr: promql`
      (
        max by (${PROJECT}) (${POLLING.gap.name})
          > on (${INSTANCE}) group_left ()
        (3 * ${interval('head')})
      )
        * ${BY_PROJECT}
      ${PROJECTS}
    `,
    for: '15m',
    severity: 'warning',
    summary: 'Project {{ $labels.project }} is polled less often than configured',
    description:
      'The last two successful polls of project {{ $labels.project }} lay {{ $value | humanizeDuration }} apart, more than three times polling.interval. With last_run accounting, runs in between go unseen.',
  },
];

const SWEEPS: readonly AlertRule[] = [
  {
    alert: 'LlamaCloudSweepOverrun',
    expr: promql`
      (
        ${SWEEP_DURATION}
          > on (${INSTANCE}) group_left ()
        ${interval('full')}
      )
        * ${BY_PROJECT}
      ${PROJECTS}
    `,
    for: '15m',
    severity: 'warning',
    summary: 'A full sweep of project {{ $labels.project }} takes longer than its interval',
    description:
      'The last full sweep of project {{ $labels.project }} took {{ $value | humanizeDuration }}, more than polling.full_sweep_interval: sweeps run without a pause.',
  },
  {
    alert: 'LlamaCloudFullSweepsNotFinishing',
    expr: promql`
      (
        (time() - max by (${PROJECT}) (${POLLING.lastFullSweep.name}))
          > on (${INSTANCE}) group_left ()
        (3 * ${interval('full')})
          unless on (${PROJECT})
        (time() - max by (${PROJECT}) (${POLLING.lastFullSweep.name}) <= 2 * ${SWEEP_DURATION})
      )
        * ${BY_PROJECT}
      ${PROJECTS}
    `,
    for: '30m',
    severity: 'warning',
    summary: 'Full sweeps of project {{ $labels.project }} no longer finish',
    description:
      'The last complete sweep of project {{ $labels.project }} ended {{ $value | humanizeDuration }} ago: deleted sessions stay in the gauges, and missed changes are not found.',
  },
  {
    alert: 'LlamaCloudFirstSweepPending',
    expr: promql`
      ${PROJECTS}
        unless on (${PROJECT})
      ${POLLING.lastFullSweep.name}
    `,
    for: '6h',
    severity: 'info',
    summary: 'The first sweep of project {{ $labels.project }} is not finished',
    description:
      'Project {{ $labels.project }} has had no complete sweep for 6 hours since it was found: its gauges are absent until then.',
  },
];

/** More than so many events of a kind within a window. */
const many = (metric: Metric, window: string, threshold: string): string => promql`
  sum by (${PROJECT}) (increase(${metric.name}[${window}]))
    > ${BY_PROJECT}
  ${threshold}
`;

type Events = {
  readonly alert: string;
  readonly metric: Metric;
  readonly window: string;
  readonly threshold: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly description: string;
};

const EVENTS: readonly Events[] = [
  {
    alert: 'LlamaCloudHeadPollMisses',
    metric: POLLING.misses,
    window: '2h',
    threshold: T.headPollMisses,
    severity: 'info',
    summary: 'Head polls of project {{ $labels.project }} miss changes',
    description:
      'Full sweeps found {{ $value | humanize }} changes in 2 hours that head polls of project {{ $labels.project }} had not seen: runs are counted late.',
  },
  {
    alert: 'LlamaCloudMalformedSessions',
    metric: POLLING.invalid,
    window: '1h',
    threshold: T.invalidSessions,
    severity: 'warning',
    summary: 'LlamaCloud shows malformed sessions in project {{ $labels.project }}',
    description:
      '{{ $value | humanize }} items of the session list of project {{ $labels.project }} were dropped in an hour: their runs are not counted.',
  },
  {
    alert: 'LlamaCloudStaleReads',
    metric: POLLING.staleReads,
    window: '1h',
    threshold: T.staleReads,
    severity: 'info',
    summary: 'LlamaCloud shows old states of sessions in project {{ $labels.project }}',
    description:
      '{{ $value | humanize }} reads in an hour showed an older state than known in project {{ $labels.project }}. They are ignored; nothing is counted twice.',
  },
  {
    alert: 'LlamaCloudUnreconciledRuns',
    metric: POLLING.unreconciled,
    window: '6h',
    threshold: T.unreconciledRuns,
    severity: 'info',
    summary: 'Event histories in project {{ $labels.project }} do not fit what was counted',
    description:
      '{{ $value | humanize }} histories in 6 hours did not fit in project {{ $labels.project }}: of each only the newest run was counted.',
  },
];

export const POLLING_ALERTS: readonly RuleGroup[] = [
  { name: 'llamacloud-freshness', comment: 'How fresh the data of each project are.', interval: '', rules: FRESHNESS },
  {
    name: 'llamacloud-sweeps',
    comment: 'Full sweeps, which find deletions and what head polls miss.',
    interval: '',
    rules: SWEEPS,
  },
  {
    name: 'llamacloud-reads',
    comment: 'What the session list shows that it should not.',
    interval: '',
    rules: EVENTS.map(({ metric, window, threshold, ...rest }) => ({
      ...rest,
      expr: many(metric, window, threshold),
      for: '15m',
    })),
  },
];
