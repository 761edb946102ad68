/** Metrics on polling and verification of a project. They outlive staleness, because they show it. */
import { POLL_ERROR_CODES } from '../../domain/errors.ts';
import { HISTORY_OUTCOMES, INVALID_REASONS, POLL_KINDS, POLL_OUTCOMES } from '../../domain/polls.ts';
import { POLLING } from '../catalog.ts';
import { type Family, labelled, scalar, withHistories } from './sample.ts';

const flag = (value: boolean): number => (value ? 1 : 0);

const durations: Family = {
  metric: POLLING.duration,
  samples: ({ polls }) =>
    POLL_KINDS.flatMap((kind) => {
      const seconds = polls.lastDuration[kind];
      return seconds === null ? [] : [labelled(seconds, kind)];
    }),
};

const polls: Family = {
  metric: POLLING.polls,
  samples: (view) =>
    POLL_KINDS.flatMap((kind) =>
      POLL_OUTCOMES.map((outcome) => labelled(view.polls.polls[kind][outcome], kind, outcome)),
    ),
};

const histories: Family = {
  metric: POLLING.histories,
  samples: ({ totals }) => HISTORY_OUTCOMES.map((outcome) => labelled(totals.verification.histories[outcome], outcome)),
};

export const POLLING_FAMILIES: readonly Family[] = [
  scalar(POLLING.up, (view) => (view.polls.up === null ? null : flag(view.polls.up))),
  scalar(POLLING.lastSuccess, (view) => view.polls.lastSuccess, 6),
  scalar(POLLING.lastFullSweep, (view) => view.polls.lastFullSweep, 6),
  scalar(POLLING.headPolling, (view) => flag(view.polls.headPolling)),
  scalar(POLLING.gap, (view) => view.polls.gapSeconds),
  durations,
  polls,
  {
    metric: POLLING.failures,
    samples: (view) => POLL_ERROR_CODES.map((code) => labelled(view.polls.failures[code], code)),
  },
  scalar(POLLING.sweepProgress, (view) => view.polls.sweepProgress),
  {
    metric: POLLING.invalid,
    samples: (view) => INVALID_REASONS.map((reason) => labelled(view.polls.invalid[reason], reason)),
  },
  withHistories(scalar(POLLING.unverified, (view) => view.totals.verification.unverified)),
  withHistories(scalar(POLLING.oldestUnverified, (view) => view.oldestUnverified, 6)),
  withHistories(histories),
  scalar(POLLING.staleReads, (view) => view.polls.staleReads),
  scalar(POLLING.misses, (view) => view.polls.headPollMisses),
  scalar(POLLING.unreconciled, (view) => view.totals.verification.unreconciled),
];
