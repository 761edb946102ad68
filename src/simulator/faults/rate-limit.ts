/** A rate limit as a token bucket. */
import type { Micros } from '../world/types.ts';
import type { RuleState } from './context.ts';

const MINUTE: Micros = 60_000_000;

/**
 * Takes one token from a bucket that holds `burst` and fills by `per_minute`, by the world's clock.
 * @returns 0 when the request may pass, else the seconds until a token will be there
 */
export function takeToken(state: RuleState, limit: { per_minute: number; burst: number }, now: Micros): number {
  const bucket = state.bucket ?? { tokens: limit.burst, at: now };
  const filled = bucket.tokens + (Math.max(0, now - bucket.at) * limit.per_minute) / MINUTE;
  const tokens = Math.min(limit.burst, filled);
  const passes = tokens >= 1;
  state.bucket = { tokens: passes ? tokens - 1 : tokens, at: now };
  return passes ? 0 : ((1 - tokens) * 60) / limit.per_minute;
}
