/** A clock whose sleeps take no time: it steps ahead instead, and remembers by how much. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/domain/time.ts';

export class SkippingClock implements Clock {
  /** Every sleep so far, milliseconds. */
  readonly sleeps: number[] = [];
  #skipped = 0;

  now(): number {
    return Date.now() * 1000 + this.#skipped * 1000;
  }

  elapsed(): number {
    return performance.now() + this.#skipped;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.sleeps.push(ms);
    this.#skipped += ms;
    await nextTurn();
    signal.throwIfAborted();
  }
}
