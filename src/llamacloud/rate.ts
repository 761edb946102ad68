/**
 * How many requests an account may send: a token bucket whose rate learns from the answers. Pure: times come in as milliseconds
 * of a clock that never steps back. Rates are requests per minute.
 */

const MINUTE_MS = 60_000;
/** Pacing is this much slower than the limit, so that jitter on the way does not squeeze one request too many into a minute. */
const MARGIN = 0.98;
const LARGEST_BURST = 10;
/** The learned rate falls no lower. */
const LOWEST_RATE = 1;
/** An unlimited account starts from at least this after its first 429: half of the smallest limit that LlamaCloud publishes. */
const LOWEST_START = 10;

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

/**
 * The rate after one more minute without a 429. `refused` is the rate at which the last 429 came: up to 80 % of it in steps of a
 * tenth, past it in fortieths; 20 % above it the 429 is history, and the rate doubles until it counts as unlimited.
 */
export function raised(rate: number, refused: number, configured: number): number {
  const next = rate < 0.8 * refused ? rate + refused / 10 : rate < 1.2 * refused ? rate + refused / 40 : rate * 2;
  return next >= configured || next > 10 * refused ? configured : next;
}

/** Histories that may go at once: their share of the burst. */
function historyBurstOf(rate: number, share: number): number {
  return Math.max(1, Math.floor(burstOf(rate) * share));
}

const UNLIMITED = Number.POSITIVE_INFINITY;

/** Starts without any limit; `configure` sets one. */
export class Rate {
  #configured = UNLIMITED;
  #rate = UNLIMITED;
  #historyShare = 1;
  #refusedRate = UNLIMITED;
  /** When the rate was halved last; requests sent before it say nothing about the new rate. */
  #halvedAt = Number.NEGATIVE_INFINITY;
  #quietSince = 0;
  #blockedUntil = Number.NEGATIVE_INFINITY;
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
    this.#advance(now);
    const isLearned = this.#rate < this.#configured;
    const wasUnlimited = this.#rate === UNLIMITED;
    this.#configured = requestsPerMinute === 0 ? UNLIMITED : requestsPerMinute;
    this.#historyShare = historyShare;
    this.#rate = isLearned ? Math.min(this.#rate, this.#configured) : this.#configured;
    if (!wasUnlimited) return this.#refill(now);
    // Without a limit nothing was booked: what the last minute sent is.
    this.#tokens = Math.max(0, burstOf(this.#rate) - this.#sent.count(now));
    this.#historyTokens = Math.min(this.#tokens, historyBurstOf(this.#rate, historyShare));
  }

  /** Requests per minute that are allowed now; Infinity: unlimited. */
  get perMinute(): number {
    return this.#rate;
  }

  /** Milliseconds until a request may go; 0: at once. */
  readyIn(now: number): number {
    this.#advance(now);
    if (now < this.#blockedUntil) return this.#blockedUntil - now;
    if (this.#rate === UNLIMITED || this.#tokens >= 1) return 0;
    return Math.max(1, Math.ceil((1 - this.#tokens) / refillPerMs(this.#rate)));
  }

  /** The same for a history, which may use up no more than its share. */
  historyReadyIn(now: number): number {
    const wait = this.readyIn(now);
    if (wait > 0 || this.#rate === UNLIMITED || this.#historyTokens >= 1) return wait;
    return Math.max(1, Math.ceil((1 - this.#historyTokens) / (this.#historyShare * refillPerMs(this.#rate))));
  }

  /** A request goes out. */
  take(now: number, isHistory = false): void {
    this.#sent.add(now);
    if (this.#rate === UNLIMITED) return;
    this.#tokens -= 1;
    if (isHistory) this.#historyTokens -= 1;
  }

  /** A request sent at `sentAt` was answered 429, with the wait that the API asks for. True when that halved the rate. */
  refuse(now: number, sentAt: number, hintMs: number | null): boolean {
    this.#advance(now);
    const isNews = sentAt >= this.#halvedAt;
    if (isNews) this.#halve(now);
    if (hintMs !== null && hintMs > 0) this.#block(now + hintMs);
    return isNews;
  }

  #halve(now: number): void {
    const isUnlimited = this.#rate === UNLIMITED;
    this.#refusedRate = isUnlimited ? Math.max(this.#sent.count(now), 2 * LOWEST_START) : this.#rate;
    this.#rate = Math.min(this.#rate, Math.max(LOWEST_RATE, this.#refusedRate / 2));
    this.#halvedAt = now;
    this.#quietSince = now;
    this.#tokens = 0;
    this.#historyTokens = 0;
    this.#refilledAt = now;
  }

  /** The API will take a request again at `until`: one, the others follow at the rate. */
  #block(until: number): void {
    if (until <= this.#blockedUntil) return;
    this.#blockedUntil = until;
    this.#quietSince = until;
    this.#tokens = 1;
    this.#historyTokens = Math.min(1, this.#historyTokens);
    this.#refilledAt = until;
  }

  #advance(now: number): void {
    while (this.#rate < this.#configured && now - this.#quietSince >= MINUTE_MS) {
      this.#refill(this.#quietSince + MINUTE_MS);
      this.#quietSince += MINUTE_MS;
      this.#rate = raised(this.#rate, this.#refusedRate, this.#configured);
    }
    this.#refill(now);
  }

  #refill(now: number): void {
    const refill = this.#rate === UNLIMITED ? 0 : Math.max(0, now - this.#refilledAt) * refillPerMs(this.#rate);
    this.#tokens = Math.min(burstOf(this.#rate), this.#tokens + refill);
    const histories = this.#historyTokens + this.#historyShare * refill;
    this.#historyTokens = Math.min(historyBurstOf(this.#rate, this.#historyShare), histories);
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
