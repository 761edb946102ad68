/** A clock that a test moves by hand. `sleep(0)` yields to the event loop; other sleeps wait for `advance`. */
import { HeldClock } from './held-clock.ts';

export class ManualClock extends HeldClock {
  readonly #sleepers = new Set<{ at: number; wake: () => void }>();

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (ms <= 0) return new Promise((resolve) => setImmediate(resolve));
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.elapsed() + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      const stop = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason as Error);
      };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
  }

  /** Moves both clocks and wakes who is due. */
  advance(seconds: number): void {
    this.moveTo(this.elapsed() + seconds * 1000);
    for (const sleeper of this.#sleepers) {
      if (sleeper.at > this.elapsed()) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}
