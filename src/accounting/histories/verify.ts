/** Handles the answer to a request for a history: settles the session's account, or schedules another try (docs/accounting.md, H3, H5, H6). */
import type { HistoryOutcome } from '../../domain/polls.ts';
import type { Row } from '../../domain/row.ts';
import { type Run, sameRun } from '../../domain/session.ts';
import type { History } from '../../domain/source.ts';
import type { Micros } from '../../domain/time.ts';
import type { AccountingContext } from '../context.ts';
import type { Ledger } from '../ledger.ts';
import { compare } from '../list/compare.ts';
import { changedRow } from '../list/shown.ts';
import { settle } from './settlement.ts';
import { afterFailure, isTriedLongEnough } from './unverified.ts';

/** Settles the row of the history's session, or finds the history behind. The outcome as it is counted. */
export function verify(
  ledger: Ledger,
  row: Row,
  history: History,
  context: AccountingContext,
  now: Micros,
): HistoryOutcome {
  if (isBehind(row, history, now)) return retryLater(ledger, row, 'behind', now, false);
  const { session } = history;
  const finding = compare(row, session, context, now, 'history');
  const isNews = finding !== 'unchanged' && finding !== 'stale';
  const shown = isNews ? changedRow(ledger, row, finding, { session, serverTime: now, knownAt: now, context }) : row;
  const { row: settled, isExact } = settle(ledger, shown, history, context);
  if (!isExact) ledger.noteUnreconciled();
  ledger.write(settled, now);
  ledger.noteHistory('verified');
  return 'verified';
}

/** The history could not be had, or is older than the list: it is tried again later, or given up. The outcome as it is counted. */
export function retryLater(
  ledger: Ledger,
  row: Row,
  why: 'behind' | 'failed',
  now: Micros,
  gone: boolean,
): HistoryOutcome {
  const unverified = afterFailure(row.history, now, gone);
  const outcome = unverified === null ? 'given_up' : why;
  if (unverified === null) ledger.noteUnreconciled();
  const givenUp = row.history.givenUp || unverified === null;
  ledger.write({ ...row, history: { ...row.history, unverified, givenUp } }, now);
  ledger.noteHistory(outcome);
  return outcome;
}

/** True where the answer is older than what is known, or its halves are not of one moment. */
function isBehind(row: Row, { session, stops }: History, now: Micros): boolean {
  if (session.updatedAt < row.updatedAt) return true;
  const newest = stops.at(-1);
  if (session.run !== null && (newest === undefined || !sameRun(session.run.figures, newest.figures))) return true;
  if (isTriedLongEnough(row.history, now)) return false;
  const lengthBefore = row.history.stop === null ? 0 : row.history.stop.index + 1;
  return stops.length < lengthBefore || lacksRecorded(row, stops);
}

/** The row took the time of a stale read, so a history as old as that read is not told by its time: it lacks the recorded run. */
function lacksRecorded({ stale, figures }: Row, stops: readonly Run[]): boolean {
  if (stale?.followed !== true || figures === null) return false;
  return !stops.some((stop) => sameRun(stop.figures, figures));
}
