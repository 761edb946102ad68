/** Whether a list is ordered newest first: true until an item is newer than the one before it. */
import type { Micros } from '../../domain/time.ts';

export class Order {
  newestFirst: boolean;
  last: Micros | null;

  constructor(newestFirst = true, last: Micros | null = null) {
    this.newestFirst = newestFirst;
    this.last = last;
  }

  note(updatedAt: Micros): void {
    if (this.last !== null && updatedAt > this.last) this.newestFirst = false;
    this.last = updatedAt;
  }
}
