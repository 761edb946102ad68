/** What the model's exporter is configured with, and what reloads change of it. */
import { BUILT_IN_CLASSES, DURATION_BUCKETS, type Rules } from '../../src/domain/rules.ts';
import { RULES } from '../builders/values.ts';
import type { CHANGES } from './operations.ts';

export type Configuration = {
  readonly rules: Rules;
  /** In order of precedence; all see the same projects. */
  readonly accounts: readonly string[];
  /** Projects whose name begins so are not selected; null: all are. */
  readonly excluded: string | null;
  readonly concurrency: number;
};

const PRICE = { applies: () => true, input: 3, output: 15 };
const OTHER_PRICE = { applies: ({ name }: { name: string }) => name.startsWith('renamed'), input: 1, output: 2 };
const OWN_CLASS = { class: 'own', pattern: /request \d*7 / };

export function initial(accounting: Rules['accounting'], concurrency: number): Configuration {
  const rules: Rules = { ...RULES, accounting, prices: [PRICE] };
  return { rules, accounts: ['default'], excluded: null, concurrency };
}

/** The configuration with one thing changed, or changed back. */
export function changed(present: Configuration, change: (typeof CHANGES)[number]): Configuration {
  const { rules, accounts, excluded } = present;
  switch (change) {
    case 'accounting':
      return { ...present, rules: { ...rules, accounting: other(rules.accounting, 'every_run', 'last_run') } };
    case 'prices':
      return { ...present, rules: { ...rules, prices: rules.prices.length === 1 ? [OTHER_PRICE, PRICE] : [PRICE] } };
    case 'classes': {
      const isOwn = rules.errorClasses.includes(OWN_CLASS);
      return {
        ...present,
        rules: { ...rules, errorClasses: isOwn ? BUILT_IN_CLASSES : [OWN_CLASS, ...BUILT_IN_CLASSES] },
      };
    }
    case 'buckets':
      return {
        ...present,
        rules: { ...rules, durationBuckets: rules.durationBuckets === DURATION_BUCKETS ? [1, 10] : DURATION_BUCKETS },
      };
    case 'indexes':
      return { ...present, rules: { ...rules, indexes: !rules.indexes, exemplars: rules.indexes } };
    case 'selection':
      return { ...present, excluded: excluded === null ? 'project 2' : null };
    case 'accounts':
      return { ...present, accounts: accounts.length === 1 ? ['other', 'default'] : ['default'] };
    default:
      return change satisfies never;
  }
}

function other<T>(present: T, a: T, b: T): T {
  return present === a ? b : a;
}
