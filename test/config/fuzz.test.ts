/** Whatever stands in the file: a Config or a clear error, never a crash, and never a word of a key. */

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';

import { configFromText } from '../../src/config/config.ts';
import { Account, SECTIONS } from '../../src/config/schema.ts';
import { ExporterError } from '../../src/domain/errors.ts';

const EXAMPLE = readFileSync(new URL('../../examples/llamacloud-exporter.yml', import.meta.url), 'utf8');
const SECRET = 'llx-hush-hush-secret';
const ENV = { LLAMA_CLOUD_API_KEY: SECRET, HOME: '/home/x' };
const RUNS = { numRuns: 1500, seed: Number(process.env['FC_SEED'] ?? 20_261_123) };

/** Throws unless the text is judged properly; answers whether it was taken. */
async function judged(text: string): Promise<boolean> {
  try {
    const config = await configFromText('fuzz.yml', text, {}, ENV);
    expect(config.accounts.length).toBeGreaterThan(0);
    return true;
  } catch (error) {
    if (!(error instanceof ExporterError)) throw error;
    expect(error.code).toBe('config');
    expect(error.message).not.toMatch(/undefined|\[object|NaN|\n {4}at |Error:/);
    expect(error.message).not.toContain(SECRET);
    expect(error.message.length).toBeGreaterThan(15);
    return false;
  }
}

const place = fc.nat(EXAMPLE.length);
const splice = fc.tuple(
  place,
  fc.nat(12),
  fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom('\n', ': ', '- ', '[', '}', '"', '&a ', '*a', '${', '!!set ', '? ', '\t', '<<: '),
  ),
);

/** The example with a few cuts and insertions. */
const mutated = fc
  .array(splice, { minLength: 1, maxLength: 4 })
  .map((splices) => splices.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), EXAMPLE));

const word = fc.oneof(
  fc.constantFrom(
    '30s',
    '0',
    '-1s',
    '*',
    '!x',
    '(a+)+',
    'last_run',
    'sqlite:x',
    'https://x',
    '${HOME}',
    '${NO}',
    '$${',
    '__proto__',
    'default',
    'quota',
  ),
  fc.string({ maxLength: 8 }),
);
const leaf = fc.oneof(
  word,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
);
const key = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      ...Object.keys(Account.shape),
      'interval',
      'stale_after',
      'include',
      'input',
      'output',
      'class',
      'pattern',
      'url',
      'indexes',
      'duration_buckets',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('__proto__', 'constructor', 'toString', 'length')),
  },
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
  ),
}));
const file = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...Object.keys(SECTIONS)), key), value), { maxLength: 5 })
  .map((entries) => stringify(Object.fromEntries(entries)));

describe('any configuration file', () => {
  test('of random text is judged', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ maxLength: 80, unit: 'binary' }), judgedWhole), RUNS);
  });

  test('with the shape of ours is judged', async () => {
    await fc.assert(fc.asyncProperty(file, judgedWhole), RUNS);
  });

  test('near to a good one is judged', async () => {
    const taken: boolean[] = [];
    await fc.assert(
      fc.asyncProperty(mutated, async (text) => {
        taken.push(await judged(text));
      }),
      RUNS,
    );
    expect(taken).toContain(true);
    expect(taken).toContain(false);
  });

  test('with a key in it never shows the key', async () => {
    const withKey = EXAMPLE.replace('${LLAMA_CLOUD_API_KEY}', SECRET);
    const at = withKey.indexOf('api_key:');
    const near = fc.tuple(
      fc.integer({ min: at - 20, max: at + 9 }),
      fc.nat(3),
      fc.constantFrom('', ' ', '[', '{', '"', "'", '- ', ': ', '\n', '&', '*', '!', '? ', ', '),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(near, { minLength: 1, maxLength: 3 }), async (splices) => {
        await judged(
          splices.reduce((text, [from, cut, put]) => text.slice(0, from) + put + text.slice(from + cut), withKey),
        );
      }),
      RUNS,
    );
  });

  test('nested without end is judged', async () => {
    expect(await judged('['.repeat(20_000))).toBe(false);
    expect(await judged('{a: '.repeat(20_000))).toBe(false);
    expect(await judged(Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'))).toBe(false);
  });
});

async function judgedWhole(text: string): Promise<void> {
  await judged(text);
}
