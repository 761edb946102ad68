/** Scaled integers are written as exact decimals. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimal } from '../../src/metrics/families/decimal.ts';

test.each([
  [1_234_567, 6, '1.234567'],
  [0, 6, '0'],
  [1, 6, '0.000001'],
  [1_500_000, 6, '1.5'],
  [3_000_000, 6, '3'],
  [1_776_861_281_342_245, 6, '1776861281.342245'],
  [9_007_199_254_740_991, 6, '9007199254.740991'],
  [1, 9, '0.000000001'],
  [12_345_678_901, 9, '12.345678901'],
  [42, 0, '42'],
  [0.25, 0, '0.25'],
  [Number.POSITIVE_INFINITY, 6, '+Inf'],
  [Number.NEGATIVE_INFINITY, 0, '-Inf'],
  [Number.NaN, 0, 'NaN'],
] as const)('%d scaled by 10^-%d reads %s', (value, scale, text) => {
  expect(decimal(value, scale)).toBe(text);
});

test('decimal text holds every digit exactly', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.constantFrom(6 as const, 9 as const), (value, scale) => {
      const [whole = '', fraction = ''] = decimal(value, scale).split('.');
      expect(BigInt(whole + fraction.padEnd(scale, '0'))).toBe(BigInt(value));
    }),
  );
});
