/** How many series each family has for one project: counted on a project of which everything is known. */
import { beginTotals } from '../src/accounting/begin.ts';
import { classNames, type Rules } from '../src/domain/rules.ts';
import type { ProjectView } from '../src/domain/view.ts';
import { FAMILIES } from '../src/metrics/families/families.ts';
import { Ownership } from '../src/metrics/families/ownership.ts';
import type { Context } from '../src/metrics/families/sample.ts';
import { polls, project, RULES, view } from '../test/builders/values.ts';

/** Rules with everything that adds series. */
export const FULL_RULES: Rules = {
  ...RULES,
  prices: [{ applies: () => true, input: 1, output: 1 }],
  budgets: [{ applies: () => true, perDay: 1, perMonth: 1 }],
};

function fullView(rules: Rules): ProjectView {
  const begun = beginTotals(project(), rules);
  const extreme = { no: 0, value: 1 };
  const gauges = { ...begun.gauges, ok: 1, durationCount: 1, longest: extreme, newest: extreme };
  return view({
    totals: { ...begun, sweeps: 1, gauges },
    polls: polls({ gapSeconds: 1, lastDuration: { head: 1, full: 1 } }),
    oldestUnverified: 1,
    activity: { m5: 0, h1: 0, h24: 0 },
  });
}

/** Series by the name of the family. */
export function seriesPerProject(rules: Rules): ReadonlyMap<string, number> {
  const shown = fullView(rules);
  const context: Context = {
    accounting: rules.accounting,
    classes: classNames(rules),
    exemplars: rules.exemplars,
    fresh: true,
    isSameMonth: true,
    ownership: new Ownership(rules),
  };
  return new Map(FAMILIES.map(({ metric, samples }) => [metric.name, samples(shown, context).length]));
}

/** Series in all. */
export function seriesInAll(rules: Rules): number {
  return [...seriesPerProject(rules).values()].reduce((sum, n) => sum + n, 0);
}
