/** A storm of refusals that our own rate did not cause: polling is soon back to its interval. */
import { describe, expect, it } from 'vitest';
import type { StrictServer } from '../strict-servers.ts';
import { World } from './world.ts';

const MINUTE_MS = 60_000;
const STORM_AT = 20 * MINUTE_MS;
const STORM_MS = 30_000;
/** When every project has to be polled at its interval again, after the storm. */
const BACK_MS = 2 * MINUTE_MS;

const ids = Array.from({ length: 20 }, (_, n) => `project-${n}`);

/** Serves everything, but in storms; `share` of the requests in one are refused. */
function stormy(storms: readonly number[], share: (nth: number) => boolean = () => true): StrictServer {
  let nth = 0;
  const isStorm = (at: number): boolean => storms.some((from) => at >= from && at < from + STORM_MS);
  return { admits: (at) => !(isStorm(at) && share(nth++)), waitAt: () => 0 };
}

/** The longest time between two polls of one project from `from` to `to`. */
function longestGap(world: World, from: number, to: number): number {
  const gaps = ids.flatMap((id) => {
    const times = world.polls.filter(({ project, at }) => project === id && at >= from && at <= to).map(({ at }) => at);
    return [from, ...times, to].slice(1).map((at, n) => at - ([from, ...times][n] as number));
  });
  return Math.max(...gaps);
}

async function afterStorm(requestsPerMinute: number, intervalMs: number, server: StrictServer): Promise<World> {
  const world = new World(requestsPerMinute, server, false);
  for (const [n, id] of ids.entries()) world.polled(id, intervalMs, (n * intervalMs) / ids.length);
  await world.clock.advance(STORM_AT + STORM_MS + BACK_MS + 3 * intervalMs);
  return world;
}

const storms = {
  whole: () => true,
  half: (nth: number) => nth % 2 === 1,
  'but for a tenth': (nth: number) => nth % 10 !== 9,
};

describe('thirty seconds of 429 without a hint, 20 projects', () => {
  it.each([
    ['whole', 0, 60],
    ['whole', 0, 5],
    ['whole', 24, 60],
    ['whole', 300, 10],
    ['half', 0, 60],
    ['half', 60, 60],
    ['but for a tenth', 0, 60],
    ['but for a tenth', 300, 10],
  ] as const)('%s: over two minutes later (limit %i, polled every %i s)', async (kind, requestsPerMinute, seconds) => {
    const world = await afterStorm(requestsPerMinute, seconds * 1000, stormy([STORM_AT], storms[kind]));
    const back = STORM_AT + STORM_MS + BACK_MS;
    expect(world.refusals).toBeGreaterThan(0);
    expect(longestGap(world, back, back + 3 * seconds * 1000)).toBeLessThan(1.2 * seconds * 1000);
  });

  it('starve nobody where they come again five minutes later', async () => {
    const world = await afterStorm(0, 60_000, stormy([STORM_AT - 5 * MINUTE_MS, STORM_AT]));
    const back = STORM_AT + STORM_MS + BACK_MS;
    expect(longestGap(world, back, back + 3 * MINUTE_MS)).toBeLessThan(2 * MINUTE_MS);
  });
});

describe('Retry-After', () => {
  it('for one project stops the others once, and for no longer than it says', async () => {
    const asked = MINUTE_MS;
    const world = new World(0, stormy([]), false);
    for (const [n, id] of ids.entries()) world.polled(id, MINUTE_MS, (n * MINUTE_MS) / ids.length);
    world.refuse('project-0', asked);
    await world.clock.advance(20 * MINUTE_MS);
    const others = world.polls.filter(({ project }) => project !== 'project-0');
    expect(world.refusals).toBeGreaterThan(10);
    expect(others.length).toBeGreaterThan(17 * 19);
    expect(world.limiter.perMinute).toBe(Number.POSITIVE_INFINITY);
  });
});
