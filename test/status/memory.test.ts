/** What the status page keeps of the past: runs of the last hour; and quantiles. */
import { describe, expect, it } from 'vitest';
import { quantile } from '../../src/status/quantile.ts';
import { Trends } from '../../src/status/trends.ts';

const MINUTE_MS = 60_000;

describe('the last hour', () => {
  it('begins with the first counters', () => {
    const trends = new Trends();
    trends.note('p', 1000, 10, 0);
    expect(trends.hour('p', 0)).toBeNull();
    expect(trends.hour('unknown', 0)).toBeNull();
  });

  it('sums up steps of two minutes, the present one last', () => {
    const trends = new Trends();
    trends.note('p', 100, 1, 0);
    trends.note('p', 103, 1, 0.5 * MINUTE_MS);
    trends.note('p', 110, 3, 1 * MINUTE_MS);
    trends.note('p', 111, 3, 59 * MINUTE_MS);
    const hour = trends.hour('p', 59 * MINUTE_MS);
    expect(hour).toMatchObject({ runs: 11, failed: 2 });
    expect(hour?.runsByStep).toEqual([10, ...Array.from({ length: 28 }, () => 0), 1]);
    expect(hour?.failedByStep).toEqual([2, ...Array.from({ length: 29 }, () => 0)]);
    expect(trends.hour('p', 60 * MINUTE_MS)).toMatchObject({ runs: 8 });
    expect(trends.hour('p', 61 * MINUTE_MS)).toMatchObject({ runs: 1, failed: 0 });
    expect(trends.hour('p', 119 * MINUTE_MS)).toBeNull();
  });

  it('adds nothing for counters that begin again', () => {
    const trends = new Trends();
    trends.note('p', 100, 5, 0);
    trends.note('p', 0, 0, 0);
    trends.note('p', 2, 1, 0);
    expect(trends.hour('p', 0)).toMatchObject({ runs: 2, failed: 1 });
    trends.drop('p');
    expect(trends.hour('p', 0)).toBeNull();
  });
});

describe('a quantile', () => {
  const bounds = [1, 2, 4];

  it.each([
    [[0, 0, 0, 0], 0.5, null],
    [[4, 0, 0, 0], 0.5, 0.5],
    [[2, 2, 0, 0], 0.75, 1.5],
    [[1, 0, 1, 0], 0.5, 1],
    [[0, 0, 4, 0], 0.25, 2.5],
    [[0, 0, 1, 3], 0.95, 4],
  ] as const)('of %j at %s is %s', (counts, q, wanted) => {
    expect(quantile({ bounds, counts }, q)).toBe(wanted);
  });
});
