/** Timestamps of the API are read to the microsecond, and nothing that differs from their grammar is accepted. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimestamp } from '../../../src/llamacloud/time/timestamp.ts';

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');
const fraction = fc.oneof(fc.constant(''), fc.stringMatching(/^\.\d{1,9}$/));
const offset = fc.record({ sign: fc.constantFrom(1, -1), hours: fc.nat(23), minutes: fc.nat(59) });
/** Milliseconds of the years that are accepted, less a day at both ends, so that an offset does not lead out of them. */
const instant = fc.integer({ min: Date.UTC(2000, 0, 2), max: Date.UTC(2199, 11, 30) });

/** Microseconds that Date says, plus the first six digits of the fraction. */
function oracle(local: number, fractionText: string, offsetMinutes: number): number {
  const whole = BigInt(Math.floor(local / 1000)) * 1_000_000n - BigInt(offsetMinutes) * 60_000_000n;
  return Number(whole + BigInt(fractionText.slice(1).padEnd(6, '0').slice(0, 6)));
}

const localText = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

describe('parseTimestamp', () => {
  it('reads every instant without zone as UTC', () => {
    fc.assert(
      fc.property(instant, fraction, fc.constantFrom('', 'Z', '+00:00', '-0000', '+00'), (ms, digits, zone) => {
        expect(parseTimestamp(localText(ms) + digits + zone)).toBe(oracle(ms, digits, 0));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes an offset off the local time', () => {
    fc.assert(
      fc.property(
        instant,
        fraction,
        offset,
        fc.constantFrom(':', ''),
        (ms, digits, { sign, hours, minutes }, colon) => {
          const zone = `${sign > 0 ? '+' : '-'}${pad(hours, 2)}${colon}${pad(minutes, 2)}`;
          const expected = oracle(ms, digits, sign * (hours * 60 + minutes));
          expect(parseTimestamp(localText(ms) + digits + zone)).toBe(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('accepts exactly the dates that exist', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1700, max: 2250 }), fc.nat(14), fc.nat(33), (year, month, day) => {
        const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T00:00:00`;
        const date = new Date(Date.UTC(year, month - 1, day));
        const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
        expect(parseTimestamp(text)).toBe(exists && year >= 2000 && year < 2200 ? date.getTime() * 1000 : null);
      }),
      { numRuns: 5000 },
    );
  });

  it('accepts exactly the times of day that exist', () => {
    fc.assert(
      fc.property(fc.nat(99), fc.nat(99), fc.nat(99), (hour, minute, second) => {
        const exists = hour < 24 && minute < 60 && second < 60;
        const expected = exists ? Date.UTC(2000, 0, 1, hour, minute, second) * 1000 : null;
        expect(parseTimestamp(`2000-01-01T${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}`)).toBe(expected);
      }),
      { numRuns: 3000 },
    );
  });

  it('never accepts what differs from the grammar', () => {
    const grammar = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d(:?\d\d)?)?$/;
    const near = fc
      .tuple(instant, fraction, fc.constantFrom('', 'Z', '+01:30'), fc.nat(40), fc.string({ maxLength: 2 }))
      .map(([ms, digits, zone, at, junk]) => {
        const text = localText(ms) + digits + zone;
        return text.slice(0, at) + junk + text.slice(at + 1);
      });
    fc.assert(
      fc.property(fc.oneof(near, fc.string()), (text) => {
        expect(grammar.test(text) || parseTimestamp(text) === null).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    '2026-02-30T00:00:00',
    '2026-02-29T00:00:00',
    '1900-02-29T00:00:00',
    '2026-01-01T24:00:00',
    '2026-01-01T25:00:00',
    '2026-01-01T23:59:60',
    '2026-01-01T00:00:00.',
    '2026-01-01T00:00:00.1234567890',
    '2026-01-01T00:00:00Zulu',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00+1:00',
    '2026-01-01T00:00:00+01:0',
    '2026-01-01 00:00:00',
    '2026-01-01T00:00',
    '2026-01-01',
    '+002026-01-01T00:00:00',
    '9999-12-31T23:59:59',
    '1999-12-31T23:59:59.999999',
    '2200-01-01T00:00:00',
    '2000-01-01T00:00:00+00:01',
    '1780000000',
    '',
    'NaN',
  ])('rejects %j', (text) => {
    expect(parseTimestamp(text)).toBeNull();
  });

  it('accepts the first and the last instant of its years', () => {
    expect(parseTimestamp('2000-01-01T00:00:00')).toBe(Date.UTC(2000, 0, 1) * 1000);
    expect(parseTimestamp('2199-12-31T23:59:59.999999')).toBe(Date.UTC(2200, 0, 1) * 1000 - 1);
  });

  it('reads the form of the API documentation', () => {
    expect(parseTimestamp('2026-04-22T12:34:41.342245')).toBe(1_776_861_281_342_245);
    expect(parseTimestamp('2000-02-29T23:59:59.9999999Z')).toBe(951_868_799_999_999);
  });
});
