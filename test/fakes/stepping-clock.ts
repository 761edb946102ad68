/** A clock that only the test moves, in steps of 10 ms. */
import { setImmediate } from 'node:timers/promises';
import { HeldClock } from './held-clock.ts';

type Sleeper = { readonly due: number; readonly wake: () => void };

export class SteppingClock extends HeldClock {
  #sleepers: Sleeper[] = [];

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      this.#sleepers.push({ due: this.elapsed() + ms, wake: resolve });
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  }

  /** Work that takes `ms` milliseconds, during which nobody wakes. */
  spend(ms: number): void {
    this.moveTo(this.elapsed() + ms);
  }

  /** Lets `ms` milliseconds pass, a step of at most 10 ms at a time, and everything happen that they bring about. */
  async advance(ms: number): Promise<void> {
    for (let rest = ms; rest > 0; rest -= 10) await this.#step(Math.min(10, rest));
    await settle();
  }

  async #step(ms: number): Promise<void> {
    this.spend(ms);
    const due = this.#sleepers.filter((sleeper) => sleeper.due <= this.elapsed());
    this.#sleepers = this.#sleepers.filter((sleeper) => !due.includes(sleeper));
    for (const { wake } of due) wake();
    if (due.length > 0) await settle();
  }
}

/** Lets promises and immediates run until nothing that is quick is left to do. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await setImmediate();
}
