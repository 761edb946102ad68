/** A timeout on a promise with one shared timer for all waits for the same moment, since a sweep waits for each page. */
import type { Clock } from '../../domain/time.ts';

export class SharedTimer {
  readonly #clock: Clock;
  /** What the running timer rings for, milliseconds of `Clock.elapsed`; null: no timer runs. */
  #at: number | null = null;
  #timer = new AbortController();
  /** Resolves the last wait with null. The bare function: a closure made for each wait would carry every page into the old generation. */
  #ring: (value: null) => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What `work` resolves with, or null once the moment `at` (of `Clock.elapsed`) has come before. One wait at a time. */
  first<T>(work: Promise<T>, at: number): Promise<T | null> {
    return new Promise((resolve, reject) => {
      this.#ring = resolve;
      if (this.#at !== at) this.#set(at);
      work.then(resolve, reject);
    });
  }

  /** Ends the timer. */
  off(): void {
    if (this.#at === null) return;
    this.#at = null;
    this.#timer.abort(OFF);
  }

  #set(at: number): void {
    this.off();
    this.#at = at;
    this.#timer = new AbortController();
    const rung = (): void => {
      if (this.#at !== at) return;
      this.#at = null;
      this.#ring(null);
    };
    this.#clock.sleep(Math.max(0, at - this.#clock.elapsed()), this.#timer.signal).then(rung, () => {});
  }
}

/** Made once: an `abort` without a reason makes an error with a stack. */
const OFF = new Error('off');
