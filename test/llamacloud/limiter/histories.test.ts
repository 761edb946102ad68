/** Histories behind the limiter: they get their share of what is scarce, and no more. */
import { describe, expect, it } from 'vitest';
import type { Permit } from '../../../src/llamacloud/limiter/limiter.ts';
import type { Turn } from '../../../src/llamacloud/limiter/turns.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';
import { strictServers } from '../strict-servers.ts';
import { fiftyProjects, ids, limiterOf, never, World } from './world.ts';

describe('histories', () => {
  const MINUTE_MS = 60_000;

  it('share the fifth with sweeps, and head polls keep theirs', async () => {
    const world = fiftyProjects(20, strictServers.bucket(20), true);
    for (const id of ids) world.histories(id);
    await world.clock.advance(60 * MINUTE_MS);
    const all = world.served.length;
    expect((world.count('head') + world.count('discovery')) / all).toBeCloseTo(0.8, 1);
    expect(world.count('history') / all).toBeCloseTo(0.1, 1);
    expect(world.count('sweep') / all).toBeCloseTo(0.1, 1);
    const each = ids.map((id) => world.count('history', id));
    expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1);
    expect(world.refusals).toBe(0);
  });

  it.each([
    [20, 0.5, 30],
    [20, 0.05, 30],
    [60, 0.25, 15],
    [60, 1, 5],
    [300, 0.5, 2],
  ])('use of %i a minute no more than %f', async (requestsPerMinute, share, minutes) => {
    const world = new World(requestsPerMinute, strictServers.bucket(requestsPerMinute), true, share);
    world.histories('p', 3);
    await world.clock.advance(minutes * MINUTE_MS);
    const used = world.count('history') / minutes / requestsPerMinute;
    expect(used).toBeLessThanOrEqual(share);
    expect(used).toBeGreaterThan(0.85 * share);
  });

  it('leave the rest to a sweep that could use everything', async () => {
    const world = new World(60, strictServers.bucket(60), true, 0.25);
    world.histories('p', 3);
    world.project('p');
    await world.clock.advance(8 * MINUTE_MS);
    expect(world.count('history') / world.served.length).toBeCloseTo(0.25, 1);
    expect(world.served.length / 8).toBeGreaterThan(0.87 * 60);
  });

  it('keep to their share of a rate that was learned', async () => {
    const world = new World(0, strictServers.bucket(20), true);
    world.histories('p', 4);
    world.project('p');
    await world.clock.advance(20 * MINUTE_MS);
    const late = world.served.slice(-100).filter(({ priority }) => priority === 'history').length;
    expect(late).toBeLessThanOrEqual(52);
    expect(late).toBeGreaterThan(30);
  });

  it('have no share where there is no limit', async () => {
    const world = new World(0, strictServers.bucket(1e6), true);
    world.histories('p', 4);
    await world.clock.advance(MINUTE_MS / 2);
    expect(world.count('history')).toBeGreaterThan((4 * (MINUTE_MS / 2)) / 350);
  });

  it('that have to wait do not hold up a head poll', async () => {
    const clock = new VirtualClock();
    const limiter = limiterOf({ requestsPerMinute: 60, historyShare: 0.05 }, clock);
    const order: string[] = [];
    const ask = async (priority: Turn['priority'], name: string): Promise<void> => {
      const permit = await limiter.acquire({ priority, project: 'p' }, never);
      order.push(`${name} ${Math.round(clock.elapsed() / 1000)}`);
      limiter.release(permit);
    };
    const all = [ask('history', 'h1'), ask('history', 'h2'), ask('head', 'head'), ask('sweep', 'sweep')];
    await clock.advance(60_000);
    await Promise.all(all);
    expect(order).toEqual(['h1 0', 'head 0', 'sweep 0', 'h2 22']);
  });

  it('that hang do not hold up a poll where one request may be in flight', async () => {
    const limiter = limiterOf({ concurrency: 1 }, new VirtualClock());
    const entered: string[] = [];
    const ask = (priority: Turn['priority']): Promise<Permit> => {
      const permit = limiter.acquire({ priority, project: 'p' }, never);
      void permit.then(() => entered.push(priority));
      return permit;
    };
    const hanging = await ask('history');
    const head = ask('head');
    void ask('sweep');
    void ask('history');
    await new Promise(setImmediate);
    expect(entered).toEqual(['history', 'head']);
    limiter.release(await head);
    await new Promise(setImmediate);
    expect(entered).toEqual(['history', 'head', 'sweep']);
    limiter.release(hanging);
    await new Promise(setImmediate);
    expect(entered).toEqual(['history', 'head', 'sweep']);
  });
});
