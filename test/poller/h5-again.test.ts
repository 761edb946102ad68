/** Histories that cannot be used: tried again, given up, and what is logged about them (docs/accounting.md, H5). */
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, SECOND } from '../../src/domain/time.ts';
import { refusal, run, sessionOf, stopsOf } from '../fakes/fake-history.ts';
import { EVERY_RUN, Harness, START } from './harness.ts';

/** So many old sessions; all of them have run twice since, and the list showed the second run. */
async function waiting(sessions: number, change: (h: Harness) => void): Promise<Harness> {
  const h = await Harness.start((x) => {
    x.rules = EVERY_RUN;
    x.api.pageSize = 1000;
    for (let i = 0; i < sessions; i++) x.api.ran('p', `s${i}`, START - DAY + i * SECOND, run(1));
  });
  await h.poll();
  for (let i = 0; i < sessions; i++) h.api.ran('p', `s${i}`, h.clock.now() + i, run(1), run(2), run(4));
  change(h);
  await h.poll();
  return h;
}

/** Seconds after the last change at which histories were requested, over a day and more. */
async function attempts(h: Harness, step: number, seconds: number): Promise<readonly number[]> {
  const times: number[] = [];
  const since = h.clock.now();
  h.api.beforeHistory = () => void times.push((h.clock.now() - since) / SECOND);
  for (let at = 0; at < seconds; at += step) await h.verify(step);
  return times;
}

const failing = (code: Parameters<typeof refusal>[0]) => (h: Harness) =>
  h.api.tell('p', 's0', { fault: refusal(code) });

describe('H5: a history that fails', () => {
  it('is tried after 30 s, then after twice as long, up to an hour, for a day', async () => {
    const h = await waiting(1, failing('server_error'));
    const times = await attempts(h, 30, 26 * 3600);
    const waits = times.map((at, i) => at - (times[i - 1] ?? 0));
    expect(waits.slice(0, 9)).toEqual([60, 30, 60, 120, 240, 480, 960, 1920, 3600]);
    expect(new Set(waits.slice(8))).toEqual(new Set([3600]));
    expect(times.at(-1)).toBeGreaterThanOrEqual(DAY / SECOND);
    expect(times.at(-2)).toBeLessThan(DAY / SECOND);
    expect(h.verification()).toMatchObject({ unverified: 0, givenUp: 1, unreconciled: 1 });
    expect(h.verification().histories).toMatchObject({ failed: times.length - 1, given_up: 1 });
  });

  it('that does not exist is given up after ten minutes', async () => {
    const h = await waiting(1, failing('not_found'));
    const times = await attempts(h, 30, 3600);
    expect(times).toEqual([60, 90, 150, 270, 510, 990]);
    expect(h.verification()).toMatchObject({ unverified: 0, givenUp: 1, unreconciled: 1 });
  });

  it('counts what it hid once it can be had, in whatever process', async () => {
    const h = await waiting(1, failing('timeout'));
    await h.verify();
    await h.poller.stop();
    await h.restart();
    h.api.tell('p', 's0', { fault: null });
    await h.verify(29.999);
    expect(h.counters().runs).toBe(1);
    await h.verify(0.001);
    expect(h.counters()).toMatchObject({ runs: 2, inputTokens: 6 });
    expect(h.verification()).toMatchObject({ unverified: 0, unreconciled: 0 });
  });

  it.each([
    ['older than the list', sessionOf('s0', START, run(4))],
    ['its newest stop is another run than its own', sessionOf('s0', START + DAY, run(9))],
  ])('because %s is tried in the same rhythm', async (_, session) => {
    const h = await waiting(1, (x) => x.api.tell('p', 's0', { session, stops: stopsOf([run(1), run(2), run(4)]) }));
    expect(await attempts(h, 30, 300)).toEqual([60, 90, 150, 270]);
    expect(h.verification()).toMatchObject({ unverified: 1, histories: { behind: 4, failed: 0 } });
  });

  it('is tried anew after each change, at once where it has waited for five minutes', async () => {
    const h = await waiting(1, failing('timeout'));
    await attempts(h, 30, 600);
    h.api.show('p', 's0', h.clock.now(), run(8));
    await h.poll();
    expect(await attempts(h, 30, 300)).toEqual([30, 60, 120, 240]);
  });
});

describe('H5: while the poller runs', () => {
  /** How many histories the running verifier requests within so many seconds. */
  async function requested(h: Harness, seconds: number): Promise<number> {
    let requests = 0;
    h.api.beforeHistory = () => void (requests += 1);
    const stop = new AbortController();
    const running = h.poller.verifiers.map((verifier) => verifier.run(stop.signal));
    for (let at = 0; at < seconds; at += 0.25) {
      for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
      h.pass(0.25);
    }
    stop.abort();
    await Promise.all(running);
    return requests;
  }

  it('the wait of an hour is kept', async () => {
    const h = await waiting(1, failing('server_error'));
    expect((await attempts(h, 30, 3840)).at(-1)).toBe(1950);
    expect(await requested(h, 60)).toBe(1);
  });

  it('so is the rest of a session at an interval of two hours', async () => {
    const h = await Harness.start((x) => {
      x.rules = EVERY_RUN;
      x.timing = { ...x.timing, poll: 2 * HOUR };
      x.api.ran('p', 's0', START - DAY, run(1));
    });
    await h.poll();
    h.api.ran('p', 's0', h.clock.now(), run(1), run(2));
    await h.poll();
    expect(h.verification().unverified).toBe(1);
    expect(await requested(h, 10)).toBe(0);
  });
});

describe('H5: a history that was given up', () => {
  async function givenUp(): Promise<Harness> {
    const h = await waiting(1, failing('not_found'));
    await attempts(h, 60, 3600);
    expect(h.verification().givenUp).toBe(1);
    h.api.show('p', 's0', h.clock.now(), run(8));
    await h.poll();
    return h;
  }

  it('is tried once at the next change', async () => {
    const h = await givenUp();
    expect(await attempts(h, 30, DAY / SECOND)).toEqual([60]);
    expect(h.verification()).toMatchObject({ unverified: 0, givenUp: 1, unreconciled: 2 });
  });

  it('settles all that was missed where that succeeds', async () => {
    const h = await givenUp();
    h.api.tell('p', 's0', { fault: null, stops: stopsOf([1, 2, 4, 8].map(run)), session: null });
    await h.verify();
    expect(h.counters()).toMatchObject({ runs: 3, inputTokens: 14 });
    expect(h.verification()).toMatchObject({ unverified: 0, givenUp: 0, unreconciled: 1 });
  });
});

describe('H5: ten histories that fail alike', () => {
  const forbidden = (sessions: number) => (h: Harness) => {
    for (let i = 0; i < sessions; i++) h.api.tell('p', `s${i}`, { fault: refusal('forbidden') });
  };

  it('make the account try one at a time, in the same rhythm', async () => {
    const h = await waiting(40, forbidden(40));
    const times = await attempts(h, 30, 4 * 3600);
    const alike = times.filter((at) => at === 60).length;
    expect(alike).toBeGreaterThanOrEqual(10);
    expect(alike).toBeLessThanOrEqual(11);
    const rest = times.slice(alike);
    const waits = rest.map((at, i) => at - (rest[i - 1] ?? 60));
    expect(waits.slice(0, 5)).toEqual([60, 120, 240, 480, 960]);
    expect(Math.max(...waits)).toBeLessThanOrEqual(3600);
  });

  it('leave every session given up after a day, at one request an hour', async () => {
    const h = await waiting(40, forbidden(40));
    const times = await attempts(h, 600, 27 * 3600);
    expect(times.length).toBeLessThan(50);
    expect(h.verification()).toMatchObject({ unverified: 0, givenUp: 40, unreconciled: 40 });
  });

  it('count everything once the key may read them', async () => {
    const h = await waiting(40, forbidden(40));
    await attempts(h, 30, 3600);
    for (let i = 0; i < 40; i++) h.api.tell('p', `s${i}`, { fault: null });
    await attempts(h, 30, 2 * 3600);
    expect(h.counters().runs).toBe(80);
    expect(h.verification()).toMatchObject({ unverified: 0, unreconciled: 0 });
  });

  it('are no streak where one succeeds between them', async () => {
    const h = await waiting(40, (x) => {
      forbidden(40)(x);
      for (const i of [5, 15, 25, 35]) x.api.tell('p', `s${i}`, { fault: null });
    });
    const times = await attempts(h, 30, 60);
    expect(times).toHaveLength(40);
  });
});
