/** Splits long rendering into slices and lets the event loop run between them. */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../domain/time.ts';

/** Longest work in one go, milliseconds; a step that has begun is finished. */
const SLICE_MS = 2;

/** Cuts long work into slices between which the event loop turns, and adds up what they took. */
export class TimeSlicer {
  readonly #clock: Clock;
  #sliceStart: number;
  #before = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sliceStart = clock.elapsed();
  }

  /** To be awaited after each step of the work. */
  async yieldIfLong(): Promise<void> {
    const spent = this.#slice();
    if (spent < SLICE_MS) return;
    await setImmediate();
    this.#before += spent;
    this.#sliceStart = this.#clock.elapsed();
  }

  /** Milliseconds of work so far, without what others did in between. */
  busyMs(): number {
    return this.#before + this.#slice();
  }

  #slice(): number {
    return this.#clock.elapsed() - this.#sliceStart;
  }
}
