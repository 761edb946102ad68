/** Budgets, cost of the month and teams in the metrics, through a new month, a rename and a reload. */
import { expect, test } from 'vitest';
import type { Rules } from '../../src/domain/rules.ts';
import { MONEY } from '../../src/metrics/catalog.ts';
import { counters, NOW, project, RULES, totals, view } from '../builders/values.ts';
import { samplesOf } from './exposition.ts';
import { read, samples, startedRoom } from './room.ts';

const DAY = 86_400_000_000;
const P = 'project_id="p1",project="Support"';

const spentThisMonth = (nanoUsd: number, monthUntil = NOW + DAY) => ({
  dayNanoUsd: 0,
  dayUntil: NOW + DAY,
  monthNanoUsd: nanoUsd,
  monthUntil,
});

const paid = (nanoUsd: number, monthUntil?: number) =>
  view({
    totals: totals({ counters: counters({ costNanoUsd: 9_000_000_000 }) }),
    spent: spentThisMonth(nanoUsd, monthUntil),
  });

const rules: Rules = {
  ...RULES,
  budgets: [
    { applies: ({ name }) => name.startsWith('Supp'), perDay: 20, perMonth: 400.5 },
    { applies: () => true, perDay: 1, perMonth: null },
  ],
  totalBudget: { perDay: null, perMonth: 5000 },
};

test('the first budget that applies is shown by period', () => {
  expect(samplesOf(MONEY.budget, view(), { rules })).toEqual([
    'llamacloud_chat_budget_usd{P,period="day"} 20',
    'llamacloud_chat_budget_usd{P,period="month"} 400.5',
  ]);
  expect(samplesOf(MONEY.budget, view({ project: project({ name: 'Sales' }) }), { rules })).toEqual([
    'llamacloud_chat_budget_usd{P,period="day"} 1',
  ]);
  expect(samplesOf(MONEY.budget, view())).toEqual([]);
});

test('budgets and cost outlive staleness', () => {
  expect(samplesOf(MONEY.budget, view(), { rules, fresh: false })).toHaveLength(2);
  expect(samplesOf(MONEY.costThisMonth, paid(1_500_000_000), { fresh: false })).toEqual([
    'llamacloud_chat_cost_this_month_usd{P} 1.5',
  ]);
});

test('cost of the month is absent without a price', () => {
  expect(samplesOf(MONEY.costThisMonth, view())).toEqual([]);
});

test('a new month begins at 0 by the tick', async () => {
  const metrics = startedRoom();
  metrics.publisher.put(paid(2_000_000_000, NOW + 10_000_000));
  const shown = async () => samples(await read(metrics), MONEY.costThisMonth.name);
  expect(await shown()).toEqual([`llamacloud_chat_cost_this_month_usd{${P}} 2`]);
  await metrics.clock.advance(9000);
  expect(await shown()).toEqual([`llamacloud_chat_cost_this_month_usd{${P}} 2`]);
  await metrics.clock.advance(2000);
  expect(await shown()).toEqual([`llamacloud_chat_cost_this_month_usd{${P}} 0`]);
});

test('a rename changes budget and team at once', async () => {
  const teams = [{ applies: ({ name }: { name: string }) => name === 'Sales', team: 'sales' }];
  const metrics = startedRoom({ ...rules, teams });
  metrics.publisher.put(view());
  expect(samples(await read(metrics), MONEY.budget.name)).toHaveLength(2);
  metrics.publisher.put(view({ project: project({ name: 'Sales' }) }));
  await metrics.clock.advance(2000);
  const text = await read(metrics);
  expect(samples(text, MONEY.budget.name)).toEqual([
    'llamacloud_chat_budget_usd{project_id="p1",project="Sales",period="day"} 1',
  ]);
  expect(text).toContain('is_default="false",team="sales"} 1');
});

test('a reload changes all budgets', async () => {
  const metrics = startedRoom(rules);
  metrics.publisher.put(view());
  expect(samples(await read(metrics), MONEY.totalBudget.name)).toEqual([
    'llamacloud_chat_total_budget_usd{period="month"} 5000',
  ]);
  metrics.setRules({
    ...rules,
    budgets: [{ applies: () => true, perDay: 2, perMonth: null }],
    totalBudget: { perDay: 7, perMonth: null },
    teams: [{ applies: () => true, team: 'everybody' }],
  });
  await metrics.clock.advance(2000);
  const text = await read(metrics);
  expect(samples(text, MONEY.budget.name)).toEqual([`llamacloud_chat_budget_usd{${P},period="day"} 2`]);
  expect(samples(text, MONEY.totalBudget.name)).toEqual(['llamacloud_chat_total_budget_usd{period="day"} 7']);
  expect(text).toContain('team="everybody"');
  metrics.setRules(RULES);
  await metrics.clock.advance(2000);
  expect(samples(await read(metrics), MONEY.totalBudget.name)).toEqual([]);
});
