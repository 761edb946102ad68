/** Budgets of a project, and its cost of the month. These outlive staleness: money is spent whether a project is read or not. */
import type { Budget } from '../../domain/rules.ts';
import { MONEY } from '../catalog.ts';
import { type Family, labelled, type Sample, single } from './sample.ts';

/** A series for each period that has a budget; also of the budget of all projects. */
export function byPeriod(budget: Budget | null): readonly (readonly [period: 'day' | 'month', usd: number])[] {
  const periods = [['day', budget?.perDay ?? null] as const, ['month', budget?.perMonth ?? null] as const];
  return periods.flatMap(([period, usd]) => (usd === null ? [] : [[period, usd] as const]));
}

/** Absent, as the cost is, until a price has applied. */
const costThisMonth: Family = {
  metric: MONEY.costThisMonth,
  samples: ({ totals, spent }, { isSameMonth }): readonly Sample[] =>
    totals.counters.costNanoUsd === null ? [] : [single(isSameMonth ? spent.monthNanoUsd : 0, 9)],
};

const budget: Family = {
  metric: MONEY.budget,
  samples: ({ project }, { ownership }) =>
    byPeriod(ownership.of(project).budget).map(([period, usd]) => labelled(usd, period)),
};

export const MONEY_FAMILIES: readonly Family[] = [costThisMonth, budget];
