/** The families of the project part that are not about one project, as pure functions of the facts. */
import { EXPORTER, MEMBERS, type Metric, MONEY } from '../catalog.ts';
import type { Scale } from '../families/decimal.ts';
import { byPeriod } from '../families/money.ts';
import { labelled, type Sample, single } from '../families/sample.ts';
import type { AccountFacts, Facts } from './facts.ts';

/** No samples: the series are absent. */
export type CommonFamily = { readonly metric: Metric; readonly samples: (facts: Facts) => readonly Sample[] };

const scalar = (metric: Metric, value: (facts: Facts) => number | null, scale: Scale = 0): CommonFamily => ({
  metric,
  samples: (facts) => {
    const found = value(facts);
    return found === null ? [] : [single(found, scale)];
  },
});

/** A series for each account of which the value is known. */
const byAccount = (
  metric: Metric,
  value: (account: AccountFacts) => number | null,
  scale: Scale = 0,
): CommonFamily => ({
  metric,
  samples: ({ accounts }) =>
    accounts.flatMap((account) => {
      const found = value(account);
      return found === null ? [] : [{ ...labelled(found, account.name), scale }];
    }),
});

const pollInterval: CommonFamily = {
  metric: EXPORTER.pollInterval,
  samples: ({ intervals }) =>
    intervals === null ? [] : [labelled(intervals.headSeconds, 'head'), labelled(intervals.fullSeconds, 'full')],
};

const stateSessions: CommonFamily = {
  metric: EXPORTER.stateSessions,
  samples: ({ sessions }) =>
    sessions === null ? [] : [labelled(sessions.live, 'live'), labelled(sessions.deleted, 'deleted')],
};

const totalBudget: CommonFamily = {
  metric: MONEY.totalBudget,
  samples: ({ totalBudget: budget }) => byPeriod(budget).map(([period, usd]) => labelled(usd, period)),
};

const upOf = ({ up }: AccountFacts): number | null => (up === null ? null : Number(up));

/** In the order of the exposition. */
export const COMMON_FAMILIES: readonly CommonFamily[] = [
  totalBudget,
  pollInterval,
  byAccount(EXPORTER.discoveryUp, upOf),
  byAccount(EXPORTER.discoveryLastSuccess, ({ lastSuccess }) => lastSuccess, 6),
  byAccount(EXPORTER.projects, ({ projects }) => projects),
  stateSessions,
  scalar(EXPORTER.stateSize, ({ bytes }) => bytes),
  scalar(EXPORTER.stateCreated, ({ createdAt }) => createdAt, 6),
];

/** The same where several processes share the state. */
export const SHARED_FAMILIES: readonly CommonFamily[] = [
  ...COMMON_FAMILIES,
  scalar(MEMBERS.unowned, ({ unowned }) => unowned),
];
