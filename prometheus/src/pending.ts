/** Names of metrics that the catalogue does not have yet: once it has them, take them from there and delete this file. */
export const PENDING = {
  /** Gauge of a project, extra label `period` = `day` or `month`: the configured budget in US dollars. */
  budget: { name: 'llamacloud_chat_budget_usd', labels: ['project_id', 'project', 'period'] },
  /** Gauge without project labels, label `period`: the configured budget of all projects together, in US dollars. */
  totalBudget: { name: 'llamacloud_chat_total_budget_usd', labels: ['period'] },
  /** Gauge of a project: US dollars counted since the calendar month (UTC) began. */
  costThisMonth: { name: 'llamacloud_chat_cost_this_month_usd', labels: ['project_id', 'project'] },
} as const;
