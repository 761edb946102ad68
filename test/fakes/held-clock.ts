/** The two hands of a clock that stands still until a test moves it; each fake adds how its sleeps end. */
import { type Clock, type Micros, SECOND } from '../../src/domain/time.ts';

export abstract class HeldClock implements Clock {
  /** What the wall clock shows when `elapsed` is 0. */
  #start: Micros;
  #elapsed = 0;

  constructor(now: Micros) {
    this.#start = now;
  }

  abstract sleep(ms: number, signal: AbortSignal): Promise<void>;

  now(): Micros {
    return this.#start + Math.round(this.#elapsed * 1000);
  }

  elapsed(): number {
    return this.#elapsed;
  }

  /** Sets the wall clock alone, forward or back: somebody adjusted it. */
  adjust(seconds: number): void {
    this.#start += Math.round(seconds * SECOND);
  }

  /** Moves both hands; wakes nobody. */
  protected moveTo(elapsedMs: number): void {
    this.#elapsed = elapsedMs;
  }
}
