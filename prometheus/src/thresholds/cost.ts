/** Thresholds for tokens and cost. Budgets come from the exporter's configuration. */
import { MONEY } from '../../../src/metrics/catalog.ts';
import { BY_PROJECT, INSTANCE, PROJECT, PROJECTS } from '../levels.ts';
import { promql, type RecordingRule } from '../rule.ts';
import { computed, project } from './make.ts';

const budget = (period: 'day' | 'month'): string =>
  `max by (${PROJECT}) (${MONEY.budget.name}{period="${period}"}) * ${BY_PROJECT} ${PROJECTS}`;

const total = (period: 'day' | 'month'): RecordingRule => ({
  record: `instance:llamacloud_cost_usd_per_${period}:threshold`,
  expr: `max by (${INSTANCE}) (${MONEY.totalBudget.name}{period="${period}"})`,
  comment: `The budget of all projects together, as configured: US dollars per ${period}. Absent without one.`,
});

export const COST_THRESHOLDS = {
  dailyCost: computed(
    'cost_usd_per_day',
    budget('day'),
    'The budget of a project in any 24 hours, as configured in the exporter. Absent without one.',
  ),
  monthlyCost: computed(
    'cost_usd_per_month',
    budget('month'),
    'The budget of a project in a calendar month (UTC), as configured in the exporter. Absent without one.',
  ),
  totalDailyCost: total('day'),
  totalMonthlyCost: total('month'),
  runaway: computed(
    'cost_usd_per_30m_runaway',
    promql`
      0.05 * project:llamacloud_cost_usd_per_day:threshold
        or on (${PROJECT})
      2.5 * ${PROJECTS}
    `,
    'US dollars in 30 minutes below which nobody is woken for cost: a twentieth of the daily budget; without a budget an absolute 2.50, which is not worth a night.',
  ),
  costGrowth: project(
    'cost_growth_ratio',
    2,
    'Cost of 30 minutes over that of the most expensive 30 minutes of the week before.',
  ),
  tokenGrowth: project(
    'tokens_growth_ratio',
    2.5,
    'Tokens of a run over the usual ones, and tokens of an hour over those of the largest hour of the week before.',
  ),
  tokenFloor: project(
    'tokens_floor',
    '1e5',
    'Tokens in a window below which growth does not matter. Absolute: they cost well below a dollar.',
  ),
} as const satisfies Record<string, RecordingRule>;
