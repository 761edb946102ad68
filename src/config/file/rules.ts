/** Turns the file's sections on accounting, prices, budgets, teams and metrics into `Rules`. */
import { BUILT_IN_CLASSES, type Budget, DURATION_BUCKETS, type ProjectBudget, type Rules } from '../../domain/rules.ts';
import { anyGlob, familyGlob } from './globs.ts';
import type { Sections } from './schema.ts';

type Used = 'accounting' | 'metrics' | 'prices' | 'budgets' | 'teams' | 'error_classes';

/** Configured classes go before the built-in ones. Their patterns ignore case: they meet lower-cased text. */
export function makeRules(sections: Pick<Sections, Used>): Rules {
  const own = sections.error_classes.map((rule) => ({ class: rule.class, pattern: new RegExp(rule.pattern, 'i') }));
  return {
    accounting: sections.accounting,
    errorClasses: [...own, ...BUILT_IN_CLASSES],
    prices: sections.prices.map(({ projects, input, output }) => ({ applies: anyGlob(projects), input, output })),
    ...budgets(sections.budgets),
    teams: sections.teams.map(({ projects, team }) => ({ applies: anyGlob(projects), team })),
    durationBuckets: sections.metrics.duration_buckets ?? DURATION_BUCKETS,
    exemplars: sections.metrics.exemplars,
    indexes: sections.metrics.indexes,
    maxIndexes: sections.metrics.max_indexes,
    disabled: sections.metrics.disable.map(familyGlob),
  };
}

/** A warning for each budget of all projects together but the first: it is that one. Such a file may mean one entry written as two. */
export function ignoredBudgets(entries: Sections['budgets']): readonly string[] {
  const totals = entries.flatMap((entry, i) => (entry.projects === undefined ? [`budgets[${i}]`] : []));
  return totals
    .slice(1)
    .map((name) => `${name} is ignored: ${totals[0]} is the budget of all projects together already`);
}

function budgets(entries: Sections['budgets']): Pick<Rules, 'budgets' | 'totalBudget'> {
  const total = entries.find((entry) => entry.projects === undefined);
  const own = entries.flatMap((entry): ProjectBudget[] => {
    return entry.projects === undefined ? [] : [{ ...budget(entry), applies: anyGlob(entry.projects) }];
  });
  return { budgets: own, totalBudget: total === undefined ? null : budget(total) };
}

function budget({ per_day: perDay, per_month: perMonth }: Sections['budgets'][number]): Budget {
  return { perDay: perDay ?? null, perMonth: perMonth ?? null };
}
