/** The budget of all projects together: a series for each period that has one. */
import type { Rules } from '../../domain/rules.ts';
import { byPeriod } from '../families/money.ts';
import type { Instruments } from './instruments.ts';

export function showTotalBudget({ totalBudget }: Instruments, rules: Pick<Rules, 'totalBudget'>): void {
  totalBudget.reset();
  for (const [period, usd] of byPeriod(rules.totalBudget)) totalBudget.set({ period }, usd);
}
