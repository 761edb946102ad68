/** A clock that a test moves by hand. */
import type { Clock, Micros } from '../../src/domain/time.ts';
import { SECOND } from '../../src/domain/time.ts';

/** A clock that stands still until it is moved. `sleep(0)` yields to the event loop; other sleeps wait for `advance`. */
export class ManualClock implements Clock {
  #now: Micros;
  #elapsed = 0;
  readonly #sleepers = new Set<{ at: number; wake: () => void }>();

  constructor(now: Micros) {
    this.#now = now;
  }

  now(): Micros {
    return this.#now;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (ms <= 0) return new Promise((resolve) => setImmediate(resolve));
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.#elapsed + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      const stop = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason as Error);
      };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
  }

  /** Sets the wall clock alone, forward or back: somebody adjusted it. */
  adjust(seconds: number): void {
    this.#now += Math.round(seconds * SECOND);
  }

  /** Moves both clocks and wakes who is due. */
  advance(seconds: number): void {
    this.#now += Math.round(seconds * SECOND);
    this.#elapsed += seconds * 1000;
    for (const sleeper of this.#sleepers) {
      if (sleeper.at > this.#elapsed) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}
