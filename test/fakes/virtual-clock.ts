/** A clock that stands still until a test moves it. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { HeldClock } from './held-clock.ts';

type Sleeper = { readonly at: number; readonly wake: () => void };

export class VirtualClock extends HeldClock {
  #sleepers: Sleeper[] = [];

  /** `startedAt`: microseconds UTC. */
  constructor(startedAt = 1_780_000_000_000_000) {
    super(startedAt);
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
      const sleeper: Sleeper = { at: this.elapsed() + ms, wake };
      this.#sleepers.push(sleeper);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** Moves on by `ms`, waking sleepers in order; after each one, all that follows without waiting is run. */
  async advance(ms: number): Promise<void> {
    const end = this.elapsed() + ms;
    await nextTurn();
    for (;;) {
      const next = this.#sleepers.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      this.moveTo(Math.max(this.elapsed(), next.at));
      next.wake();
      await nextTurn();
    }
    this.moveTo(end);
  }
}
