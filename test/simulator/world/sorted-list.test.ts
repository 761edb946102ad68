/** The sorted list behind the pages. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SortedList } from '../../../src/simulator/world/sorted-list.ts';

const newList = () => new SortedList<number, number>((a, b) => a - b);

/** Numbers enough to fill several chunks, all distinct, in random order. */
const distinct = fc.uniqueArray(fc.integer({ min: 0, max: 20_000 }), { maxLength: 3_000, size: 'max' });

describe('sorted list', () => {
  it('keeps order as an array would', () => {
    fc.assert(
      fc.property(distinct, fc.integer({ min: 1, max: 4 }), (numbers, every) => {
        const list = newList();
        for (const number of numbers) list.insert(number);
        const removed = numbers.filter((_, place) => place % every === 0);
        for (const number of removed) expect(list.remove(number)).toBe(true);
        const left = numbers.filter((_, place) => place % every !== 0).sort((a, b) => a - b);
        expect([...list]).toEqual(left);
        expect(list.size).toBe(left.length);
      }),
      { numRuns: 30 },
    );
  });

  it('finds what follows and what ends at any key', () => {
    fc.assert(
      fc.property(
        distinct,
        fc.integer({ min: -1, max: 20_001 }),
        fc.integer({ min: 1, max: 1_500 }),
        (numbers, key, limit) => {
          const list = newList();
          for (const number of numbers) list.insert(number);
          const sorted = numbers.toSorted((a, b) => a - b);
          expect(list.after(key, limit)).toEqual(sorted.filter((number) => number > key).slice(0, limit));
          expect(list.upTo(key, limit)).toEqual(sorted.filter((number) => number <= key).slice(-limit));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('refuses to remove what is absent', () => {
    const list = newList();
    list.insert(1);
    expect(list.remove(2)).toBe(false);
    expect(list.size).toBe(1);
  });

  it('leaves a copy alone', () => {
    const list = newList();
    list.insert(1);
    const copy = list.copy();
    list.insert(2);
    expect([...copy]).toEqual([1]);
  });
});
