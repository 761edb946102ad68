/** What was spent in the present day and month: by server time of counting, and 0 at a change of the calendar without a commit. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NOTHING_SPENT, type Spending, spend, spentAt, spentBy } from '../../src/domain/spending.ts';
import { DAY, HOUR, type Micros, SECOND } from '../../src/domain/time.ts';

const at = (text: string): Micros => Date.parse(text) * 1000;
const LAST_OF_MAY = at('2026-05-31T23:59:59Z');
const FIRST_OF_JUNE = at('2026-06-01T00:00:00Z');

const spentIn = (spending: Spending, when: Micros): readonly number[] => {
  const { dayNanoUsd, monthNanoUsd } = spentAt(spending, when, 0);
  return [dayNanoUsd, monthNanoUsd];
};

describe('cost of the day and the month', () => {
  test('adds up', () => {
    const morning = spend(NOTHING_SPENT, 5, FIRST_OF_JUNE);
    const evening = spend(morning, 7, FIRST_OF_JUNE + 20 * HOUR);
    const nextDay = spend(evening, 1, FIRST_OF_JUNE + 30 * HOUR);
    expect(spentIn(evening, FIRST_OF_JUNE + 21 * HOUR)).toEqual([12, 12]);
    expect(spentIn(nextDay, FIRST_OF_JUNE + 31 * HOUR)).toEqual([1, 13]);
  });

  test('is 0 in a new month without a commit', () => {
    const may = spend(NOTHING_SPENT, 5, LAST_OF_MAY);
    expect(spentIn(may, LAST_OF_MAY)).toEqual([5, 5]);
    expect(spentIn(may, FIRST_OF_JUNE)).toEqual([0, 0]);
    expect(spentIn(spend(may, 2, FIRST_OF_JUNE), FIRST_OF_JUNE)).toEqual([2, 2]);
  });

  test('tells when the day and the month end, on another clock', () => {
    const spent = spentAt(spend(NOTHING_SPENT, 5, LAST_OF_MAY), LAST_OF_MAY, -3 * HOUR);
    expect(spent).toMatchObject({ dayUntil: FIRST_OF_JUNE - 3 * HOUR, monthUntil: FIRST_OF_JUNE - 3 * HOUR });
    expect(spentBy(spent, FIRST_OF_JUNE - 3 * HOUR - 1)).toEqual({ dayNanoUsd: 5, monthNanoUsd: 5 });
    expect(spentBy(spent, FIRST_OF_JUNE - 3 * HOUR)).toEqual({ dayNanoUsd: 0, monthNanoUsd: 0 });
    expect(spentAt(NOTHING_SPENT, at('2027-12-05T10:00:00Z'), 0)).toMatchObject({
      dayUntil: at('2027-12-06T00:00:00Z'),
      monthUntil: at('2028-01-01T00:00:00Z'),
    });
  });

  test('keeps a month that an answer from before its beginning interrupts', () => {
    const june = spend(NOTHING_SPENT, 5, FIRST_OF_JUNE);
    const late = spend(june, 1, LAST_OF_MAY);
    expect(spentIn(late, LAST_OF_MAY)).toEqual([6, 6]);
    expect(spentIn(late, FIRST_OF_JUNE)).toEqual([6, 6]);
  });

  test('forgets a month that a wrong clock began', () => {
    const ahead = spend(NOTHING_SPENT, 5, at('2031-01-15T00:00:00Z'));
    expect(spentIn(ahead, FIRST_OF_JUNE)).toEqual([0, 0]);
    expect(spentIn(spend(ahead, 3, FIRST_OF_JUNE), FIRST_OF_JUNE)).toEqual([3, 3]);
  });

  test('equals the sum since the begin of the calendar month', () => {
    const step = fc.record({ cost: fc.nat(1000), gap: fc.integer({ min: 0, max: 20 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(400), (steps, startDay) => {
        let now = FIRST_OF_JUNE + startDay * DAY + 3 * HOUR;
        let spending = NOTHING_SPENT;
        const counted: [Micros, number][] = [];
        for (const { cost, gap } of steps) {
          now += gap * DAY + SECOND;
          spending = spend(spending, cost, now);
          counted.push([now, cost]);
        }
        const prefix = (length: number) => (when: Micros) => new Date(when / 1000).toISOString().slice(0, length);
        const sum = (length: number) =>
          counted
            .filter(([when]) => prefix(length)(when) === prefix(length)(now))
            .reduce((total, [, c]) => total + c, 0);
        expect(spentIn(spending, now)).toEqual([sum('2026-06-01'.length), sum('2026-06'.length)]);
      }),
    );
  });
});
