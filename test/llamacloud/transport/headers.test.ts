/** Retry-After and Date headers, in every form that servers send. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHttpDate, retryAfterMs, shouldRetry } from '../../../src/llamacloud/transport/headers.ts';

const NOW = 1_790_000_000_000_000;
const httpDate = (secondsFromNow: number): string => new Date(NOW / 1000 + secondsFromNow * 1000).toUTCString();

describe('retry hints', () => {
  it.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '1.5' }, 1500],
    [{ 'retry-after': ' 7 ' }, 7000],
    [{ 'retry-after': ['7', '9'] }, 7000],
    [{ 'retry-after': '99999999999999999999' }, 300_000],
    [{ 'retry-after': httpDate(20) }, 20_000],
    [{ 'retry-after': httpDate(-3600) }, 0],
    [{ 'retry-after': httpDate(1e9) }, 300_000],
    [{ 'retry-after-ms': '250' }, 250],
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'retry-after-ms': 'x', 'retry-after': '9' }, 9000],
    [{ 'retry-after': '-5' }, null],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': '2026' }, 300_000],
    [{ 'retry-after': '' }, null],
    [{}, null],
  ])('of %j mean %s ms', (headers, expected) => {
    expect(retryAfterMs(headers, NOW)).toBe(expected);
  });

  it('never ask for less than nothing, or more than five minutes', () => {
    const value = fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String), fc.integer().map(httpDate));
    fc.assert(
      fc.property(value, value, (ms, after) => {
        const hint = retryAfterMs({ 'retry-after-ms': ms, 'retry-after': after }, NOW);
        expect(hint === null || (hint >= 0 && hint <= 300_000)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('say true or false, nothing else', () => {
    expect(shouldRetry({ 'x-should-retry': 'true' })).toBe(true);
    expect(shouldRetry({ 'x-should-retry': 'false' })).toBe(false);
    expect(shouldRetry({ 'x-should-retry': 'maybe' })).toBeNull();
    expect(shouldRetry({})).toBeNull();
  });
});

describe('HTTP dates', () => {
  it('are read to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7_000_000_000 }), (seconds) => {
        expect(parseHttpDate(new Date(seconds * 1000).toUTCString())).toBe(seconds * 1_000_000);
      }),
    );
  });

  it.each(['', 'now', '2026-01-01T00:00:00Z', 'Xyz, 99 Foo 2026 00:00:00 GMT', 'Thu, 01 Jan 1970 00:00:00 +0100'])(
    'are not found in %j',
    (text) => {
      expect(parseHttpDate(text)).toBeNull();
    },
  );
});
