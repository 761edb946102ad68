/** Alerts about the data of each project: is what Prometheus shows fresh and complete. */
import { POLLING } from '../../../src/metrics/catalog.ts';
import { ACCOUNT, BY_PROJECT, PROJECT, PROJECTS, SAME_PROJECT } from '../levels.ts';
import { R } from '../recording/names.ts';
import { type AlertRule, promql, type RuleGroup } from '../rule.ts';
import { T } from '../thresholds/index.ts';

const SWEEP_AGE = `(time() - max by (${PROJECT}) (${POLLING.lastFullSweep.name}))`;
const SWEEP_DURATION = `max by (${PROJECT}) (${POLLING.duration.name}{kind="full"})`;
const MOST_STALE = `(${R.staleRatio} > on (${ACCOUNT}) ${T.staleShare})`;

const FRESH: readonly AlertRule[] = [
  {
    alert: 'LlamaCloudMostDataStale',
    expr: MOST_STALE,
    for: '5m',
    severity: 'critical',
    summary: 'The data of most projects{{ with $labels.account }} of account {{ . }}{{ end }} is old',
    description:
      '{{ $value | humanizePercentage }} of the projects have not been read for 15 minutes or longer: nothing watches their agents. Run `llamacloud-exporter check` where the exporter runs.',
  },
  {
    alert: 'LlamaCloudProjectDataStale',
    expr: promql`
      ${R.stale}
        unless on (${ACCOUNT})
      ${MOST_STALE}
    `,
    for: '5m',
    severity: 'warning',
    summary: 'Project {{ $labels.project }} cannot be read, others can',
    description:
      'The last successful poll of project {{ $labels.project }} ended {{ $value | humanizeDuration }} ago, while other projects are read. Nothing watches its agents. Look at the reason of its failed polls: it may be deleted, or hidden from the key.',
  },
  {
    alert: 'LlamaCloudVerificationBehind',
    expr: promql`
      (time() - max by (${PROJECT}) (${POLLING.oldestUnverified.name}))
        > ${BY_PROJECT}
      ${T.verificationAge}
        unless on (${PROJECT})
      ${R.stale}
    `,
    for: '30m',
    severity: 'warning',
    summary: 'Runs of project {{ $labels.project }} wait to be verified',
    description:
      'The oldest change of project {{ $labels.project }} has waited for its event history for {{ $value | humanizeDuration }}: counters may be too low. See which outcome the histories have, and whether requests are limited.',
  },
];

const COMPLETE: readonly AlertRule[] = [
  {
    alert: 'LlamaCloudFullSweepsNotFinishing',
    // A project of which no sweep ever finished counts as six hours old from six hours after it was found.
    expr: promql`
      (
        ${SWEEP_AGE} > ${BY_PROJECT} ${T.sweepAge}
          unless on (${PROJECT})
        (${SWEEP_AGE} <= 2 * ${SWEEP_DURATION})
          or
        21600 * ${PROJECTS} and (${PROJECTS} offset 6h)
          unless on (${PROJECT})
        ${POLLING.lastFullSweep.name}
      )
        unless on (${PROJECT})
      (${R.gap} > ${SAME_PROJECT} ${T.dataAge})
    `,
    for: '30m',
    severity: 'warning',
    summary: 'Full sweeps of project {{ $labels.project }} do not finish',
    description:
      'Project {{ $labels.project }} has had no complete sweep for {{ $value | humanizeDuration }} or longer: deleted sessions stay in the gauges, and missed changes are not found. See whether the progress falls back to 0 or hardly rises.',
  },
  {
    alert: 'LlamaCloudMalformedSessions',
    expr: promql`
      sum by (${PROJECT}) (increase(${POLLING.invalid.name}[1h]))
        > ${BY_PROJECT}
      ${T.invalidSessions}
    `,
    for: '15m',
    severity: 'warning',
    summary: 'LlamaCloud shows malformed sessions in project {{ $labels.project }}',
    description:
      '{{ $value | humanize }} items of the session list of project {{ $labels.project }} were dropped in an hour: their runs are not counted. Look for a newer version of the exporter.',
  },
];

export const POLLING_ALERTS: readonly RuleGroup[] = [
  {
    name: 'llamacloud-freshness',
    comment: 'How fresh the data of each project is.',
    interval: '',
    rules: FRESH,
  },
  { name: 'llamacloud-completeness', comment: 'What is missing from the data.', interval: '', rules: COMPLETE },
];
