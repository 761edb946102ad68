/** A clock that stands still until a test moves it, and whose wall part can be set, as a person or NTP does. */
import type { Clock, Micros } from '../../src/domain/time.ts';

export class OddClock implements Clock {
  #wall: Micros;
  #elapsed = 0;

  constructor(wall: Micros) {
    this.#wall = wall;
  }

  now(): Micros {
    return this.#wall;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  /** Steps ahead at once. */
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.advance(ms / 1000);
  }

  /** Both parts move on. */
  advance(seconds: number): void {
    this.#wall += seconds * 1_000_000;
    this.#elapsed += seconds * 1000;
  }

  /** The wall part alone jumps. */
  set(wall: Micros): void {
    this.#wall = wall;
  }
}
