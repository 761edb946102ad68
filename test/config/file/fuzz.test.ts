/** Whatever the file says: a Config or a clear error, never a crash, and never a word of a key. */

import { readFileSync } from 'node:fs';
import {
  boolean as anyBoolean,
  string as anyText,
  array,
  assert,
  asyncProperty,
  bigInt,
  constant,
  constantFrom,
  double,
  integer,
  letrec,
  nat,
  oneof,
  tuple,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';

import { configFromText } from '../../../src/config/config.ts';
import { Account, SECTIONS } from '../../../src/config/file/schema.ts';
import { ExporterError } from '../../../src/domain/errors.ts';

const EXAMPLE = readFileSync(new URL('../../../examples/llamacloud-exporter.yml', import.meta.url), 'utf8');
const SECRET = 'llx-hush-hush-secret';
const ENV = { LLAMA_CLOUD_API_KEY: SECRET, HOME: '/home/x' };
const RUNS = { numRuns: 1500, seed: Number(process.env['FC_SEED'] ?? 20_261_123) };

/** Throws unless the text is validated properly; answers whether it was taken. */
async function validated(text: string): Promise<boolean> {
  const outcome: unknown = await configFromText('fuzz.yml', text, {}, ENV).catch((error: unknown) => error);
  const fault = outcome instanceof Error ? faultOf(outcome) : null;
  if (fault !== null) throw new Error(fault, { cause: outcome });
  return !(outcome instanceof Error);
}

/** What is wrong with an error as a person reads it. */
function faultOf(error: Error): string | null {
  if (!(error instanceof ExporterError) || error.code !== 'config') return 'it crashed';
  if (/undefined|\[object|NaN|\n {4}at |Error:/.test(error.message)) return `not a clear message: ${error.message}`;
  return error.message.includes(SECRET) ? `it shows the key: ${error.message}` : null;
}

const place = nat(EXAMPLE.length);
const splice = tuple(
  place,
  nat(12),
  oneof(
    anyText({ maxLength: 6 }),
    constantFrom('\n', ': ', '- ', '[', '}', '"', '&a ', '*a', '${', '!!set ', '? ', '\t', '<<: '),
  ),
);

/** The example with a few cuts and insertions. */
const mutated = array(splice, { minLength: 1, maxLength: 4 }).map((splices) =>
  splices.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), EXAMPLE),
);

const word = oneof(
  constantFrom(
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
  anyText({ maxLength: 8 }),
);
const leaf = oneof(
  word,
  integer(),
  double(),
  anyBoolean(),
  constant(null),
  bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
);
const key = oneof(
  {
    weight: 8,
    arbitrary: constantFrom(
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
    arbitrary: oneof(anyText({ maxLength: 8 }), constantFrom('__proto__', 'constructor', 'toString', 'length')),
  },
);
const { value } = letrec<{ value: unknown }>((tie) => ({
  value: oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    array(tie('value'), { maxLength: 4 }),
    array(tuple(key, tie('value')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
  ),
}));
const file = array(tuple(oneof(constantFrom(...Object.keys(SECTIONS)), key), value), { maxLength: 5 }).map((entries) =>
  stringify(Object.fromEntries(entries)),
);

describe('any configuration file', () => {
  test('of random text is judged', async () => {
    await assert(asyncProperty(anyText({ maxLength: 80, unit: 'binary' }), judgedWhole), RUNS);
  });

  test('with the shape of ours is judged', async () => {
    await assert(asyncProperty(file, judgedWhole), RUNS);
  });

  test('near to a good one is judged', async () => {
    const taken: boolean[] = [];
    await assert(
      asyncProperty(mutated, async (text) => {
        taken.push(await validated(text));
      }),
      RUNS,
    );
    expect(taken).toContain(true);
    expect(taken).toContain(false);
  });

  test('with a key in it never shows the key', async () => {
    const withKey = EXAMPLE.replace('${LLAMA_CLOUD_API_KEY}', SECRET);
    const at = withKey.indexOf('api_key:');
    const near = tuple(
      integer({ min: at - 20, max: at + 9 }),
      nat(3),
      constantFrom('', ' ', '[', '{', '"', "'", '- ', ': ', '\n', '&', '*', '!', '? ', ', '),
    );
    await assert(
      asyncProperty(array(near, { minLength: 1, maxLength: 3 }), async (splices) => {
        await validated(
          splices.reduce((text, [from, cut, put]) => text.slice(0, from) + put + text.slice(from + cut), withKey),
        );
      }),
      RUNS,
    );
  });

  test('nested without end is judged', async () => {
    expect(await validated('['.repeat(20_000))).toBe(false);
    expect(await validated('{a: '.repeat(20_000))).toBe(false);
    expect(await validated(Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'))).toBe(false);
  });
});

async function judgedWhole(text: string): Promise<void> {
  await validated(text);
}
