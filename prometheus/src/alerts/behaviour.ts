/** Alerts about how agents behave: slower than usual, without usage, silent. */
import { BY_PROJECT, PROJECT, SAME_PROJECT } from '../levels.ts';
import { durationCount, durationSum, faultRatio, R, runs, U } from '../recording/names.ts';
import { type AlertRule, promql, type RuleGroup } from '../rule.ts';
import { T } from '../thresholds/index.ts';

/** Runs below which a mean duration says nothing. */
const ENOUGH = 10;

/** Mean duration over the usual one; the margin is five standard errors of durations that vary as those of agents do. */
const slower = (window: '1h' | '6h'): string => promql`
  (${durationSum(window)} / (${durationCount(window)} >= ${ENOUGH}) / ${U.duration})
        > ${BY_PROJECT}
      (${T.durationGrowth} + on (${PROJECT}) group_left () (5 / sqrt(${durationCount(window)})))
`;

/** No run in a window in which so many are expected. The value is the expected number. */
const silent = (window: '30m' | '2h' | '6h', expected: string, threshold: string): string => promql`
  (${expected}) >= ${BY_PROJECT} ${threshold}
        and on (${PROJECT})
      (${runs(window)} == 0)
`;

const SILENT = [
  silent('30m', `${runs('30m')} offset 1w`, T.expectedRuns),
  silent('2h', `${runs('2h')} offset 1w`, T.expectedRuns),
  // The mean of seven days is steadier than one day; the same weekday tells whether this is a working day.
  `${silent('6h', U.runs6h, T.expectedRunsFew)}\n        and on (${PROJECT})\n      (${runs('6h')} offset 1w >= ${SAME_PROJECT} ${T.expectedRunsFew})`,
].join('\n    or\n      ');

const ALERTS: readonly AlertRule[] = [
  {
    alert: 'LlamaCloudRunDurationRegression',
    expr: promql`
      (
        ${slower('1h')}
          or
        ${slower('6h')}
      )
        unless on (${PROJECT})
      ${R.stale}
    `,
    for: '30m',
    severity: 'warning',
    summary: 'Runs of project {{ $labels.project }} have become slower',
    description:
      'The mean duration of a run of project {{ $labels.project }} is {{ $value | printf "%.1f" }} times that of its last week. Compare turns and tokens per run with those of last week.',
  },
  {
    alert: 'LlamaCloudRunsWithoutUsage',
    expr: promql`
      (
        ${R.withoutUsage} / (${runs('1d')} >= ${ENOUGH}) - on (${PROJECT}) ${faultRatio('1d')}
      )
        > ${BY_PROJECT}
      ${T.withoutUsage}
        unless on (${PROJECT})
      ${R.stale}
    `,
    for: '30m',
    severity: 'warning',
    summary: 'Runs of project {{ $labels.project }} show no token counts',
    description:
      '{{ $value | humanizePercentage }} of the runs of project {{ $labels.project }} succeeded without token counts in 24 hours: tokens and cost are too low by these. Nothing to repair here; ask LlamaCloud.',
  },
  {
    alert: 'LlamaCloudProjectSilent',
    expr: promql`
      (
        ${SILENT}
      )
        unless on (${PROJECT})
      (${R.gap} > ${SAME_PROJECT} ${T.dataAge})
    `,
    for: '10m',
    keepFiringFor: '1h',
    severity: 'warning',
    summary: 'Project {{ $labels.project }} has fallen silent',
    description:
      'Project {{ $labels.project }} has no runs, where its last week makes {{ $value | printf "%.0f" }} likely by now. Check that the application which uses the agent runs and reaches LlamaCloud.',
  },
];

export const BEHAVIOUR_GROUP: RuleGroup = {
  name: 'llamacloud-behaviour',
  comment: 'How the agents behave, each compared with its own last week.',
  interval: '',
  rules: ALERTS,
};
