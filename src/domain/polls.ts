/** How polling of one project goes: immutable values, the source of the `llamacloud_exporter_*` series with project labels. */
import { POLL_ERROR_CODES, type PollErrorCode } from './errors.ts';
import type { Micros } from './time.ts';

export const POLL_KINDS = ['head', 'full'] as const;
export type PollKind = (typeof POLL_KINDS)[number];

export const POLL_OUTCOMES = ['success', 'failure', 'skipped'] as const;
export type PollOutcome = (typeof POLL_OUTCOMES)[number];

/** How an attempt to read a history ended: settled, older than the list, not to be had, not to be had for a day. Values of the label `outcome`. */
export const HISTORY_OUTCOMES = ['verified', 'behind', 'failed', 'given_up'] as const;
export type HistoryOutcome = (typeof HISTORY_OUTCOMES)[number];

/** Why an item of a page was dropped; values of the label `reason`. */
export const INVALID_REASONS = ['not_an_object', 'session_id', 'last_updated_at', 'future', 'job_metadata'] as const;
export type InvalidReason = (typeof INVALID_REASONS)[number];

/** Durable: they continue after a restart, but for what the last second before a crash added. */
export type PollStats = {
  /** Whether the last poll succeeded; null until a poll of this process has ended. */
  readonly up: boolean | null;
  /** Server time at the end of the last successful poll, restored from the state. */
  readonly lastSuccess: Micros | null;
  readonly lastFullSweep: Micros | null;
  readonly headPolling: boolean;
  /** Seconds between the last two successful polls. */
  readonly gapSeconds: number | null;
  /** Seconds that the last poll of each kind took. */
  readonly lastDuration: Readonly<Record<PollKind, number | null>>;
  readonly polls: Readonly<Record<PollKind, Readonly<Record<PollOutcome, number>>>>;
  readonly failures: Readonly<Record<PollErrorCode, number>>;
  /** 0 to 1; 1 at rest. */
  readonly sweepProgress: number;
  readonly invalid: Readonly<Record<InvalidReason, number>>;
  readonly staleReads: number;
  readonly headPollMisses: number;
};

/** Sessions updated within the window that ends at server time of the last successful poll. */
export type Activity = { readonly m5: number; readonly h1: number; readonly h24: number };

/** Sessions bound to each index, largest first, at most `max_indexes` of them and the rest under `other`. */
export type IndexCounts = readonly (readonly [indexId: string, sessions: number])[];

/** Statistics of a project that nobody has polled yet; what is known of earlier polls comes from its cursors. */
export function zeroStats({ lastSuccess, lastFullSweep }: Pick<PollStats, 'lastSuccess' | 'lastFullSweep'>): PollStats {
  return {
    up: null,
    lastSuccess,
    lastFullSweep,
    headPolling: false,
    gapSeconds: null,
    lastDuration: { head: null, full: null },
    polls: { head: { success: 0, failure: 0, skipped: 0 }, full: { success: 0, failure: 0, skipped: 0 } },
    failures: zeros(POLL_ERROR_CODES),
    sweepProgress: 1,
    invalid: zeros(INVALID_REASONS),
    staleReads: 0,
    headPollMisses: 0,
  };
}

function zeros<K extends string>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
}
