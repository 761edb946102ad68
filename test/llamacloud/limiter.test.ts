import { describe, expect, it } from 'vitest';
import { ExporterError } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/domain/time.ts';
import { Limiter, type LimiterSettings } from '../../src/llamacloud/limiter.ts';
import { Rate } from '../../src/llamacloud/rate.ts';
import { withRetries } from '../../src/llamacloud/retry.ts';
import type { Turn } from '../../src/llamacloud/turns.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';
import { type ServerKind, type StrictServer, strictServers } from './strict-servers.ts';

const never = new AbortController().signal;
const refusal = new ExporterError('rate_limited', 'refused', '');

function limiterOf(
  settings: Partial<LimiterSettings>,
  clock: Clock,
  rate = new Rate(0),
  onRate: (perMinute: number) => void = () => {},
): Limiter {
  return new Limiter({ requestsPerMinute: 0, historyShare: 0.5, concurrency: 4, ...settings }, rate, clock, onRate);
}

/** A request against a server that takes 150 to 350 ms each way; counts what became of it. */
class World {
  readonly clock = new VirtualClock();
  readonly limiter: Limiter;
  readonly served: Turn[] = [];
  refusals = 0;
  /** The longest run of 429 that one request met. */
  refusedInRow = 0;
  #server: StrictServer;
  #hints: boolean;
  #chance = 0;

  constructor(requestsPerMinute: number, server: StrictServer, hints: boolean) {
    this.limiter = limiterOf({ requestsPerMinute }, this.clock);
    this.#server = server;
    this.#hints = hints;
  }

  async request(turn: Turn): Promise<void> {
    let inRow = 0;
    const deps = { clock: this.clock, chance: () => this.#random(), onRetry: (): void => {} };
    await withRetries<true>(
      async () => {
        const permit = await this.limiter.acquire(turn, never);
        await this.clock.sleep(150 + 200 * this.#random(), never);
        const now = this.clock.elapsed();
        const served = this.#server.admits(now);
        const hintMs = this.#hints ? this.#server.waitAt(now) : null;
        if (!served) this.limiter.refused(permit, hintMs);
        this.limiter.release();
        if (served) {
          this.served.push(turn);
          return { value: true };
        }
        inRow += 1;
        this.refusals += 1;
        this.refusedInRow = Math.max(this.refusedInRow, inRow);
        return { failure: { error: refusal, kind: 'refusal', hintMs } };
      },
      never,
      deps,
    );
  }

  /** A project as it is polled: a head poll a minute, and a sweep without end. */
  project(id: string): void {
    void this.#forever(async () => {
      await this.request({ priority: 'head', project: id });
      await this.clock.sleep(60_000, never);
    });
    void this.#forever(() => this.request({ priority: 'sweep', project: id }));
  }

  discovery(): void {
    void this.#forever(async () => {
      await this.request({ priority: 'discovery', project: '' });
      await this.clock.sleep(600_000, never);
    });
  }

  count(priority: Turn['priority'], project?: string): number {
    return this.served.filter((t) => t.priority === priority && (project === undefined || t.project === project))
      .length;
  }

  async #forever(step: () => Promise<void>): Promise<never> {
    for (;;) await step();
  }

  /** A plain sequence that repeats itself, so that every run is the same. */
  #random(): number {
    this.#chance = (this.#chance * 16807 + 11) % 2147483647;
    return this.#chance / 2147483647;
  }
}

const ids = Array.from({ length: 50 }, (_, n) => `project-${n}`);

function fiftyProjects(requestsPerMinute: number, server: StrictServer, hints: boolean): World {
  const world = new World(requestsPerMinute, server, hints);
  for (const id of ids) world.project(id);
  world.discovery();
  return world;
}

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

describe('the gate', () => {
  it('lets no more in than may be in flight', async () => {
    const limiter = limiterOf({ requestsPerMinute: 0, concurrency: 2 }, new VirtualClock());
    const turn: Turn = { priority: 'head', project: 'p' };
    const entered: number[] = [];
    for (let n = 0; n < 4; n += 1) void limiter.acquire(turn, never).then(() => entered.push(n));
    await new Promise(setImmediate);
    expect(entered).toEqual([0, 1]);
    limiter.release();
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
    limiter.release();
    await expect(next).resolves.toBeDefined();
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
    limiter.release();
    await clock.advance(60_000);
    await limiter.acquire({ priority: 'head', project: 'p' }, never);
    expect(rates).toEqual([20, 24]);
  });
});
