/** Requests through a limiter against a server that is strict about its limit, in virtual time. */
import { ExporterError } from '../../../src/domain/errors.ts';
import type { Clock } from '../../../src/domain/time.ts';
import { Limiter, type LimiterSettings } from '../../../src/llamacloud/limiter/limiter.ts';
import { Rate } from '../../../src/llamacloud/limiter/rate.ts';
import { withRetries } from '../../../src/llamacloud/limiter/retry.ts';
import type { Turn } from '../../../src/llamacloud/limiter/turns.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';
import type { StrictServer } from '../strict-servers.ts';

/** A signal that never aborts. */
export const never = new AbortController().signal;
const refusal = new ExporterError('rate_limited', 'refused', '');

/** A limiter, unlimited unless the settings say otherwise. */
export function limiterOf(
  settings: Partial<LimiterSettings>,
  clock: Clock,
  rate = new Rate(0),
  onRate: (perMinute: number) => void = () => {},
): Limiter {
  return new Limiter({ requestsPerMinute: 0, historyShare: 0.5, concurrency: 4, ...settings }, rate, clock, onRate);
}

/** A request against a server that takes 150 to 350 ms each way; counts what became of it. */
export class World {
  readonly clock = new VirtualClock();
  readonly limiter: Limiter;
  readonly served: Turn[] = [];
  /** Of `polled` projects: when each poll ended well. */
  readonly polls: { readonly project: string; readonly at: number }[] = [];
  refusals = 0;
  /** The longest run of 429 that one request met. */
  refusedInRow = 0;
  #server: StrictServer;
  #hints: boolean;
  #chance = 0;
  readonly #refusedFor = new Map<string, number>();

  constructor(requestsPerMinute: number, server: StrictServer, hints: boolean, historyShare = 0.5) {
    this.limiter = limiterOf({ requestsPerMinute, historyShare }, this.clock);
    this.#server = server;
    this.#hints = hints;
  }

  /** From now on requests of this project are answered 429 with this Retry-After. */
  refuse(project: string, retryAfterMs: number): void {
    this.#refusedFor.set(project, retryAfterMs);
  }

  async request(turn: Turn): Promise<void> {
    let inRow = 0;
    const deps = { clock: this.clock, chance: () => this.#random(), onRetry: (): void => {} };
    await withRetries<true>(
      async () => {
        const permit = await this.limiter.acquire(turn, never);
        await this.clock.sleep(150 + 200 * this.#random(), never);
        const now = this.clock.elapsed();
        const refusedFor = this.#refusedFor.get(turn.project);
        const served = refusedFor === undefined && this.#server.admits(now);
        const hintMs = refusedFor ?? (this.#hints ? this.#server.waitAt(now) : null);
        if (served) this.limiter.answered(permit);
        else this.limiter.refused(permit, hintMs);
        this.limiter.release(permit);
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

  /** A project whose list is read once in each interval, as its worker does: due polls are skipped while one runs. */
  polled(id: string, intervalMs: number, offsetMs: number): void {
    let dueAt = offsetMs;
    void this.#forever(async () => {
      await this.clock.sleep(Math.max(0, dueAt - this.clock.elapsed()), never);
      const ended = await this.request({ priority: 'head', project: id }).catch(() => null);
      if (ended !== null) this.polls.push({ project: id, at: this.clock.elapsed() });
      dueAt += intervalMs * Math.max(1, Math.ceil((this.clock.elapsed() - dueAt) / intervalMs));
    });
  }

  /** A project with more histories to read than can be, `parallel` of them at a time. */
  histories(id: string, parallel = 1): void {
    for (let n = 0; n < parallel; n += 1) void this.#forever(() => this.request({ priority: 'history', project: id }));
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

export const ids = Array.from({ length: 50 }, (_, n) => `project-${n}`);

export function fiftyProjects(requestsPerMinute: number, server: StrictServer, hints: boolean): World {
  const world = new World(requestsPerMinute, server, hints);
  for (const id of ids) world.project(id);
  world.discovery();
  return world;
}
