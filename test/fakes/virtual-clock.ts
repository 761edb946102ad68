/** A clock that stands still until a test moves it. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/domain/time.ts';

type Sleeper = { readonly at: number; readonly wake: () => void };

export class VirtualClock implements Clock {
  #elapsed = 0;
  #startedAt: number;
  #sleepers: Sleeper[] = [];

  /** `startedAt`: microseconds UTC. */
  constructor(startedAt = 1_780_000_000_000_000) {
    this.#startedAt = startedAt;
  }

  now(): number {
    return this.#startedAt + this.#elapsed * 1000;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const leave = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      };
      const wake = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const sleeper: Sleeper = { at: this.#elapsed + ms, wake };
      this.#sleepers.push(sleeper);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** Moves on by `ms`, waking sleepers in order; after each one, all that follows without waiting is run. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    await nextTurn();
    for (;;) {
      const next = this.#sleepers.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      this.#elapsed = Math.max(this.#elapsed, next.at);
      next.wake();
      await nextTurn();
    }
    this.#elapsed = end;
  }
}
