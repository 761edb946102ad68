/**
 * Error patterns that could run for minutes are refused, harmless ones are accepted, and rules apply in the order of
 * the file.
 */
import { describe, expect, test } from 'vitest';

import { configFromText } from '../../../src/config/config.ts';
import { patternFault } from '../../../src/config/file/patterns.ts';
import { BUILT_IN_CLASSES, classNames } from '../../../src/domain/rules.ts';

/** Known to run for minutes or hours on a text of a few hundred characters. */
const CATASTROPHIC = [
  '(a+)+$',
  '(a*)*$',
  '(?:a+)*b',
  '(a|aa)+$',
  '(a|a)*$',
  '([a-z]+)*!',
  '(.*a){20}',
  '(\\w+\\s?)*$',
  '((ab)*)*c',
  '(a?){30}a{30}',
  '(?<x>a+)+',
  '((a|b)+c?)+d',
  '.*.*.*=',
  '\\s+\\d*\\w+x',
  '(a{1,}){2,}b',
  '(a{0,50}){0,50}b',
  'a{0,900}b{0,900}c{0,900}d',
  '(a)\\1+',
  '(?<n>a)\\k<n>*',
  '(?:x(?:a+)y)+',
  '(?=(a+)+$)b',
];

const HARMLESS = [
  'quota|billing',
  '\\b429\\b',
  'rate.?limit',
  'quota.*exceeded',
  '(time.?out|timed out)',
  'index "[^"]+" (not found|missing)',
  '^model [\\w.-]+ overloaded',
  '(foo){3}',
  '(?:(?:ab)?c)?',
  '[+*]{1,5}',
  'a\\+\\*\\{2,\\}',
  'a{2}b{3,5}.{0,40}c',
  'x+|y+|z+|w+',
  '{not a quantifier}',
  '[(]a+[)]+',
  'é|ü|🦙',
];

describe('patterns of error classes', () => {
  test.each(CATASTROPHIC)('%s could run for minutes', (source) => expect(patternFault(source)).toMatch(/for minutes/));
  test.each(HARMLESS)('%s is taken', (source) => expect(patternFault(source)).toBeNull());
  test.each([
    ['', 'it is empty and would match every text'],
    ['(', 'it is not a regular expression (unterminated group)'],
    ['*', 'it is not a regular expression (nothing to repeat)'],
    ['[z-a]', 'it is not a regular expression (range out of order in character class)'],
  ])('%s is refused', (source, fault) => expect(patternFault(source)).toBe(fault));

  test('the built-in classes pass the same judgement', () => {
    for (const { pattern } of BUILT_IN_CLASSES) expect(patternFault(pattern.source)).toBeNull();
  });
});

describe('rules', () => {
  test('configured classes go before built-in ones', async () => {
    const text =
      'error_classes: [{ class: quota, pattern: "Quota|Billing" }, { class: timeout, pattern: slow }, { class: quota, pattern: x }]';
    const { rules } = await configFromText('x.yml', text, {}, { LLAMA_CLOUD_API_KEY: 'k' });
    expect(rules.errorClasses.map((rule) => rule.class)).toEqual([
      'quota',
      'timeout',
      'quota',
      ...BUILT_IN_CLASSES.map((rule) => rule.class),
    ]);
    expect(rules.errorClasses.find(({ pattern }) => pattern.test('billing quota exceeded'))?.class).toBe('quota');
    expect(classNames(rules).slice(0, 3)).toEqual(['quota', 'timeout', 'rate_limited']);
  });

  test('the first price that applies wins', async () => {
    const text = 'prices: [{ projects: ["eu-*", "id-1"], input: 1, output: 2 }, { input: 3, output: 4.5 }]';
    const { rules } = await configFromText('x.yml', text, {}, { LLAMA_CLOUD_API_KEY: 'k' });
    const price = (name: string, id: string): number | undefined =>
      rules.prices.find((p) => p.applies({ name, id }))?.input;
    expect([price('eu-a', 'id-0'), price('us', 'id-1'), price('us', 'id-2')]).toEqual([1, 1, 3]);
  });

  test('buckets and switches come from metrics', async () => {
    const text =
      'accounting: every_run\nmetrics: { exemplars: false, indexes: true, max_indexes: 3, duration_buckets: [0.5, 1] }';
    const { rules } = await configFromText('x.yml', text, {}, { LLAMA_CLOUD_API_KEY: 'k' });
    expect(rules).toMatchObject({
      accounting: 'every_run',
      exemplars: false,
      indexes: true,
      maxIndexes: 3,
      durationBuckets: [0.5, 1],
    });
  });
});
