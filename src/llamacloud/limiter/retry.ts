/** Retrying: data plus one loop. The policy is that of the official SDK, but that a 429 is repeated for longer. */
import type { ExporterError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/time.ts';

const RETRY_POLICY = {
  /** Beside all from 500 on, and attempts that got no answer. */
  statuses: new Set([408, 409, 429]),
  firstDelayMs: 500,
  maxDelayMs: 8000,
  /** Part of a delay that is left to chance: 0.25 means 75 % to 100 % of it. */
  jitter: 0.25,
  /** Failures that are repeated. */
  failures: 4,
  /** Answers 429 in all, after which the request is given up. */
  refusals: 10,
} as const;

export function isRetriedStatus(status: number): boolean {
  return RETRY_POLICY.statuses.has(status) || status >= 500;
}

/** A failed attempt. `refusal`: a 429; `failure`: anything else that is worth another attempt; `final`: the rest. */
export type Failure = {
  readonly error: ExporterError;
  readonly kind: 'final' | 'failure' | 'refusal';
  /** Milliseconds that the API asks us to wait; null: it does not say. */
  readonly hintMs: number | null;
};

export type Attempt<T> = { readonly value: T } | { readonly failure: Failure };

/** Milliseconds before the retry number `retry` (from 1): doubling, with jitter; `chance` is from [0, 1). */
export function backoffMs(retry: number, chance: number): number {
  const { firstDelayMs, maxDelayMs, jitter } = RETRY_POLICY;
  return Math.min(maxDelayMs, firstDelayMs * 2 ** (retry - 1)) * (1 - jitter * chance);
}

export type RetryDeps = {
  readonly clock: Clock;
  /** From [0, 1). */
  readonly chance: () => number;
  readonly onRetry: (error: ExporterError, delayMs: number) => void;
};

/** Repeats `attempt` until it has a value; rejects with its last error, or with the signal's reason. A hint never shortens a wait. */
export async function withRetries<T>(
  attempt: () => Promise<Attempt<T>>,
  signal: AbortSignal,
  deps: RetryDeps,
): Promise<T> {
  let failures = 0;
  let refusals = 0;
  for (;;) {
    const result = await attempt();
    if ('value' in result) return result.value;
    const { error, kind, hintMs } = result.failure;
    if (kind === 'refusal') refusals += 1;
    else failures += 1;
    const isLast = kind === 'final' || failures > RETRY_POLICY.failures || refusals >= RETRY_POLICY.refusals;
    if (isLast) throw error;
    const delayMs = Math.max(hintMs ?? 0, backoffMs(failures + refusals, deps.chance()));
    deps.onRetry(error, delayMs);
    await deps.clock.sleep(delayMs, signal);
  }
}
