/** How many bytes of histories an account may read: a bucket of one minute's worth, which one large history may overdraw. */
import type { Clock } from '../../domain/time.ts';

const MEGABYTE = 1_000_000;
const MINUTE_MS = 60_000;
/** One session has at most this share of the rate, so that long ones, read whole each time, leave the rest to others. */
const SHARE_OF_ONE = 0.1;

export class ByteBudget {
  /** Bytes per millisecond; Infinity: no limit. */
  readonly #rate: number;
  readonly #clock: Clock;
  #left: number;
  #refilledAt: number;

  /** `megabytesPerMinute` 0: no limit. */
  constructor(megabytesPerMinute: number, clock: Clock) {
    this.#rate = megabytesPerMinute === 0 ? Number.POSITIVE_INFINITY : (megabytesPerMinute * MEGABYTE) / MINUTE_MS;
    this.#clock = clock;
    this.#left = this.#rate * MINUTE_MS;
    this.#refilledAt = clock.elapsed();
  }

  /** True while nothing may be read. */
  get isSpent(): boolean {
    this.#refill();
    return this.#left <= 0;
  }

  spend(bytes: number): void {
    this.#refill();
    this.#left -= bytes;
  }

  /** Milliseconds for which a session rests whose history had so many bytes. */
  restOf(bytes: number): number {
    return bytes / (this.#rate * SHARE_OF_ONE);
  }

  #refill(): void {
    const now = this.#clock.elapsed();
    if (this.#rate === Number.POSITIVE_INFINITY) this.#left = Number.POSITIVE_INFINITY;
    else this.#left = Math.min(this.#rate * MINUTE_MS, this.#left + (now - this.#refilledAt) * this.#rate);
    this.#refilledAt = now;
  }
}
