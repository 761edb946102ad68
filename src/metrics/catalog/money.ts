/** The catalogue of metrics on budgets and cost. */
import { chat } from './metric.ts';

/** Budgets as configured, and what is compared with them. They outlive staleness, as budgets do. */
export const MONEY = {
  costThisMonth: chat(
    'cost_this_month_usd',
    'gauge',
    'Estimated cost in US dollars counted since the calendar month (UTC) or the counting began, whichever is later, as of the last poll.',
  ),
  budget: chat('budget_usd', 'gauge', 'Configured budget of the project in US dollars, by period.', 'period'),
  totalBudget: {
    name: 'llamacloud_chat_total_budget_usd',
    type: 'gauge',
    scope: 'live',
    part: 'projects',
    labels: ['period'],
    help: 'Configured budget of all projects together in US dollars, by period.',
  },
} as const;
