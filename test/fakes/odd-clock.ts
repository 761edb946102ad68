/** A clock that stands still until a test moves it, whose sleeps step ahead at once, and whose wall part can be set. */
import { type Micros, SECOND } from '../../src/domain/time.ts';
import { HeldClock } from './held-clock.ts';

export class OddClock extends HeldClock {
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.advance(ms / 1000);
  }

  /** Both parts move on. */
  advance(seconds: number): void {
    this.moveTo(this.elapsed() + seconds * 1000);
  }

  /** The wall part alone jumps, as a person or NTP sets it. */
  set(wall: Micros): void {
    this.adjust((wall - this.now()) / SECOND);
  }
}
