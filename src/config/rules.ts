/** Error classes, prices and buckets of the file -> Rules. */
import { BUILT_IN_CLASSES, DURATION_BUCKETS, type Rules } from '../domain/rules.ts';
import { anyGlob } from './globs.ts';
import type { Sections } from './schema.ts';

/** Configured classes go before the built-in ones. Their patterns ignore case: they meet lower-cased text. */
export function makeRules(sections: Pick<Sections, 'accounting' | 'metrics' | 'prices' | 'error_classes'>): Rules {
  const own = sections.error_classes.map((rule) => ({ class: rule.class, pattern: new RegExp(rule.pattern, 'i') }));
  return {
    accounting: sections.accounting,
    errorClasses: [...own, ...BUILT_IN_CLASSES],
    prices: sections.prices.map(({ projects, input, output }) => ({ applies: anyGlob(projects), input, output })),
    durationBuckets: sections.metrics.duration_buckets ?? DURATION_BUCKETS,
    exemplars: sections.metrics.exemplars,
    indexes: sections.metrics.indexes,
    maxIndexes: sections.metrics.max_indexes,
  };
}
