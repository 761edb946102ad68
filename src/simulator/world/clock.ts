/** The world's clock (this machine's, or one driven by hand), and how the API writes times. */
import type { Micros } from './types.ts';

/** The world's clock. It need not agree with ours. */
export interface WorldClock {
  /** Microseconds since 1970, UTC. */
  now(): Micros;
  /** Sets a hand-driven clock; a clock that runs by itself ignores it. */
  moveTo(moment: Micros): void;
  /** Shifts the clock by milliseconds, backwards if negative. */
  skew(ms: number): void;
}

/** A clock driven by hand, for tests. */
export class ManualClock implements WorldClock {
  #now: Micros;

  /** @param start ISO 8601 or microseconds since 1970 */
  constructor(start: string | Micros) {
    this.#now = typeof start === 'number' ? start : Date.parse(start) * 1000;
  }

  now(): Micros {
    return this.#now;
  }

  moveTo(moment: Micros): void {
    this.#now = moment;
  }

  skew(ms: number): void {
    this.advance(ms);
  }

  /** Lets milliseconds pass. */
  advance(ms: number): void {
    this.#now += Math.round(ms * 1000);
  }
}

/** This machine's clock, optionally skewed. */
export class SystemClock implements WorldClock {
  #skewMs: number;

  /** @param skewMs how far this world is ahead of us, in milliseconds */
  constructor(skewMs = 0) {
    this.#skewMs = skewMs;
  }

  now(): Micros {
    const belowMs = Math.floor(performance.now() * 1000) % 1000;
    return (Date.now() + this.#skewMs) * 1000 + belowMs;
  }

  moveTo(): void {}

  skew(ms: number): void {
    this.#skewMs += ms;
  }
}

/** ISO 8601 without a zone and with microseconds, as the API writes `last_updated_at`. */
export function isoMicros(moment: Micros): string {
  const ms = Math.floor(moment / 1000);
  const below = String(moment - ms * 1000).padStart(3, '0');
  return `${new Date(ms).toISOString().slice(0, -1)}${below}`;
}

/** An HTTP date (RFC 9110), to the second. */
export function httpDate(moment: Micros): string {
  return new Date(Math.floor(moment / 1000)).toUTCString();
}
