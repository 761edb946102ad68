/** How the request rate falls at a 429 and rises again, and what a reload keeps of it. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { raised } from '../../../src/llamacloud/limiter/learned-rate.ts';
import { Rate } from '../../../src/llamacloud/limiter/rate.ts';
import { type ServerKind, strictServers } from '../strict-servers.ts';

const MINUTE = 60_000;
const kinds = Object.keys(strictServers) as ServerKind[];

function rateOf(requestsPerMinute: number, historyShare = 0.5): Rate {
  const rate = new Rate(0);
  rate.configure(requestsPerMinute, historyShare, 0);
  return rate;
}

/** When `rate` lets greedy requests go until `end`, with the pauses given as [after so many requests, so many ms]. */
function departures(rate: Rate, end: number, pauses: readonly (readonly [number, number])[] = []): number[] {
  const times: number[] = [];
  const pauseAt = new Map(pauses);
  for (let now = 0; now < end; ) {
    const wait = rate.readyIn(now);
    if (wait > 0) {
      now += wait;
      continue;
    }
    rate.take(now);
    times.push(now);
    now += pauseAt.get(times.length) ?? 0;
  }
  return times;
}

describe('a configured rate', () => {
  it.each(kinds)('is never refused by a %s of it', (kind) => {
    const pauses = fc.array(fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 90_000 })));
    const delays = fc.array(fc.nat(500), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), pauses, delays, fc.nat(MINUTE), (limit, stops, delay, phase) => {
        const sent = departures(rateOf(limit), 4 * MINUTE, stops);
        const arrived = sent.map((at, n) => at + phase + (delay[n % delay.length] as number)).toSorted((a, b) => a - b);
        const server = strictServers[kind](limit);
        expect(arrived.filter((at) => !server.admits(at))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('is used up to nine tenths', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), (limit) => {
        const sent = departures(rateOf(limit), 10 * MINUTE);
        expect(sent.length / 10).toBeGreaterThan(0.87 * limit);
      }),
      { numRuns: 100 },
    );
  });

  it('is halved by a 429 once per episode', () => {
    const rate = rateOf(60);
    rate.take(0);
    rate.take(10);
    expect(rate.refuse(100, 0, null)).toBe(true);
    expect(rate.refuse(110, 10, null)).toBe(false);
    expect(rate.refuse(5000, 4000, null)).toBe(false);
    expect(rate.perMinute).toBe(30);
    rate.answer(6000, 5500);
    expect(rate.refuse(7000, 6500, null)).toBe(true);
    expect(rate.perMinute).toBe(15);
  });

  it('is not raised by answers to requests that were sent before the 429', () => {
    const rate = rateOf(60);
    rate.refuse(100, 0, null);
    for (let n = 0; n < 20; n += 1) rate.answer(5000 + 2000 * n, 50);
    expect(rate.perMinute).toBe(30);
  });

  it('is back after a storm as soon as a dozen answers have come', () => {
    const rate = rateOf(60);
    for (let n = 0; n < 30; n += 1) rate.refuse(n * 1000, n * 1000, null);
    for (let n = 0; n < 12; n += 1) rate.answer(30_000 + 3000 * n, 30_000 + 3000 * n);
    expect(rate.perMinute).toBe(60);
  });

  it('comes back by quiet minutes, and no higher', () => {
    const rate = rateOf(20);
    rate.refuse(0, 0, null);
    const minutes = Array.from({ length: 20 }, (_, minute) => {
      rate.readyIn(minute * MINUTE);
      return rate.perMinute;
    });
    expect(minutes.slice(0, 6)).toEqual([10, 12, 14, 16, 16.5, 17]);
    expect(minutes).toEqual(minutes.toSorted((a, b) => a - b));
    expect(minutes.at(-1)).toBe(20);
  });

  it('never falls below one a minute', () => {
    const rate = rateOf(5);
    for (let n = 1; n < 20; n += 1) {
      rate.refuse(n * 1000, n * 1000, null);
      rate.answer(n * 1000 + 1, n * 1000);
    }
    expect(rate.perMinute).toBe(1);
  });
});

describe('an unlimited rate', () => {
  it('lets everything go at once', () => {
    const rate = rateOf(0);
    for (let n = 0; n < 10_000; n += 1) {
      expect(rate.readyIn(0)).toBe(0);
      rate.take(0);
    }
    expect(rate.perMinute).toBe(Number.POSITIVE_INFINITY);
  });

  it('starts from half of the last minute', () => {
    const rate = rateOf(0);
    for (let n = 0; n < 50; n += 1) rate.take(n * 10);
    for (let n = 0; n < 80; n += 1) rate.take(70_000 + n * 10);
    rate.refuse(75_000, 70_790, null);
    expect(rate.perMinute).toBe(40);
  });

  it('starts from ten a minute where little was sent', () => {
    const rate = rateOf(0);
    rate.take(0);
    rate.refuse(10, 0, null);
    expect(rate.perMinute).toBe(10);
  });

  it('becomes unlimited again in half an hour', () => {
    const rate = rateOf(0);
    rate.take(0);
    rate.refuse(10, 0, null);
    rate.readyIn(30 * MINUTE);
    expect(rate.perMinute).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the raise after a quiet minute', () => {
  it('always reaches the configured rate', () => {
    const configured = fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.double({ min: 2, max: 1e5, noNaN: true }));
    fc.assert(
      fc.property(fc.double({ min: 2, max: 1e4, noNaN: true }), configured, (refused, limit) => {
        let rate = Math.min(limit, refused) / 2;
        let minutes = 0;
        while (rate < limit && minutes < 100) {
          const next = raised(rate, refused, limit);
          expect(next).toBeGreaterThan(rate);
          rate = next;
          minutes += 1;
        }
        expect(rate).toBe(limit);
      }),
    );
  });
});

describe('a wait that the API asks for', () => {
  it('stops everything until then', () => {
    const rate = rateOf(0);
    rate.take(0);
    rate.refuse(100, 0, 45_000);
    expect(rate.readyIn(100)).toBe(45_000);
    expect(rate.readyIn(45_099)).toBe(1);
    expect(rate.readyIn(45_100)).toBe(0);
  });

  it('is followed by one request, then the pace', () => {
    const rate = rateOf(600);
    rate.take(0);
    rate.refuse(100, 0, 30_000);
    rate.take(30_100 + rate.readyIn(30_100));
    expect(rate.readyIn(30_100)).toBeGreaterThan(100);
  });

  it('is not shortened by a later, smaller one', () => {
    const rate = rateOf(0);
    rate.take(0);
    rate.refuse(100, 0, 45_000);
    rate.refuse(200, 50, 1000);
    expect(rate.readyIn(200)).toBe(44_900);
  });
});

describe('a rate that is configured anew', () => {
  /** 60 a minute, halved at 0. */
  function learned(): Rate {
    const rate = rateOf(60);
    rate.take(0);
    rate.refuse(0, 0, null);
    return rate;
  }

  it.each([
    [60, 30],
    [600, 30],
    [0, 30],
    [20, 20],
  ])('to %i keeps what was learned: %i', (requestsPerMinute, perMinute) => {
    const rate = learned();
    rate.configure(requestsPerMinute, 0.5, 10);
    expect(rate.perMinute).toBe(perMinute);
  });

  it('rises to the new limit by quiet minutes', () => {
    const rate = learned();
    rate.configure(40, 0.5, 10);
    rate.readyIn(30 * MINUTE);
    expect(rate.perMinute).toBe(40);
  });

  it.each([
    [20, 600, 600],
    [20, 0, Number.POSITIVE_INFINITY],
    [0, 20, 20],
  ])('from %i to %i is that where nothing was learned', (before, after, perMinute) => {
    const rate = rateOf(before);
    rate.configure(after, 0.5, 10);
    expect(rate.perMinute).toBe(perMinute);
  });

  it('keeps the wait that the API asked for', () => {
    const rate = learned();
    rate.refuse(100, 0, 45_000);
    rate.configure(1000, 0.5, 200);
    expect(rate.readyIn(200)).toBe(44_900);
  });

  it('gives no second burst', () => {
    const rate = rateOf(100);
    for (let n = 0; n < 10; n += 1) rate.take(0);
    for (let n = 0; n < 5; n += 1) {
      rate.configure(100, 0.5, n);
      expect(rate.readyIn(n)).toBeGreaterThan(0);
    }
  });

  it('knows what an unlimited minute sent', () => {
    const rate = rateOf(0);
    for (let n = 0; n < 50; n += 1) rate.take(n);
    rate.configure(600, 0.5, 1000);
    expect(rate.readyIn(1000)).toBeGreaterThan(0);
    rate.configure(0, 0.5, 1000);
    rate.refuse(1100, 1050, null);
    expect(rate.perMinute).toBe(25);
  });
});
