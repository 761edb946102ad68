/** Reads server time from the headers of an answer. */
import type { Logger } from '../../domain/logger.ts';
import { type Clock, type Micros, SECOND } from '../../domain/time.ts';
import { createDateReader, type Headers } from '../transport/headers.ts';
import type { Reading, ServerClock } from './server-clock.ts';

/** What is known of an answer beside its body. */
export type Arrival = {
  /** Server time of the answer, and of the moment when its request was sent. */
  readonly serverTime: Micros;
  readonly requestedAt: Micros;
  /** What its `Date` says; null: nothing that can be used. */
  readonly reading: Reading | null;
  /** What stands for the request in messages. */
  readonly name: string;
};

export class Arrivals {
  readonly #serverClock: ServerClock;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #account: string;
  readonly #saidBy = createDateReader();

  constructor(serverClock: ServerClock, clock: Clock, logger: Logger, account: string) {
    this.#serverClock = serverClock;
    this.#clock = clock;
    this.#logger = logger;
    this.#account = account;
  }

  /** Notes an answer that arrives now, whatever its status. `startedAt`: the monotonic clock when its request was sent. */
  note(headers: Headers, name: string, startedAt: number): Arrival {
    const now = this.#clock.elapsed();
    const said = this.#saidBy(headers);
    const reading = said === null ? null : this.#serverClock.reading(said, now);
    if (reading !== null) this.#follow(reading);
    return { serverTime: this.#serverClock.at(now), requestedAt: this.#serverClock.at(startedAt), reading, name };
  }

  /** The answer's own time where it has one: a date in its Retry-After is of the same clock, right or wrong. */
  ownTime(headers: Headers): Micros {
    return this.#saidBy(headers) ?? this.#serverClock.now();
  }

  #follow(reading: Reading): void {
    const moved = this.#serverClock.note(reading);
    if (moved === 0) return;
    this.#logger.warn('Several answers in a row differ from our time in the same direction; server time was adjusted', {
      account: this.#account,
      moved_seconds: Math.round(moved / SECOND),
    });
  }
}
