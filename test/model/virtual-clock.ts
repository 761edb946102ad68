/** The clock of the whole-exporter model, which stands still but for waits. */
import type { Clock, Micros } from '../../src/domain/time.ts';
import type { ManualClock } from '../../src/simulator/world/clock.ts';

/** A real wait stands for any longer one: long enough for an answer on loopback to come first. Milliseconds. */
const LONGEST_WAIT = 4;

/**
 * The exporter's clock, tied to the world's: time passes for both when something waits, and `skew` sets them apart. A wait that is
 * broken off lets no time pass.
 */
export class VirtualClock implements Clock {
  readonly #world: ManualClock;
  #elapsed = 0;
  /** How far the exporter is behind the server, milliseconds. */
  skewMs = 0;

  constructor(world: ManualClock) {
    this.#world = world;
  }

  now(): Micros {
    return this.#world.now() - this.skewMs * 1000;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  pass(ms: number): void {
    this.#elapsed += ms;
    this.#world.advance(ms);
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const timer = setTimeout(
        () => {
          signal.removeEventListener('abort', stop);
          this.pass(ms);
          resolve();
        },
        Math.min(ms, LONGEST_WAIT),
      );
      const stop = (): void => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', stop, { once: true });
    });
  }
}

/** The same time, for one round of a loop: its first wait aborts `signal` in place of waiting. */
export class StoppingClock implements Clock {
  readonly #clock: Clock;
  readonly #controller = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  now(): Micros {
    return this.#clock.now();
  }

  elapsed(): number {
    return this.#clock.elapsed();
  }

  sleep(): Promise<void> {
    this.#controller.abort(new Error('one round'));
    return Promise.reject(this.#controller.signal.reason as Error);
  }
}
