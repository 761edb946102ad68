/**
 * Decides how a 429 lowers an account's rate, and what raises it again: a pure function of what was known, what happened and when. Times
 * are milliseconds of a clock that never steps back, rates are requests per minute, Infinity is unlimited.
 */

const MINUTE_MS = 60_000;
/** The learned rate falls no lower. */
const LOWEST_RATE = 1;
/** An unlimited account starts from at least this after its first 429: half of the smallest limit that LlamaCloud publishes. */
const LOWEST_START = 10;
/** A 429 after so long without one may have other causes than our rate: the rate is then raised quickly. */
const CALM_MS = 600_000;
/** But where they still come so long after the first of them, there is a limit. */
const STORM_MS = 60_000;
/** So much above the good rate the last 429 is history. */
const PAST = 1.2;
/** Least time between two quick raises. */
const QUICK_MS = 2000;

export type LearnedRate = {
  /** Our own limit. */
  readonly configured: number;
  readonly perMinute: number;
  /** The last rate that was known to be good. */
  readonly good: number;
  /** When the rate was halved last. */
  readonly halvedAt: number;
  /** When the first 429 after a calm came. */
  readonly stormAt: number;
  /** Whether a request sent after that was served, or a quiet minute passed: until then all refusals are one episode. */
  readonly isAnswered: boolean;
  /** Whether answers raise the rate, up to a fifth above the good one; otherwise quiet minutes do. */
  readonly isQuick: boolean;
  readonly refusedAt: number;
  /** When the present quiet minute began, or the last raise was. */
  readonly quietSince: number;
  /** Until when the API asked to wait. */
  readonly blockedUntil: number;
};

export type RateEvent =
  /** `limit`: Infinity for none. */
  | { readonly kind: 'configured'; readonly limit: number }
  /** A request sent at `sentAt` was served. */
  | { readonly kind: 'answered'; readonly sentAt: number }
  /** It was refused (429). `hintMs`: the wait that the API asks for; `lastMinute`: requests sent within the last 60 seconds. */
  | {
      readonly kind: 'refused';
      readonly sentAt: number;
      readonly hintMs: number | null;
      readonly lastMinute: number;
    }
  /** Time has passed. */
  | { readonly kind: 'passed' };

export const NOTHING_LEARNED: LearnedRate = {
  configured: Number.POSITIVE_INFINITY,
  perMinute: Number.POSITIVE_INFINITY,
  good: Number.POSITIVE_INFINITY,
  halvedAt: Number.NEGATIVE_INFINITY,
  stormAt: Number.NEGATIVE_INFINITY,
  isAnswered: true,
  isQuick: false,
  refusedAt: Number.NEGATIVE_INFINITY,
  quietSince: 0,
  blockedUntil: Number.NEGATIVE_INFINITY,
};

/** What is known after `event` at `now`; the same object where that changes nothing. */
export function learn(before: LearnedRate, event: RateEvent, now: number): LearnedRate {
  const state = afterQuietMinutes(before, now);
  if (event.kind === 'configured') return configure(state, event.limit);
  if (event.kind === 'answered') return answered(state, event.sentAt, now);
  if (event.kind === 'refused') return refused(state, event, now);
  return state;
}

/**
 * The rate after one more raise. It doubles up to half of the good rate, up to 80 % of it rises in steps of a tenth, past that in
 * fortieths; 20 % above it the last 429 is history, and the rate doubles until it counts as unlimited.
 */
export function raised(rate: number, good: number, configured: number): number {
  const next = stepFrom(rate, good);
  return next >= configured || next > 10 * good ? configured : next;
}

function stepFrom(rate: number, good: number): number {
  if (rate < good / 2) return Math.min(2 * rate, good / 2);
  if (rate < 0.8 * good) return rate + good / 10;
  return rate < PAST * good ? rate + good / 40 : 2 * rate;
}

function raise(state: LearnedRate, at: number): LearnedRate {
  return { ...state, perMinute: raised(state.perMinute, state.good, state.configured), quietSince: at };
}

function afterQuietMinutes(before: LearnedRate, now: number): LearnedRate {
  let state = before;
  while (state.perMinute < state.configured && now - state.quietSince >= MINUTE_MS) {
    state = raise({ ...state, isAnswered: true }, state.quietSince + MINUTE_MS);
  }
  return state;
}

function configure(state: LearnedRate, configured: number): LearnedRate {
  const isLearned = state.perMinute < state.configured;
  return { ...state, configured, perMinute: isLearned ? Math.min(state.perMinute, configured) : configured };
}

function answered(state: LearnedRate, sentAt: number, now: number): LearnedRate {
  if (sentAt < state.halvedAt) return state;
  const seen = state.isAnswered ? state : { ...state, isAnswered: true };
  const isRaised = seen.isQuick && seen.perMinute < Math.min(PAST * seen.good, seen.configured);
  return isRaised && now - seen.quietSince >= QUICK_MS ? raise(seen, now) : seen;
}

type Refusal = Extract<RateEvent, { kind: 'refused' }>;

/** Refusals of one episode, and of requests that were sent before it, say nothing about the new rate. */
function refused(before: LearnedRate, refusal: Refusal, now: number): LearnedRate {
  const isNews = refusal.sentAt >= before.halvedAt && before.isAnswered;
  const state = isNews ? halved(before, refusal.lastMinute, now) : before;
  const asked = refusal.hintMs !== null && refusal.hintMs > 0 ? now + refusal.hintMs : now;
  return {
    ...state,
    refusedAt: now,
    quietSince: Math.max(state.quietSince, asked),
    blockedUntil: asked > now ? Math.max(state.blockedUntil, asked) : state.blockedUntil,
  };
}

function halved(state: LearnedRate, lastMinute: number, now: number): LearnedRate {
  const rate = Number.isFinite(state.perMinute) ? state.perMinute : Math.max(lastMinute, 2 * LOWEST_START);
  const isFirst = now - state.refusedAt >= CALM_MS;
  const stormAt = isFirst ? now : state.stormAt;
  const isQuick = now - stormAt < STORM_MS;
  const good = isQuick && !isFirst ? state.good : rate;
  const perMinute = Math.min(state.perMinute, Math.max(LOWEST_RATE, rate / 2));
  return { ...state, perMinute, good, halvedAt: now, stormAt, isQuick, isAnswered: false };
}
