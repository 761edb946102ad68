/** The progress of a running sweep: what it has read, and the cursor to save. */

import type { ExporterError } from '../../domain/errors.ts';
import type { SessionPage } from '../../domain/source.ts';
import type { SweepCursor } from '../../domain/store.ts';
import type { Micros } from '../../domain/time.ts';
import { Order } from './order.ts';
import { Seen } from './seen.ts';

/** Milliseconds. */
const CHECKPOINT_EVERY = 5000;

/** A sweep between two pages; survives a failed page, and through its saved cursor a restart. */
export class SweepRun {
  /** Server time at which the first page was asked for; null until it has arrived. */
  startedAt: Micros | null;
  /** Server time of the last page read. */
  readAt = 0;
  token: string | null;
  pages: number;
  readonly seen: Seen;
  readonly order: Order;
  droppedWithoutId: boolean;
  misses = 0;
  /** Of a page of which too much is malformed: the sweep fails with it, once all was read. */
  fault: ExporterError | null = null;
  /** True once an expired token made this sweep start again. */
  restarted = false;
  /** Our monotonic clock at its start, milliseconds; a resumed sweep starts its time anew. */
  readonly since: number;

  #failedPages = -1;
  #noted: SweepCursor | null;
  #notedAt = Number.NEGATIVE_INFINITY;

  constructor(since: number, cursor: SweepCursor | null) {
    this.since = since;
    this.#noted = cursor;
    this.startedAt = cursor?.startedAt ?? null;
    this.token = cursor?.token ?? null;
    this.pages = cursor?.pages ?? 0;
    this.seen = new Seen(cursor?.seen);
    this.order = new Order(cursor?.newestFirst ?? true, cursor?.lastUpdatedAt ?? null);
    this.droppedWithoutId = cursor?.droppedWithoutId ?? false;
  }

  /** True once the last page was read: what remains is the read back to its start, and its end. */
  get complete(): boolean {
    return this.pages > 0 && this.token === null;
  }

  /** Notes that the sweep failed at this place; true when it had failed here before. */
  failedHere(): boolean {
    const again = this.#failedPages === this.pages;
    this.#failedPages = this.pages;
    return again;
  }

  /** Takes note of a page: order, malformed items, and where to go on. */
  turnPage(page: SessionPage): void {
    this.startedAt ??= page.requestedAt;
    this.readAt = page.serverTime;
    for (const session of page.sessions) this.order.note(session.updatedAt);
    if (page.invalid.some((item) => item.id === null)) this.droppedWithoutId = true;
    this.fault ??= page.fault;
    this.pages += 1;
    this.token = page.nextToken;
  }

  /** Notes the place, once all that was read up to here is committed; at most every few seconds, since the bits are copied. */
  checkpoint(elapsed: number): void {
    if (this.startedAt === null || this.complete || elapsed - this.#notedAt < CHECKPOINT_EVERY) return;
    this.#notedAt = elapsed;
    this.#noted = {
      startedAt: this.startedAt,
      token: this.token,
      pages: this.pages,
      seen: this.seen.bits(),
      newestFirst: this.order.newestFirst,
      lastUpdatedAt: this.order.last,
      droppedWithoutId: this.droppedWithoutId,
    };
  }

  /**
   * What is saved of it: the last place noted; null before the first, and after the last page: what its end marks as missing was not
   * seen by this sweep, so a later process must not go on with it and take its second end for a second sweep.
   */
  cursor(): SweepCursor | null {
    return this.complete ? null : this.#noted;
  }
}
