/** Views as the poller publishes them. */

import { NOTHING_SPENT } from '../../src/domain/spending.ts';
import type { Histogram } from '../../src/domain/totals.ts';
import type { ProjectView } from '../../src/domain/view.ts';

const HISTOGRAM: Histogram = { bounds: [1], counts: [0, 0], sum: 0, exemplars: [null, null] };
const NEVER = { success: 0, failure: 0, skipped: 0 } as const;

type Totals = ProjectView['totals'];

/** A project that was swept once, with what a test changes. */
export function viewFixture(
  id: string,
  change: {
    readonly account?: string;
    readonly sweeps?: number;
    readonly counters?: Partial<Totals['counters']>;
    readonly gauges?: Partial<Totals['gauges']>;
    readonly verification?: Partial<Totals['verification']>;
    readonly seenUpTo?: number;
    readonly oldestUnverified?: number;
    readonly polls?: Partial<ProjectView['polls']>;
  } = {},
): ProjectView {
  return {
    project: {
      id,
      name: `name of ${id}`,
      organizationId: 'o',
      isDefault: false,
      createdAt: null,
      account: change.account ?? 'default',
    },
    totals: {
      counters: {
        runs: 0,
        hiddenRuns: 0,
        errors: { timeout: 0, other: 0 },
        errorExemplars: {},
        withoutUsage: 0,
        inputTokens: 0,
        outputTokens: 0,
        turns: 0,
        costNanoUsd: null,
        touches: 0,
        duration: HISTOGRAM,
        inputTokensPerRun: HISTOGRAM,
        outputTokensPerRun: HISTOGRAM,
        turnsPerRun: HISTOGRAM,
        ...change.counters,
      },
      gauges: {
        ok: 0,
        error: 0,
        neverRun: 0,
        inputTokens: 0,
        outputTokens: 0,
        turns: 0,
        durationUs: 0,
        durationCount: 0,
        longest: null,
        newest: null,
        ...change.gauges,
      },
      verification: {
        unverified: 0,
        givenUp: 0,
        unreconciled: 0,
        histories: { verified: 0, behind: 0, failed: 0, given_up: 0 },
        ...change.verification,
      },
      spending: NOTHING_SPENT,
      sweeps: change.sweeps ?? 1,
      wholeSweeps: change.sweeps ?? 1,
      nextNo: 0,
      tombstones: 0,
      indexedFrom: null,
    },
    polls: {
      up: true,
      lastSuccess: null,
      lastFullSweep: null,
      headPolling: false,
      gapSeconds: null,
      lastDuration: { head: null, full: null },
      polls: { head: NEVER, full: NEVER },
      failures: {
        unauthorized: 0,
        forbidden: 0,
        not_found: 0,
        rejected: 0,
        rate_limited: 0,
        timeout: 0,
        connection: 0,
        server_error: 0,
        malformed: 0,
        pagination: 0,
        state: 0,
      },
      sweepProgress: 1,
      invalid: { not_an_object: 0, session_id: 0, last_updated_at: 0, future: 0, job_metadata: 0 },
      staleReads: 0,
      headPollMisses: 0,
      ...change.polls,
    },
    seenUpTo: change.seenUpTo ?? change.polls?.lastSuccess ?? null,
    oldestUnverified: change.oldestUnverified ?? null,
    activity: null,
    indexes: null,
    spent: { dayNanoUsd: 0, dayUntil: 0, monthNanoUsd: 0, monthUntil: 0 },
    freshUntil: null,
  };
}
