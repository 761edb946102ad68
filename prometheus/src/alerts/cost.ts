/** Alerts about tokens and money. */
import { MONEY } from '../../../src/metrics/catalog.ts';
import { BY_PROJECT, INSTANCE, PROJECT, SAME_PROJECT } from '../levels.ts';
import { cost, R, runs, tokens, U } from '../recording/names.ts';
import { type AlertRule, promql, type RuleGroup } from '../rule.ts';
import { T } from '../thresholds/index.ts';

/** After a gap in the data, what happened meanwhile is counted at once: that is no spike. */
const settled = (expr: string): string => promql`
  (
    ${expr}
  )
    unless on (${PROJECT})
  (${R.gap} > ${SAME_PROJECT} ${T.dataAge})
`;

/** Tokens of a run over the usual ones: the fewer runs there are, the larger the growth must be. One run is never enough. */
const perRun = (window: '30m' | '6h'): string => promql`
  (${tokens(window)} / (${runs(window)} >= 1.8) / ${U.tokensPerRun})
        > ${BY_PROJECT}
      (${T.tokenGrowth} + on (${PROJECT}) group_left () (5.5 / ${runs(window)}))
        and on (${PROJECT})
      (${tokens(window)} > ${SAME_PROJECT} ${T.tokenFloor})
`;

/** The same over six hours, unless the runs of the last hour take half as many tokens: then it is over. */
const PER_RUN_LONG = promql`
  ${perRun('6h')}
        unless on (${PROJECT})
      (${tokens('1h')} / ${runs('1h')} <= 0.5 * ${tokens('6h')} / ${runs('6h')})
`;

/** Tokens of an hour over those of the largest hour of last week: many runs rather than expensive ones. */
const IN_TOTAL = promql`
  (${tokens('1h')} / (${U.maxHourTokens} > 0))
        > ${BY_PROJECT}
      ${T.tokenGrowth}
        and on (${PROJECT})
      (${tokens('1h')} > ${SAME_PROJECT} ${T.tokenFloor})
        and on (${PROJECT})
      (${runs('1h')} >= 20)
`;

const RUNAWAY = promql`
  ${cost('30m')} > ${BY_PROJECT} ${T.runaway}
        and on (${PROJECT})
      (${cost('30m')} > on (${PROJECT}) (${T.costGrowth} * on (${PROJECT}) group_left () ${U.maxCost}))
    or
      ${cost('30m')} > ${BY_PROJECT} (0.25 * ${T.dailyCost})
        unless on (${PROJECT})
      ${U.maxCost}
`;

const monthSoFar = `sum by (${PROJECT}) (${MONEY.costThisMonth.name})`;
/** Days left in the month, with fractions. */
const DAYS_LEFT = 'scalar(days_in_month() + 1 - day_of_month() - hour() / 24 - minute() / 1440)';
const forecast = `(${monthSoFar} + on (${PROJECT}) (${U.dailyCost} * ${DAYS_LEFT}))`;
const totalOf = (expr: string): string => `sum by (${INSTANCE}) (${expr})`;

/** A project over its budget, or all projects together over theirs, which has no label of a project. */
const overBudget = (spent: string, project: string, total: string): string => promql`
  ${spent} > ${BY_PROJECT} ${project}
    or
  ${totalOf(spent)} > on (${INSTANCE}) ${total}
`;

const WHO = '{{ if $labels.project }}Project {{ $labels.project }}{{ else }}All projects together{{ end }}';
const DOLLARS = '{{ $value | printf "%.2f" }} US dollars';

const SPIKES: readonly AlertRule[] = [
  {
    alert: 'LlamaCloudCostRunaway',
    expr: settled(RUNAWAY),
    for: '5m',
    severity: 'critical',
    summary: 'The cost of project {{ $labels.project }} is running away',
    description: `The runs of project {{ $labels.project }} cost ${DOLLARS} in 30 minutes, more than twice the most expensive 30 minutes of its last week, or a quarter of a new project's daily budget. Stop the agent or its client first; the runbook says how.`,
  },
  {
    alert: 'LlamaCloudTokenSpike',
    expr: settled(`${perRun('30m')}\n    or\n      ${PER_RUN_LONG}\n    or\n      ${IN_TOTAL}`),
    for: '5m',
    keepFiringFor: '15m',
    severity: 'warning',
    summary: 'Project {{ $labels.project }} uses many more tokens than usual',
    description:
      'Project {{ $labels.project }} uses {{ $value | printf "%.1f" }} times the tokens of its last week, for each run or in an hour. Look for runs with many turns and for long inputs.',
  },
];

const BUDGETS: readonly AlertRule[] = [
  {
    alert: 'LlamaCloudDailyCostOverBudget',
    expr: overBudget(cost('1d'), T.dailyCost, T.totalDailyCost),
    for: '15m',
    severity: 'warning',
    summary: `${WHO} exceeded the daily budget`,
    description: `${WHO} cost ${DOLLARS} in 24 hours, more than the configured budget. Speak to the owners, or change the budget.`,
  },
  {
    alert: 'LlamaCloudMonthlyCostForecast',
    expr: promql`
      (
        ${forecast} > ${BY_PROJECT} ${T.monthlyCost}
          unless on (${PROJECT})
        (${monthSoFar} > ${SAME_PROJECT} ${T.monthlyCost})
      )
        or
      (
        ${totalOf(forecast)} > on (${INSTANCE}) ${T.totalMonthlyCost}
          unless on (${INSTANCE})
        (${totalOf(monthSoFar)} > on (${INSTANCE}) ${T.totalMonthlyCost})
      )
    `,
    for: '6h',
    severity: 'warning',
    summary: `${WHO} will exceed the budget of the month`,
    description: `At the pace of the last week, the month will end at ${DOLLARS}, above the configured budget. Speak to the owners while there is time.`,
  },
  {
    alert: 'LlamaCloudMonthlyCostOverBudget',
    expr: overBudget(monthSoFar, T.monthlyCost, T.totalMonthlyCost),
    for: '15m',
    severity: 'warning',
    summary: `${WHO} exceeded the budget of the month`,
    description: `${WHO} cost ${DOLLARS} since the month began (UTC), more than the configured budget. Speak to the owners, or change the budget.`,
  },
];

export const COST_ALERTS: readonly RuleGroup[] = [
  {
    name: 'llamacloud-cost',
    comment:
      'Tokens and estimated cost, each compared with the last week of the project; cost is absent where no price is configured.',
    interval: '',
    rules: SPIKES,
  },
  {
    name: 'llamacloud-budgets',
    comment: "Budgets of the exporter's configuration: absent where none is configured.",
    interval: '',
    rules: BUDGETS,
  },
];
