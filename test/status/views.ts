/** Views of projects as the poller publishes them, for the tests of the status page. */
import type { ProjectView } from '../../src/domain/view.ts';
import { counters, gauges, polls, project, totals, verification, view } from '../builders/values.ts';

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
  const { account = 'default', sweeps = 1, seenUpTo, oldestUnverified } = change;
  return view({
    project: project({ id, name: `name of ${id}`, organizationId: 'o', account }),
    totals: totals({
      counters: counters({ errors: { timeout: 0, other: 0 }, ...change.counters }),
      gauges: gauges(change.gauges),
      verification: verification(change.verification),
      sweeps,
      wholeSweeps: sweeps,
    }),
    polls: polls({ lastSuccess: null, lastFullSweep: null, ...change.polls }),
    seenUpTo: seenUpTo ?? change.polls?.lastSuccess ?? null,
    oldestUnverified: oldestUnverified ?? null,
    spent: { dayNanoUsd: 0, dayUntil: 0, monthNanoUsd: 0, monthUntil: 0 },
    freshUntil: null,
  });
}
