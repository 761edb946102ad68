/** What happens in a living world, and how often. */
import { describe, expect, it } from 'vitest';
import { populate } from '../../../src/simulator/run-simulator.ts';
import { drawBurst, drawOutcome } from '../../../src/simulator/workload/conversations.ts';
import { EventQueue } from '../../../src/simulator/workload/event-queue.ts';
import { STEADY } from '../../../src/simulator/workload/profiles.ts';
import { CAUSES, ERROR_TEXTS } from '../../../src/simulator/workload/texts.ts';
import { rhythm } from '../../../src/simulator/workload/workload.ts';
import { ManualClock } from '../../../src/simulator/world/clock.ts';
import { Random } from '../../../src/simulator/world/random.ts';
import { sessionTruth, worldTruth } from '../../../src/simulator/world/truth.ts';
import { createWorld } from '../../../src/simulator/world/world.ts';
import { START } from '../helpers.ts';

const HOUR_MS = 3_600_000;

function alive(seed: number, hours: number, speed = 1) {
  const clock = new ManualClock(START);
  const world = createWorld({ seed, clock, stamp: 'any' });
  const workload = populate(world, 5, speed);
  const start = clock.now();
  workload.step((hours * HOUR_MS) / speed);
  return { world, clock, start };
}

function hourIn(steps: number) {
  const world = createWorld({ seed: 9, clock: new ManualClock(START) });
  const workload = populate(world, 2, 1);
  for (let i = 0; i < steps; i += 1) workload.step(HOUR_MS / steps);
  return worldTruth(world);
}

const allOf = (world: ReturnType<typeof alive>['world']) => world.projects.all().flatMap((one) => one.sessions);
const lifeOf = (seed: number) => JSON.stringify(allOf(alive(seed, 1).world).map(sessionTruth));
const quantile = (numbers: number[], q: number) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(q * numbers.length)] ?? 0;

/** How many runs each burst has: runs with at most five minutes between them. */
function burstsOf(runs: readonly (readonly [startedAt: number, finishedAt: number])[]): number[] {
  const lengths: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const [startedAt, finishedAt] of runs) {
    if (startedAt - last > 300_000_001) lengths.push(0);
    lengths.push((lengths.pop() ?? 0) + 1);
    last = finishedAt;
  }
  return lengths;
}

describe('the living workload', () => {
  it('is the same for the same seed', () => {
    const first = lifeOf(5);
    expect(lifeOf(5)).toBe(first);
    expect(lifeOf(6)).not.toBe(first);
  });

  it('does not depend on the size of steps', () => {
    expect(hourIn(100)).toEqual(hourIn(1));
  });

  it('leaves a past that the present does not touch', () => {
    const { world, start } = alive(1, 0);
    const truths = worldTruth(world);
    expect(truths.map((truth) => truth.sessions.live)).toEqual([3000, 900, 1200, 350, 60]);
    expect(truths.every((truth) => truth.runs > 0 && (truth.last_activity ?? 0) <= start - 60_000_000)).toBe(true);
  });

  it('runs, fails, opens, touches and deletes', () => {
    const { world, start } = alive(1, 6);
    const busy = worldTruth(world, start)[0];
    expect(busy?.runs).toBeGreaterThan(1000);
    expect(busy?.failed_runs).toBeGreaterThan(0);
    expect(busy?.sessions.live).toBeGreaterThan(3100);
    expect(busy?.sessions.deleted).toBeGreaterThan(20);
    const touched = allOf(world).filter(
      ({ current, runs }) => current && runs.at(-1) && current.updatedAt > (runs.at(-1)?.finishedAt ?? 0),
    );
    expect(touched.length).toBeGreaterThan(20);
  });

  it('deletes only sessions that nobody has used for ten minutes', () => {
    const world = createWorld({ seed: 1, clock: new ManualClock(START), stamp: 'any' });
    const quiet: number[] = [];
    const remove = world.delete.bind(world);
    world.delete = (id) => {
      const { current, runs } = world.session(id);
      quiet.push((world.clock.now() - Math.max(current?.updatedAt ?? 0, runs.at(-1)?.finishedAt ?? 0)) / 60_000_000);
      remove(id);
    };
    populate(world, 5, 10).step(2 * HOUR_MS);
    expect(quiet.length).toBeGreaterThan(100);
    expect(Math.min(...quiet)).toBeGreaterThanOrEqual(10);
  });

  it('shows projects of different behavior', () => {
    const { world, start } = alive(2, 12);
    const [busy, steady, failing, looping, quiet] = worldTruth(world, start);
    const ratio = (truth: typeof busy) => (truth?.failed_runs ?? 0) / (truth?.runs ?? 1);
    expect(busy?.runs).toBeGreaterThan(5 * (steady?.runs ?? 0));
    expect(quiet?.runs).toBeLessThan((steady?.runs ?? 0) / 3);
    expect(ratio(failing)).toBeGreaterThan(0.04);
    expect(ratio(busy)).toBeLessThan(0.03);
    expect((looping?.turns ?? 0) / (looping?.runs ?? 1)).toBeGreaterThan(10);
  });

  it('does more at a higher speed', () => {
    const slow = alive(3, 2, 1);
    const fast = alive(3, 2, 10);
    expect(fast.clock.now() - fast.start).toBe((slow.clock.now() - slow.start) / 10);
    const runs = (one: typeof slow) => worldTruth(one.world, one.start).reduce((sum, truth) => sum + truth.runs, 0);
    expect(runs(fast) / runs(slow)).toBeGreaterThan(0.75);
    expect(runs(fast) / runs(slow)).toBeLessThan(1.25);
  });

  it('leaves sessions alone that were opened and never used', () => {
    const { world, start } = alive(4, 6);
    const unused = allOf(world).filter((one) => one.createdAt < start && (one.runs[0]?.startedAt ?? start) >= start);
    expect(unused.length).toBeGreaterThan(100);
    expect(unused.every(({ current, createdAt }) => current?.updatedAt === createdAt)).toBe(true);
  });

  it('is busier by day than by night', () => {
    expect(rhythm(Date.parse('2026-05-01T14:00:00Z') * 1000)).toBeCloseTo(1.3);
    expect(rhythm(Date.parse('2026-05-01T02:00:00Z') * 1000)).toBeCloseTo(0.7);
  });
});

describe('conversations', () => {
  const { world, start } = alive(7, 8);
  const lived = allOf(world).map(({ runs }) => runs.filter((run) => run.finishedAt >= start));
  const pauses = lived.flatMap((runs) =>
    runs.slice(1).map((run, place) => (run.startedAt - (runs[place]?.finishedAt ?? 0)) / 1000),
  );

  it('come in bursts of one to ten runs', () => {
    const bursts = lived.flatMap((runs) => burstsOf(runs.map((run) => [run.startedAt, run.finishedAt])));
    const drawn = Array.from({ length: 5_000 }, (_, i) => drawBurst(new Random(i), STEADY));
    expect([Math.min(...drawn), Math.max(...drawn)]).toEqual([1, 10]);
    expect(quantile(bursts, 0.98)).toBeLessThanOrEqual(10);
    expect(quantile(bursts, 0.5)).toBeGreaterThanOrEqual(2);
    expect(bursts.filter((length) => length === 1).length / bursts.length).toBeLessThan(0.4);
  });

  it('pause for seconds to minutes and come back after a rest', () => {
    const within = pauses.filter((pause) => pause <= 300_001);
    const rests = pauses.filter((pause) => pause > 300_001);
    expect(Math.min(...within)).toBeGreaterThan(1_999);
    expect(quantile(within, 0.5)).toBeGreaterThan(10_000);
    expect(quantile(within, 0.5)).toBeLessThan(40_000);
    expect(rests.length).toBeGreaterThan(within.length / 20);
  });

  it('keep dozens of sessions active among thousands of old ones', () => {
    const now = world.clock.now();
    const active = allOf(world).filter(({ current }) => current && current.updatedAt > now - 300_000_000).length;
    expect(active).toBeGreaterThan(24);
    expect(active).toBeLessThan(200);
    expect(allOf(world).length).toBeGreaterThan(5000);
  });

  it.each([1, 20])('report no more time than passed at speed %i', (speed) => {
    const fast = alive(8, 6, speed);
    for (const { runs } of allOf(fast.world)) {
      for (const { startedAt, finishedAt, figures } of runs) {
        expect(finishedAt - startedAt).toBeGreaterThanOrEqual((figures.duration_ms ?? 0) * 1000 - 2);
      }
      const times = runs.flatMap((run) => [run.startedAt, run.finishedAt]);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
  });
});

describe('outcomes', () => {
  const random = new Random('outcomes');
  const profile = { ...STEADY, turns: 1, tokenSigma: 0.7, failureShare: 0.3, withoutUsageShare: 0.1 };
  const drawn = Array.from({ length: 20_000 }, () => drawOutcome(random, profile));

  it('spread log-normally', () => {
    const durations = drawn.map(({ figures }) => figures.duration_ms ?? 0);
    expect(quantile(durations, 0.5) / profile.durationMs).toBeCloseTo(1, 1);
    expect(Math.log(quantile(durations, 0.8413) / quantile(durations, 0.5))).toBeCloseTo(profile.durationSigma, 1);
    const inputs = drawn.flatMap(({ figures }) => figures.total_input_tokens ?? []);
    expect(quantile(inputs, 0.5) / profile.inputTokens).toBeCloseTo(1, 1);
    expect(inputs.every(Number.isInteger)).toBe(true);
  });

  it('fail and hide usage as often as told', () => {
    const failed = drawn.filter(({ figures }) => figures.is_error);
    expect(failed.length / drawn.length).toBeCloseTo(0.3, 1);
    const silent = drawn.filter(({ figures }) => figures.total_input_tokens === null);
    expect(silent.length / drawn.length).toBeCloseTo(0.1, 1);
    expect(failed.every(({ cause }) => cause !== null)).toBe(true);
  });

  it('fail for every cause, with its texts', () => {
    for (const cause of CAUSES) {
      const texts = new Set(drawn.filter((one) => one.cause === cause).map(({ figures }) => figures.error));
      expect(texts).toEqual(new Set<unknown>(cause === 'unknown' ? ['', null] : ERROR_TEXTS[cause]));
    }
  });
});

describe('the event queue', () => {
  it('gives events by time, then by planning', () => {
    const random = new Random('queue');
    const queue = new EventQueue();
    const planned = Array.from({ length: 500 }, (_, order) => ({ at: random.int(50), order }));
    const ran: typeof planned = [];
    for (const one of planned) queue.plan(one.at, () => ran.push(one));
    for (let next = queue.takeUntil(50); next !== undefined; next = queue.takeUntil(50)) next.run();
    expect(ran).toEqual(planned.toSorted((a, b) => a.at - b.at || a.order - b.order));
    expect(queue.size).toBe(0);
  });

  it('keeps what lies ahead', () => {
    const queue = new EventQueue();
    queue.plan(10, () => undefined);
    expect(queue.takeUntil(9)).toBeUndefined();
    expect(queue.size).toBe(1);
  });
});
