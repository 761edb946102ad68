/** Alerts about the agents: errors against a budget, durations, turns, silence. */
import { RUNS } from '../../../src/metrics/catalog.ts';
import { BY_PROJECT, PROJECT } from '../levels.ts';
import { errorRatio, R, runs } from '../recording.ts';
import { type AlertRule, promql, type RuleGroup } from '../rule.ts';
import { T } from '../thresholds.ts';

type Windows = Parameters<typeof runs>[0];

/** Seconds in the windows whose runs are counted. */
const SECONDS = { '30m': 1800, '1h': 3600, '6h': 21_600, '1d': 86_400, '3d': 259_200 } as const;

/** Holds where a window has runs enough to believe what is computed from them. */
const enough = (window: keyof typeof SECONDS): string => promql`
  (${runs(window)} * ${SECONDS[window]} >= on (${PROJECT}) group_left () ${T.sampleRuns})
`;

/**
 * Burn rate of the error budget above a factor in a long window and in a short one, which ends the alert soon after the errors end.
 * Windows and factors are those of the Google SRE workbook, "Alerting on SLOs".
 */
const burn = (factor: number, long: keyof typeof SECONDS, short: Windows): string => promql`
  (
    ${errorRatio(long)} > ${BY_PROJECT} (${factor} * ${T.errorBudget})
      and on (${PROJECT})
    (${errorRatio(short)} > on (${PROJECT}) group_left () (${factor} * ${T.errorBudget}))
      and on (${PROJECT})
    ${enough(long)}
  )
`;

const ERRORS: readonly AlertRule[] = [
  {
    alert: 'LlamaCloudErrorBudgetBurnFast',
    expr: `${burn(14.4, '1h', '5m')}\n  or\n${burn(6, '6h', '30m')}`,
    for: '2m',
    severity: 'critical',
    summary: 'Project {{ $labels.project }} burns its error budget fast',
    description:
      '{{ $value | humanizePercentage }} of the runs of project {{ $labels.project }} fail. At this pace the error budget of a month is gone within two to five days.',
  },
  {
    alert: 'LlamaCloudErrorBudgetBurnSlow',
    expr: `${burn(3, '1d', '2h')}\n  or\n${burn(1, '3d', '6h')}`,
    for: '15m',
    severity: 'warning',
    summary: 'Project {{ $labels.project }} burns its error budget slowly',
    description:
      '{{ $value | humanizePercentage }} of the runs of project {{ $labels.project }} failed over the last day or days: more than the objective allows.',
  },
  {
    alert: 'LlamaCloudErrorRatioHigh',
    expr: promql`
      ${errorRatio('30m')} > ${BY_PROJECT} ${T.errorRatio}
        and on (${PROJECT})
      ${enough('30m')}
    `,
    for: '10m',
    severity: 'warning',
    summary: 'Many runs fail in project {{ $labels.project }}',
    description: '{{ $value | humanizePercentage }} of the runs of project {{ $labels.project }} failed in 30 minutes.',
  },
  ...[
    {
      alert: 'LlamaCloudAgentCredentialsRejected',
      class: 'authentication',
      summary: 'Agents of project {{ $labels.project }} are refused by what they use',
      cause: 'because a key or a permission of the agent was rejected',
    },
    {
      alert: 'LlamaCloudIndexUnavailable',
      class: 'index_unavailable',
      summary: 'Agents of project {{ $labels.project }} cannot read an index',
      cause: 'because an index was missing or did not answer',
    },
  ].map(
    (row): AlertRule => ({
      alert: row.alert,
      expr: promql`
        sum by (${PROJECT}) (increase(${RUNS.runErrors.name}{class="${row.class}"}[30m]))
          > ${BY_PROJECT}
        ${T.classErrors}
      `,
      for: '5m',
      severity: 'warning',
      summary: row.summary,
      description: `{{ $value | humanize }} runs of project {{ $labels.project }} failed in 30 minutes ${row.cause}.`,
    }),
  ),
];

const BEHAVIOUR: readonly AlertRule[] = [
  {
    alert: 'LlamaCloudRunDurationP95High',
    expr: promql`
      ${R.durationP95} > ${BY_PROJECT} ${T.durationP95}
        and on (${PROJECT})
      ${enough('30m')}
    `,
    for: '15m',
    severity: 'warning',
    summary: 'Runs of project {{ $labels.project }} take long',
    description:
      'One run in twenty of project {{ $labels.project }} took longer than {{ $value | humanizeDuration }} in the last 30 minutes.',
  },
  {
    alert: 'LlamaCloudRunDurationRegression',
    expr: promql`
      (${R.durationMean} / ${R.durationMean} offset 1w) > ${BY_PROJECT} ${T.durationGrowth}
        and on (${PROJECT})
      (${R.durationCount} * 21600 >= on (${PROJECT}) group_left () ${T.sampleRuns})
        and on (${PROJECT})
      (${R.durationCount} offset 1w * 21600 >= on (${PROJECT}) group_left () ${T.sampleRuns})
    `,
    for: '30m',
    severity: 'warning',
    summary: 'Runs of project {{ $labels.project }} have become slower',
    description:
      'The mean duration of a run of project {{ $labels.project }} over 6 hours is {{ $value | humanize }} times that of the same hours a week ago.',
  },
  {
    alert: 'LlamaCloudTurnsPerRunHigh',
    expr: promql`
      ${R.turnsP95} > ${BY_PROJECT} ${T.turnsP95}
        and on (${PROJECT})
      ${enough('1h')}
    `,
    for: '15m',
    severity: 'warning',
    summary: 'Agents of project {{ $labels.project }} take many turns',
    description:
      'One run in twenty of project {{ $labels.project }} took more than {{ $value | humanize }} turns in the last hour: an agent may be looping.',
  },
  {
    alert: 'LlamaCloudRunsWithoutUsage',
    expr: promql`
      ${R.withoutUsageRatio} > ${BY_PROJECT} ${T.withoutUsage}
        and on (${PROJECT})
      ${enough('1h')}
    `,
    for: '30m',
    severity: 'warning',
    summary: 'Runs of project {{ $labels.project }} show no token counts',
    description:
      '{{ $value | humanizePercentage }} of the runs of project {{ $labels.project }} had no token counts in the last hour: tokens and cost are too low by these.',
  },
  {
    alert: 'LlamaCloudProjectSilent',
    expr: promql`
      (${runs('2h')} offset 1w * 7200) >= ${BY_PROJECT} ${T.busyRuns}
        and on (${PROJECT})
      (${runs('2h')} == 0)
        unless on (${PROJECT})
      (${R.dataAge} > on (${PROJECT}) ${T.dataAge})
    `,
    for: '30m',
    severity: 'warning',
    summary: 'Project {{ $labels.project }} has fallen silent',
    description:
      'No run of project {{ $labels.project }} in 2 hours; in the same hours a week ago there were {{ $value | humanize }}.',
  },
];

export const AGENT_ALERTS: readonly RuleGroup[] = [
  {
    name: 'llamacloud-errors',
    comment: 'Failed runs, against an objective of 99 % by default.',
    interval: '',
    rules: ERRORS,
  },
  { name: 'llamacloud-behaviour', comment: 'How the agents behave.', interval: '', rules: BEHAVIOUR },
];
