/**
 * The rate limiter against strict servers: no 429, fair shares for every project, and a limit shared by several
 * processes.
 */
import { describe, expect, it } from 'vitest';
import { Rate } from '../../../src/llamacloud/limiter/rate.ts';
import type { Turn } from '../../../src/llamacloud/limiter/turns.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';
import { type ServerKind, strictServers } from '../strict-servers.ts';
import { fiftyProjects, ids, limiterOf, never } from './world.ts';

describe('20 requests per minute and 50 projects', () => {
  it.each(Object.keys(strictServers) as ServerKind[])('meet no 429 from a %s', async (kind) => {
    const world = fiftyProjects(20, strictServers[kind](20), true);
    await world.clock.advance(30 * 60_000);
    expect(world.refusals).toBe(0);
    expect(world.served.length).toBeGreaterThan(30 * 18);
  });

  it('starve nobody and give sweeps a fifth', async () => {
    const world = fiftyProjects(20, strictServers.bucket(20), true);
    await world.clock.advance(60 * 60_000);
    const heads = ids.map((id) => world.count('head', id));
    const sweeps = ids.map((id) => world.count('sweep', id));
    expect(Math.min(...sweeps)).toBeGreaterThan(2);
    expect(Math.max(...sweeps) - Math.min(...sweeps)).toBeLessThanOrEqual(1);
    expect(Math.max(...heads) - Math.min(...heads)).toBeLessThanOrEqual(1);
    expect(world.count('sweep') / world.served.length).toBeCloseTo(0.2, 1);
    expect(world.count('discovery')).toBeGreaterThanOrEqual(5);
  });

  it.each([
    ['bucket', true],
    ['bucket', false],
    ['fixedMinute', true],
    ['slidingMinute', true],
  ] as const)('learn the limit of a %s (hints: %s), no request refused twice', async (kind, hints) => {
    const world = fiftyProjects(0, strictServers[kind](20), hints);
    await world.clock.advance(60 * 60_000);
    expect(world.refusals).toBeGreaterThan(0);
    expect(world.refusedInRow).toBe(1);
    expect(world.served.length / 60).toBeGreaterThan(12);
    expect(Math.min(...ids.map((id) => world.count('head', id)))).toBeGreaterThan(5);
  });
});

describe('a limiter after a reload', () => {
  const head: Turn = { priority: 'head', project: 'p' };

  it('sends nothing while the API asked to wait, however often it is reloaded', async () => {
    const clock = new VirtualClock();
    const rate = new Rate(0);
    const first = limiterOf({}, clock, rate);
    first.refused(await first.acquire(head, never), 60_000);
    first.release({ isHistory: false, project: 'p' });
    first.close(new Error('reload'));
    let sent = 0;
    for (let reload = 0; reload < 5; reload += 1) {
      const limiter = limiterOf({ requestsPerMinute: reload * 100 }, clock, rate);
      const waiting = limiter.acquire(head, never).then(
        () => (sent += 1),
        () => {},
      );
      await clock.advance(10_000);
      expect(sent).toBe(0);
      limiter.close(new Error('reload'));
      await waiting;
    }
    const last = limiterOf({}, clock, rate);
    const waiting = last.acquire(head, never).then(() => (sent += 1));
    await clock.advance(9000);
    expect(sent).toBe(0);
    await clock.advance(1000);
    await waiting;
    expect(sent).toBe(1);
  });
});

describe('the gate', () => {
  it('lets no more in than may be in flight', async () => {
    const limiter = limiterOf({ requestsPerMinute: 0, concurrency: 2 }, new VirtualClock());
    const turn: Turn = { priority: 'head', project: 'p' };
    const entered: number[] = [];
    for (let n = 0; n < 4; n += 1) void limiter.acquire(turn, never).then(() => entered.push(n));
    await new Promise(setImmediate);
    expect(entered).toEqual([0, 1]);
    limiter.release({ isHistory: false, project: 'p' });
    await new Promise(setImmediate);
    expect(entered).toEqual([0, 1, 2]);
  });

  it('forgets whoever stopped waiting', async () => {
    const limiter = limiterOf({ requestsPerMinute: 0, concurrency: 1 }, new VirtualClock());
    await limiter.acquire({ priority: 'head', project: 'a' }, never);
    const abort = new AbortController();
    const left = limiter.acquire({ priority: 'head', project: 'b' }, abort.signal);
    const next = limiter.acquire({ priority: 'head', project: 'c' }, never);
    abort.abort(new Error('stopped'));
    await expect(left).rejects.toThrow('stopped');
    limiter.release({ isHistory: false, project: 'p' });
    await expect(next).resolves.toBeDefined();
  });

  it('knows how long a project has not been let through, refusals included', async () => {
    const clock = new VirtualClock();
    const limiter = limiterOf({ requestsPerMinute: 0, concurrency: 1 }, clock);
    const head: Turn = { priority: 'head', project: 'a' };
    const other = await limiter.acquire({ priority: 'history', project: 'b' }, never);
    const first = await limiter.acquire(head, never);
    await clock.advance(5000);
    limiter.refused(first, null);
    limiter.release(first);
    await clock.advance(2000);
    expect(limiter.waited('a')).toBe(7000);
    const second = limiter.acquire(head, never);
    await clock.advance(6000);
    const permit = await second;
    limiter.answered(permit);
    limiter.release(permit);
    expect([limiter.waited('a'), limiter.waited('b')]).toEqual([0, 0]);
    limiter.release(other);
  });

  it('takes a long answer for no wait', async () => {
    const clock = new VirtualClock();
    const limiter = limiterOf({}, clock);
    const permit = await limiter.acquire({ priority: 'head', project: 'a' }, never);
    await clock.advance(60_000);
    expect(limiter.waited('a')).toBe(0);
    limiter.release(permit);
  });

  it('knows how long the next page of a sweep waits for its turn', async () => {
    const clock = new VirtualClock();
    const limiter = limiterOf({ requestsPerMinute: 1 }, clock);
    const sweep: Turn = { priority: 'sweep', project: 'a' };
    const page = await limiter.acquire(sweep, never);
    const stop = new AbortController();
    const next = limiter.acquire(sweep, stop.signal);
    await clock.advance(1000);
    limiter.answered(page);
    limiter.release(page);
    await clock.advance(30_000);
    expect(limiter.waited('a')).toBe(30_000);
    stop.abort(new Error('stopped'));
    await expect(next).rejects.toThrow('stopped');
    expect(limiter.waited('a')).toBe(0);
  });

  it('refuses all once it is closed', async () => {
    const limiter = limiterOf({ requestsPerMinute: 1, concurrency: 4 }, new VirtualClock());
    const turn: Turn = { priority: 'sweep', project: 'p' };
    await limiter.acquire(turn, never);
    const waiting = limiter.acquire(turn, never);
    limiter.close(new Error('closed'));
    await expect(waiting).rejects.toThrow('closed');
    await expect(limiter.acquire(turn, never)).rejects.toThrow('closed');
  });

  it('reports every change of the rate', async () => {
    const clock = new VirtualClock();
    const rates: number[] = [];
    const limiter = limiterOf({ requestsPerMinute: 40 }, clock, new Rate(0), (rate) => rates.push(rate));
    const permit = await limiter.acquire({ priority: 'head', project: 'p' }, never);
    limiter.refused(permit, null);
    limiter.release({ isHistory: false, project: 'p' });
    await clock.advance(60_000);
    await limiter.acquire({ priority: 'head', project: 'p' }, never);
    expect(rates).toEqual([20, 24]);
  });
});

describe('limiters of three processes under one limit', () => {
  it.each(Object.keys(strictServers) as ServerKind[])('together meet no 429 from a %s', async (kind) => {
    const clock = new VirtualClock();
    const server = strictServers[kind](20);
    const limiters = [1, 2, 3].map(() => limiterOf({ requestsPerMinute: 20 }, clock));
    for (const limiter of limiters) limiter.share(3);
    const served: boolean[] = [];
    const askOn = async (limiter: (typeof limiters)[number]): Promise<void> => {
      for (;;) {
        const permit = await limiter.acquire({ priority: 'head', project: 'p' }, never);
        served.push(server.admits(clock.elapsed()));
        limiter.release(permit);
      }
    };
    for (const limiter of limiters) void askOn(limiter);
    await clock.advance(30 * 60_000);
    expect(served.filter((isServed) => !isServed)).toEqual([]);
    expect(served.length).toBeGreaterThan(30 * 16);
  });

  it('sends no more than the limit where there are more processes than requests', async () => {
    const clock = new VirtualClock();
    const limiter = limiterOf({ requestsPerMinute: 2 }, clock);
    limiter.share(4);
    expect(limiter.perMinute).toBe(0.5);
    let sent = 0;
    const ask = async (): Promise<void> => {
      for (;;) {
        limiter.release(await limiter.acquire({ priority: 'head', project: 'p' }, never));
        sent += 1;
      }
    };
    void ask();
    await clock.advance(60 * 60_000);
    expect(sent).toBeGreaterThan(25);
    expect(sent).toBeLessThanOrEqual(31);
  });

  it('has the whole limit once the others have gone', async () => {
    const rates: number[] = [];
    const limiter = limiterOf({ requestsPerMinute: 20 }, new VirtualClock(), new Rate(0), (rate) => rates.push(rate));
    for (const processes of [3, 2, 1]) limiter.share(processes);
    expect(rates).toEqual([6, 10, 20]);
  });
});
