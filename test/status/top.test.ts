/** The collection that keeps the best few of many. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Top } from '../../src/status/sessions/top.ts';

it('keeps the best few in order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer()), fc.integer({ min: 1, max: 12 }), (numbers, most) => {
      const top = new Top<number>(most, (a, b) => a > b);
      for (const number of numbers) top.offer(number);
      expect(top.ordered()).toEqual(numbers.toSorted((a, b) => b - a).slice(0, most));
    }),
  );
});
