/** Time as the exporter counts it. All instants are integer microseconds since 1970-01-01 UTC; they stay below 2^53 until the year 2255. */

/** An instant: integer microseconds since the epoch, UTC. */
export type Micros = number;

export const SECOND: Micros = 1_000_000;
export const MINUTE: Micros = 60 * SECOND;
export const HOUR: Micros = 60 * MINUTE;
export const DAY: Micros = 24 * HOUR;

/** The clock is passed in, so that tests own the time. */
export interface Clock {
  /** Our wall clock, microseconds UTC. */
  now(): Micros;
  /** A clock that never steps back, in milliseconds from an arbitrary start: for durations. */
  elapsed(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
