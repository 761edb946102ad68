/** Alerts about failed runs. All are silent where the data of the project is old. */
import { RUNS } from '../../../src/metrics/catalog.ts';
import { BY_PROJECT, PROJECT, SAME_PROJECT } from '../levels.ts';
import { faultRatio, faults, R, runs, type Window } from '../recording/names.ts';
import { type AlertRule, promql, type RuleGroup } from '../rule.ts';
import { T } from '../thresholds/index.ts';

/** Classes that mean a broken dependency, which does not repair itself: one such failure is enough where nothing succeeds. */
const BROKEN = 'class=~"authentication|index_unavailable"';

/** Counts are extrapolated by a few percent: nine tenths of a whole number tell it from the one below. */
const atLeast = (window: Window, threshold: string, times = 1): string =>
  `(${faults(window)} >= ${SAME_PROJECT} (${0.9 * times} * ${threshold}))`;

/** Runs that show that it is over: few of the last hour or two fail, or half as many as in the long window. Without any run it is not over. */
const recovered = (window: Window, threshold: string): string => promql`
  (
        ${faultRatio('1h')} <= ${SAME_PROJECT} ${threshold}
          or
        ${faultRatio('2h')} <= ${SAME_PROJECT} ${threshold}
          or
        ${faultRatio('1h')} <= on (${PROJECT}) (0.5 * ${faultRatio(window)})
      )
`;

/** Takes projects with old data away: their figures say nothing about now. */
const unlessStale = (expr: string): string => promql`
  (
    ${expr}
  )
    unless on (${PROJECT})
  ${R.stale}
`;

const BURN_FAST = promql`
  ${faultRatio('30m')} > ${BY_PROJECT} ${T.burnFast}
        and on (${PROJECT})
      ${atLeast('30m', T.failures)}
    or
      ${faultRatio('6h')} > ${BY_PROJECT} ${T.burnFast}
        and on (${PROJECT})
      ${atLeast('6h', T.failures)}
        unless on (${PROJECT})
      ${recovered('6h', T.burnFast)}
`;

const BURN_SLOW = promql`
  ${faultRatio('1d')} > ${BY_PROJECT} ${T.burnSlow}
      and on (${PROJECT})
    ${atLeast('1d', T.failures, 2)}
      and on (${PROJECT})
    (${faultRatio('6h')} > ${SAME_PROJECT} ${T.burnSlow})
      and on (${PROJECT})
    ${atLeast('6h', T.fewFailures)}
      unless on (${PROJECT})
    ${recovered('1d', T.burnSlow)}
`;

/** The fewer runs failed, the larger their share must be: 20 % where three failed in 30 minutes, 40 % where three failed in 6 hours. */
const highRatio = (window: '30m' | '6h', margin: number): string => promql`
  ${faultRatio(window)}
        > ${BY_PROJECT}
      (${T.errorRatio} + on (${PROJECT}) group_left () (${margin} / ${faults(window)}))
        and on (${PROJECT})
      ${atLeast(window, T.fewFailures)}
`;

const ofClass = (window: string): string =>
  `sum by (${PROJECT}, class) (increase(${RUNS.runErrors.name}{${BROKEN}}[${window}]))`;

const ONE_CAUSE = promql`
  ${ofClass('30m')} >= ${BY_PROJECT} (0.9 * ${T.fewFailures})
        and on (${PROJECT}, class)
      (${ofClass('30m')} > on (${PROJECT}) group_left () (0.1 * ${runs('30m')}))
    or
      ${ofClass('1h')} > ${BY_PROJECT} (0 * ${T.fewFailures})
        and on (${PROJECT}, class)
      (${ofClass('1h')} >= on (${PROJECT}) group_left () (0.95 * ${runs('1h')}))
`;

const ALERTS: readonly AlertRule[] = [
  {
    alert: 'LlamaCloudErrorBudgetBurnFast',
    expr: unlessStale(BURN_FAST),
    for: '2m',
    severity: 'critical',
    summary: 'Runs of project {{ $labels.project }} fail',
    description:
      '{{ $value | humanizePercentage }} of the runs of project {{ $labels.project }} fail: its users get no answers. See which error class leads, and take back the last change of the agent if the times fit.',
  },
  {
    alert: 'LlamaCloudErrorBudgetBurnSlow',
    expr: unlessStale(BURN_SLOW),
    for: '30m',
    severity: 'warning',
    summary: 'Runs of project {{ $labels.project }} keep failing',
    description:
      '{{ $value | humanizePercentage }} of the runs of project {{ $labels.project }} failed in 24 hours, and some still do. Find the error class that leads and plan a fix.',
  },
  {
    alert: 'LlamaCloudErrorRatioHigh',
    expr: unlessStale(
      `${highRatio('30m', 0.3)}\n    or\n      ${highRatio('6h', 0.9)}\n        unless on (${PROJECT})\n      ${recovered('6h', T.errorRatio)}`,
    ),
    for: '5m',
    keepFiringFor: '15m',
    severity: 'warning',
    summary: 'Some runs of project {{ $labels.project }} fail',
    description:
      '{{ $value | humanizePercentage }} of the recent runs of project {{ $labels.project }} failed, too few yet to wake anybody. See which error class leads.',
  },
  {
    alert: 'LlamaCloudFailingRunsOneCause',
    expr: unlessStale(ONE_CAUSE),
    for: '5m',
    keepFiringFor: '1h',
    severity: 'warning',
    summary: 'Runs of project {{ $labels.project }} fail for one cause: {{ $labels.class }}',
    description:
      'Recent runs of project {{ $labels.project }} that failed with {{ $labels.class }}: {{ $value | printf "%.0f" }}. Hardly any succeeded. This does not repair itself: check the key or the index that the agent uses.',
  },
];

export const FAILURE_GROUP: RuleGroup = {
  name: 'llamacloud-errors',
  comment: "Failed runs, without those that are the users' own doing.",
  interval: '',
  rules: ALERTS,
};
