/** The gate that every request of an account passes: at most so many in flight, at most so many a minute, in fair turns. */
import type { Clock } from '../../domain/time.ts';
import type { Rate } from './rate.ts';
import { RefusedProjects } from './refused-projects.ts';
import { type Turn, Turns } from './turns.ts';
import { Waits } from './waits.ts';

/** The right to send one request. To be given back when it has ended. Times are those of the monotonic clock. */
export type Permit = {
  readonly askedAt: number;
  readonly sentAt: number;
  readonly isHistory: boolean;
  readonly project: string;
};

type Waiting = Turn & {
  readonly askedAt: number;
  readonly grant: (permit: Permit) => void;
  readonly refuse: (reason: unknown) => void;
};

export type LimiterSettings = {
  /** 0: no limit of our own. */
  readonly requestsPerMinute: number;
  /** The share of the requests that histories may have where a limit is in force, above 0 to 1. */
  readonly historyShare: number;
  /** Requests in flight at most. */
  readonly concurrency: number;
};

export class Limiter {
  #rate: Rate;
  readonly #settings: LimiterSettings;
  #clock: Clock;
  #onRate: (perMinute: number) => void;
  #reported: number;
  #inFlight = 0;
  /** Those of them that read histories. */
  #histories = 0;
  #turns = new Turns<Waiting>();
  #refused = new RefusedProjects();
  #waits = new Waits();
  /** Of requests that were answered 429 and have not ended. */
  #refusedPermits = new WeakSet<object>();
  /** When the earliest timer rings, on the monotonic clock. */
  #wakesAt = Number.POSITIVE_INFINITY;
  #closing = new AbortController();

  /**
   * `rate` may come from a limiter before this one, with what that has learned. `onRate` hears of every change in the requests per
   * minute that are allowed (Infinity: unlimited).
   */
  constructor(settings: LimiterSettings, rate: Rate, clock: Clock, onRate: (perMinute: number) => void) {
    rate.configure(settings.requestsPerMinute, settings.historyShare, clock.elapsed());
    this.#rate = rate;
    this.#settings = settings;
    this.#clock = clock;
    this.#onRate = onRate;
    this.#reported = this.#rate.perMinute;
  }

  /** The account's limit is for so many processes together: this one sends its part. What was learned from refusals stays. */
  share(processes: number): void {
    const { requestsPerMinute, historyShare } = this.#settings;
    const part = requestsPerMinute / processes;
    // Whole requests, so that no minute holds one too many; of less than one, as much as there is.
    this.#rate.configure(part < 1 ? part : Math.floor(part), historyShare, this.#clock.elapsed());
    this.#report();
    this.#pump();
  }

  /** Requests per minute that are allowed now. */
  get perMinute(): number {
    return this.#rate.perMinute;
  }

  /** Milliseconds that the API still asks us to wait; 0: none. */
  get askedWait(): number {
    return this.#rate.askedWait(this.#clock.elapsed());
  }

  /** Milliseconds for which requests of a project, histories aside, have waited for their turn or were refused; 0: not at all. */
  waited(project: string): number {
    return this.#waits.of(project, this.#clock.elapsed());
  }

  /** Waits for its turn; rejects with the signal's reason, or with the reason given to `close`. */
  acquire(turn: Turn, signal: AbortSignal): Promise<Permit> {
    if (signal.aborted || this.#closing.signal.aborted) {
      return Promise.reject(signal.aborted ? signal.reason : this.#closing.signal.reason);
    }
    return new Promise((resolve, reject) => {
      let isWaiting = true;
      const leave = (): void => {
        if (turn.priority !== 'history') this.#waits.left(turn.project, this.#clock.elapsed());
        if (this.#turns.remove(waiting)) waiting.refuse(signal.reason);
      };
      const settle = (): void => {
        isWaiting = false;
        signal.removeEventListener('abort', leave);
      };
      const waiting: Waiting = {
        ...turn,
        askedAt: this.#clock.elapsed(),
        grant(permit) {
          settle();
          resolve(permit);
        },
        refuse(reason) {
          settle();
          reject(reason);
        },
      };
      this.#turns.add(waiting);
      if (turn.priority !== 'history') this.#waits.begin(turn.project, waiting.askedAt);
      this.#pump();
      if (isWaiting) signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** Gives the permit back. */
  release(permit: Pick<Permit, 'isHistory' | 'project'>): void {
    this.#inFlight -= 1;
    if (permit.isHistory) this.#histories -= 1;
    else if (!this.#refusedPermits.has(permit)) this.#waits.served(permit.project, this.#clock.elapsed());
    this.#pump();
  }

  /** The request of this permit was answered, neither by 429 nor by a failure of the server. */
  answered(permit: Permit): void {
    this.#refused.answered(permit.project);
    this.#rate.answer(this.#clock.elapsed(), permit.sentAt);
    this.#report();
  }

  /** It was answered 429. True when that halved the rate. A project that is refused while others are served slows nobody else down. */
  refused(permit: Permit, hintMs: number | null): boolean {
    if (!permit.isHistory) this.#waits.refused(permit.project, permit.askedAt);
    this.#refusedPermits.add(permit);
    if (this.#refused.isAlone(permit.project)) return false;
    const halved = this.#rate.refuse(this.#clock.elapsed(), permit.sentAt, hintMs);
    this.#report();
    return halved;
  }

  /** Whoever waits is refused with `reason`, now and from now on. */
  close(reason: Error): void {
    this.#closing.abort(reason);
    for (const waiting of this.#turns.drain()) waiting.refuse(reason);
  }

  /** Lets in whoever may go now, and looks again when the next one may. */
  #pump(): void {
    while (!this.#turns.isEmpty && this.#hasRoom()) {
      const now = this.#clock.elapsed();
      const wait = this.#rate.readyIn(now);
      this.#report();
      if (wait > 0) return this.#pumpAt(now + wait);
      const historyWait = this.#rate.historyReadyIn(now);
      const isFull = this.#inFlight >= this.#settings.concurrency;
      const next = this.#turns.next(historyWait === 0 && !isFull);
      if (next === null) return isFull ? undefined : this.#pumpAt(now + historyWait);
      const isHistory = next.priority === 'history';
      this.#rate.take(now, isHistory);
      this.#inFlight += 1;
      if (isHistory) this.#histories += 1;
      else this.#waits.sent(next.project, now);
      next.grant({ askedAt: next.askedAt, sentAt: now, isHistory, project: next.project });
    }
  }

  /** Nothing waits for a history: where those take up all the room, one other request goes beside them (docs/accounting.md, P2). */
  #hasRoom(): boolean {
    return this.#inFlight < this.#settings.concurrency || this.#inFlight === this.#histories;
  }

  /** A timer that rings later than another one is not needed: that one will look again. */
  #pumpAt(at: number): void {
    if (at >= this.#wakesAt) return;
    this.#wakesAt = at;
    const wake = (): void => {
      if (this.#wakesAt === at) this.#wakesAt = Number.POSITIVE_INFINITY;
      this.#pump();
    };
    // Only closing ends the sleep early, and then nobody waits any more.
    this.#clock.sleep(at - this.#clock.elapsed(), this.#closing.signal).then(wake, () => {});
  }

  #report(): void {
    if (this.#rate.perMinute === this.#reported) return;
    this.#reported = this.#rate.perMinute;
    this.#onRate(this.#reported);
  }
}
