/** The gate that every request of an account passes: at most so many in flight, at most so many a minute, in fair turns. */
import type { Clock } from '../domain/time.ts';
import { Rate } from './rate.ts';
import { type Turn, Turns } from './turns.ts';

/** The right to send one request. To be given back when it has ended. */
export type Permit = { readonly sentAt: number };

type Waiting = Turn & { readonly grant: (permit: Permit) => void; readonly refuse: (reason: unknown) => void };

export type LimiterSettings = { readonly requestsPerMinute: number; readonly concurrency: number };

export class Limiter {
  #rate: Rate;
  #concurrency: number;
  #clock: Clock;
  #onRate: (perMinute: number) => void;
  #reported: number;
  #inFlight = 0;
  #turns = new Turns<Waiting>();
  #isTimerSet = false;
  #closing = new AbortController();

  /** `onRate` hears of every change in the requests per minute that are allowed (Infinity: unlimited). */
  constructor(settings: LimiterSettings, clock: Clock, onRate: (perMinute: number) => void) {
    this.#rate = new Rate(settings.requestsPerMinute, clock.elapsed());
    this.#concurrency = settings.concurrency;
    this.#clock = clock;
    this.#onRate = onRate;
    this.#reported = this.#rate.perMinute;
  }

  /** Requests per minute that are allowed now. */
  get perMinute(): number {
    return this.#rate.perMinute;
  }

  /** Waits for its turn; rejects with the signal's reason, or with the reason given to `close`. */
  acquire(turn: Turn, signal: AbortSignal): Promise<Permit> {
    if (signal.aborted || this.#closing.signal.aborted) {
      return Promise.reject(signal.aborted ? signal.reason : this.#closing.signal.reason);
    }
    const permit = this.#turns.isEmpty ? this.#permit() : null;
    if (permit !== null) return Promise.resolve(permit);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        priority: turn.priority,
        project: turn.project,
        grant(granted) {
          signal.removeEventListener('abort', leave);
          resolve(granted);
        },
        refuse(reason) {
          signal.removeEventListener('abort', leave);
          reject(reason);
        },
      };
      const leave = (): void => {
        if (this.#turns.remove(waiting)) waiting.refuse(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#turns.add(waiting);
      this.#pump();
    });
  }

  /** Gives the permit back. */
  release(): void {
    this.#inFlight -= 1;
    this.#pump();
  }

  /** The request of this permit was answered 429. True when that halved the rate. */
  refused(permit: Permit, hintMs: number | null): boolean {
    const halved = this.#rate.refuse(this.#clock.elapsed(), permit.sentAt, hintMs);
    this.#report();
    return halved;
  }

  /** Whoever waits is refused with `reason`, now and from now on. */
  close(reason: Error): void {
    this.#closing.abort(reason);
    for (const waiting of this.#turns.drain()) waiting.refuse(reason);
  }

  #pump(): void {
    while (!this.#turns.isEmpty) {
      const permit = this.#permit();
      if (permit === null) return;
      this.#turns.next()?.grant(permit);
    }
  }

  /** A permit for a request that goes at once; null where it has to wait. */
  #permit(): Permit | null {
    if (this.#inFlight >= this.#concurrency) return null;
    const now = this.#clock.elapsed();
    const wait = this.#rate.readyIn(now);
    this.#report();
    if (wait > 0) {
      this.#pumpLater(wait);
      return null;
    }
    this.#rate.take(now);
    this.#inFlight += 1;
    return { sentAt: now };
  }

  #pumpLater(ms: number): void {
    if (this.#isTimerSet) return;
    this.#isTimerSet = true;
    const wake = (): void => {
      this.#isTimerSet = false;
      this.#pump();
    };
    // Only closing ends the sleep early, and then nobody waits any more.
    this.#clock.sleep(ms, this.#closing.signal).then(wake, () => {});
  }

  #report(): void {
    if (this.#rate.perMinute === this.#reported) return;
    this.#reported = this.#rate.perMinute;
    this.#onRate(this.#reported);
  }
}
