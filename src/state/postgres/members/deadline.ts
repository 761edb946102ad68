/** A member's own deadline: when it considers itself dead, before the others do. */
import type { Clock, Micros } from '../../../domain/time.ts';

/** When something was sent, on both clocks: the monotonic one stands still while a machine sleeps, the wall clock can be set back. */
export type Moment = { readonly elapsed: number; readonly wall: Micros };

export class Deadline {
  readonly #clock: Clock;
  readonly #limitMs: number;
  #sent: Moment | null = null;

  /** `limitMs`: how long a heartbeat counts from the moment at which it was sent. */
  constructor(clock: Clock, limitMs: number) {
    this.#clock = clock;
    this.#limitMs = limitMs;
  }

  /** To be called before a heartbeat is sent. */
  moment(): Moment {
    return { elapsed: this.#clock.elapsed(), wall: this.#clock.now() };
  }

  /** A heartbeat that was sent at `sent` has succeeded. */
  renew(sent: Moment): void {
    this.#sent = sent;
  }

  /** The lease is gone, or not to be trusted. */
  end(): void {
    this.#sent = null;
  }

  /** Milliseconds left; 0: it has passed. */
  leftMs(): number {
    if (this.#sent === null) return 0;
    const byElapsed = this.#clock.elapsed() - this.#sent.elapsed;
    const byWall = (this.#clock.now() - this.#sent.wall) / 1000;
    return Math.max(0, this.#limitMs - Math.max(byElapsed, byWall));
  }
}
