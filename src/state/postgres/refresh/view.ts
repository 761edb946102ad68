/** What is published of a project, made from the database alone: instants of its clock become instants of ours. Pure. */
import { zeroStats } from '../../../domain/polls.ts';
import { spentAt } from '../../../domain/spending.ts';
import { NO_CURSORS } from '../../../domain/store.ts';
import type { Micros } from '../../../domain/time.ts';
import type { ProjectView } from '../../../domain/view.ts';
import type { KnownProject, Shown } from './project-rows.ts';

/** The two clocks at one moment. */
export type Clocks = { readonly database: Micros; readonly ours: Micros };

const NOTHING_SHOWN: Shown = {
  polls: zeroStats(NO_CURSORS),
  seenUpTo: null,
  oldestUnverified: null,
  activity: null,
  indexes: null,
  freshUntil: null,
};

/** Months, staleness and the lists of sessions go by the clock of the database. */
export function viewOf({ stored, shown }: KnownProject, { database, ours }: Clocks): ProjectView {
  const shift = ours - database;
  const { polls, seenUpTo, oldestUnverified, activity, indexes, freshUntil } = shown ?? NOTHING_SHOWN;
  const zero = NOTHING_SHOWN.polls;
  return {
    project: stored.project,
    totals: stored.totals,
    polls: {
      ...zero,
      ...polls,
      failures: { ...zero.failures, ...polls.failures },
      invalid: { ...zero.invalid, ...polls.invalid },
    },
    seenUpTo,
    oldestUnverified,
    spent: spentAt(stored.totals.spending, database, shift),
    clockAhead: shift,
    activity,
    indexes,
    freshUntil: freshUntil === null ? null : freshUntil + shift,
  };
}

/** What is saved of a view that this member has made: the parts that the totals do not hold. */
export function shownOf(view: ProjectView, { database, ours }: Clocks): Shown {
  const { polls, seenUpTo, oldestUnverified, activity, indexes, freshUntil } = view;
  const onDatabaseClock = freshUntil === null ? null : freshUntil + database - ours;
  return { polls, seenUpTo, oldestUnverified, activity, indexes, freshUntil: onDatabaseClock };
}
