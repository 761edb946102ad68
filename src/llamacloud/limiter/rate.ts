/**
 * How many requests an account may send now: a token bucket. What a 429 does to its rate is decided in `learned-rate.ts`. Pure: times come
 * in as milliseconds of a clock that never steps back. Rates are requests per minute.
 */
import { type LearnedRate, learn, NOTHING_LEARNED, type RateEvent } from './learned-rate.ts';

const MINUTE_MS = 60_000;
/** Pacing is this much slower than the limit, so that jitter on the way does not squeeze one request too many into a minute. */
const MARGIN = 0.98;
const LARGEST_BURST = 10;
const UNLIMITED = Number.POSITIVE_INFINITY;

/**
 * Requests that may go at once. With the refill of `refillPerMs`, no minute however cut holds more requests than the rate: a server
 * that counts by token bucket, by fixed minute or by sliding minute refuses none.
 */
function burstOf(rate: number): number {
  return Math.min(LARGEST_BURST, Math.max(1, Math.floor(rate / 10)));
}

/** Tokens per millisecond: `rate + 1` requests then span more than a minute, also when the first of them went in a burst. */
function refillPerMs(rate: number): number {
  return (MARGIN * (rate + 1 - burstOf(rate))) / MINUTE_MS;
}

/** Histories that may go at once: their share of the burst. */
function historyBurstOf(rate: number, share: number): number {
  return Math.max(1, Math.floor(burstOf(rate) * share));
}

/** Starts without any limit; `configure` sets one. */
export class Rate {
  #learned: LearnedRate = NOTHING_LEARNED;
  #historyShare = 1;
  #tokens = 0;
  #historyTokens = 0;
  #refilledAt: number;
  #sent = new LastMinute();

  constructor(now: number) {
    this.#refilledAt = now;
  }

  /**
   * Sets our own limit (0: none) and the share of the requests that histories may have where a limit is in force. What was learned
   * stays: a lower rate and a wait that the API asked for.
   */
  configure(requestsPerMinute: number, historyShare: number, now: number): void {
    this.#refill(now);
    const wasUnlimited = this.perMinute === UNLIMITED;
    this.#historyShare = historyShare;
    this.#learn({ kind: 'configured', limit: requestsPerMinute === 0 ? UNLIMITED : requestsPerMinute }, now);
    if (!wasUnlimited) return this.#refill(now);
    // Without a limit nothing was booked: what the last minute sent is.
    this.#tokens = Math.max(0, burstOf(this.perMinute) - this.#sent.count(now));
    this.#historyTokens = Math.min(this.#tokens, historyBurstOf(this.perMinute, historyShare));
  }

  /** Requests per minute that are allowed now; Infinity: unlimited. */
  get perMinute(): number {
    return this.#learned.perMinute;
  }

  /** Milliseconds that the API still asks us to wait; 0: none. */
  askedWait(now: number): number {
    return Math.max(0, this.#learned.blockedUntil - now);
  }

  /** Milliseconds until a request may go; 0: at once. */
  readyIn(now: number): number {
    this.#learn({ kind: 'passed' }, now);
    this.#refill(now);
    const asked = this.askedWait(now);
    if (asked > 0) return asked;
    if (this.perMinute === UNLIMITED || this.#tokens >= 1) return 0;
    return Math.max(1, Math.ceil((1 - this.#tokens) / refillPerMs(this.perMinute)));
  }

  /** The same for a history, which may use up no more than its share. */
  historyReadyIn(now: number): number {
    const wait = this.readyIn(now);
    if (wait > 0 || this.perMinute === UNLIMITED || this.#historyTokens >= 1) return wait;
    return Math.max(1, Math.ceil((1 - this.#historyTokens) / (this.#historyShare * refillPerMs(this.perMinute))));
  }

  /** A request goes out. */
  take(now: number, isHistory = false): void {
    this.#sent.add(now);
    if (this.perMinute === UNLIMITED) return;
    this.#tokens -= 1;
    if (isHistory) this.#historyTokens -= 1;
  }

  /** A request sent at `sentAt` was served. */
  answer(now: number, sentAt: number): void {
    this.#learn({ kind: 'answered', sentAt }, now);
  }

  /** A request sent at `sentAt` was answered 429, with the wait that the API asks for. True when that halved the rate. */
  refuse(now: number, sentAt: number, hintMs: number | null): boolean {
    const { halvedAt, blockedUntil } = this.#learned;
    this.#learn({ kind: 'refused', sentAt, hintMs, lastMinute: this.#sent.count(now) }, now);
    const isHalved = this.#learned.halvedAt !== halvedAt;
    if (isHalved) this.#restFrom(now, 0);
    // The API will take a request again: one, the others follow at the rate.
    if (this.#learned.blockedUntil !== blockedUntil) this.#restFrom(this.#learned.blockedUntil, 1);
    return isHalved;
  }

  #restFrom(at: number, tokens: number): void {
    this.#tokens = tokens;
    this.#historyTokens = Math.min(tokens, this.#historyTokens);
    this.#refilledAt = at;
  }

  /** What has been refilled until now was so at the rate until now. */
  #learn(event: RateEvent, now: number): void {
    const before = this.perMinute;
    const next = learn(this.#learned, event, now);
    if (next.perMinute !== before) this.#refill(now);
    this.#learned = next;
  }

  #refill(now: number): void {
    const rate = this.perMinute;
    const refill = rate === UNLIMITED ? 0 : Math.max(0, now - this.#refilledAt) * refillPerMs(rate);
    this.#tokens = Math.min(burstOf(rate), this.#tokens + refill);
    const histories = this.#historyTokens + this.#historyShare * refill;
    this.#historyTokens = Math.min(historyBurstOf(rate, this.#historyShare), histories);
    this.#refilledAt = Math.max(now, this.#refilledAt);
  }
}

/** Counts what happened in the last 60 seconds, to the second. */
class LastMinute {
  #counts = new Uint32Array(60);
  #seconds = new Float64Array(60).fill(-1);

  add(now: number): void {
    const second = Math.floor(now / 1000);
    const slot = slotOf(second);
    if (this.#seconds[slot] !== second) {
      this.#seconds[slot] = second;
      this.#counts[slot] = 0;
    }
    this.#counts[slot] = (this.#counts[slot] as number) + 1;
  }

  count(now: number): number {
    const oldest = Math.floor(now / 1000) - 59;
    return this.#counts.reduce((sum, n, slot) => ((this.#seconds[slot] as number) >= oldest ? sum + n : sum), 0);
  }
}

function slotOf(second: number): number {
  return ((second % 60) + 60) % 60;
}
