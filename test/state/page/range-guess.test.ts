import { describe, expect, test } from 'vitest';
import { RangeGuess } from '../../../src/state/page/range-guess.ts';

describe('the guess of the next rows', () => {
  const found = { lowest: 100, highest: 199, count: 100 };

  test('continues in the direction of the page', () => {
    const rangeGuess = new RangeGuess();
    rangeGuess.learn(1, 100, 199, found);
    expect(rangeGuess.guess(1, 100)).toEqual({ from: 200, to: 300 });
    rangeGuess.learn(1, 199, 100, found);
    expect(rangeGuess.guess(1, 100)).toEqual({ from: 0, to: 100 });
  });

  test('is not made where it would cost more', () => {
    const rangeGuess = new RangeGuess();
    rangeGuess.learn(1, 100, 199, found);
    expect(rangeGuess.guess(1, 3)).toBeNull();
    rangeGuess.learn(1, 100, 199, { ...found, count: 49 });
    expect(rangeGuess.guess(1, 100)).toBeNull();
    rangeGuess.learn(1, null, 199, found);
    expect(rangeGuess.guess(1, 100)).toBeNull();
  });
});
