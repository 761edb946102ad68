/** Alerts about tokens and money. */
import { BY_PROJECT, INSTANCE, PROJECT } from '../levels.ts';
import { R, runs } from '../recording.ts';
import { type AlertRule, promql, type RuleGroup } from '../rule.ts';
import { T } from '../thresholds.ts';

const ALERTS: readonly AlertRule[] = [
  {
    alert: 'LlamaCloudTokenSpike',
    expr: promql`
      (${R.tokens} / (${R.tokens} offset 1w > 0)) > ${BY_PROJECT} ${T.tokenGrowth}
        and on (${PROJECT})
      (${R.tokens} * 3600 >= on (${PROJECT}) group_left () ${T.tokenFloor})
        and on (${PROJECT})
      (${runs('1h')} * 3600 >= on (${PROJECT}) group_left () ${T.sampleRuns})
        and on (${PROJECT})
      (${runs('1h')} offset 1w * 3600 >= on (${PROJECT}) group_left () ${T.sampleRuns})
    `,
    for: '15m',
    severity: 'warning',
    summary: 'Project {{ $labels.project }} uses many more tokens than a week ago',
    description:
      'In the last hour project {{ $labels.project }} used {{ $value | humanize }} times the tokens of the same hour a week ago.',
  },
  {
    alert: 'LlamaCloudDailyCostOverBudget',
    expr: `${R.dailyCost} > ${BY_PROJECT} ${T.dailyCost}`,
    for: '15m',
    severity: 'warning',
    summary: 'Project {{ $labels.project }} is over its daily budget',
    description: 'The runs of project {{ $labels.project }} cost {{ $value | printf "%.2f" }} US dollars in 24 hours.',
  },
  {
    alert: 'LlamaCloudCostRunaway',
    expr: `${R.hourlyCost} > ${BY_PROJECT} (0.25 * ${T.dailyCost})`,
    for: '10m',
    severity: 'critical',
    summary: 'Project {{ $labels.project }} spends a quarter of its daily budget in an hour',
    description:
      'The runs of project {{ $labels.project }} cost {{ $value | printf "%.2f" }} US dollars in the last hour alone.',
  },
  {
    alert: 'LlamaCloudTotalCostOverBudget',
    expr: promql`
      sum by (${INSTANCE}) (${R.dailyCost})
        > on (${INSTANCE})
      ${T.totalDailyCost}
    `,
    for: '15m',
    severity: 'warning',
    summary: 'All projects of {{ $labels.instance }} together are over the daily budget',
    description: 'The runs of all projects cost {{ $value | printf "%.2f" }} US dollars in 24 hours.',
  },
];

export const COST_ALERTS: readonly RuleGroup[] = [
  {
    name: 'llamacloud-cost',
    comment: 'Tokens and estimated cost; cost is absent where no price is configured.',
    interval: '',
    rules: ALERTS,
  },
];
