/** Compares a session in the list with what is recorded: unchanged, touched, a new run, a stale read (docs/accounting.md, L1 to L3). Pure. */
import type { Row } from '../../domain/row.ts';
import { completes, type Figures, type Session, sameFigures, sameRun } from '../../domain/session.ts';
import type { Micros } from '../../domain/time.ts';
import { type AccountingContext, RETENTION } from '../context.ts';
import { hasCredits } from '../histories/credits.ts';
import { latestOf } from './stale.ts';

/**
 * - `baseline`: first seen, and nothing of it counts; `first`: first seen with a run that counts;
 * - `unchanged`; `stale`: other figures at a time that is not newer than the recorded one;
 * - `progress`: newer, but no finished run is shown: what is recorded stays;
 * - `touch`: newer, the same figures; `completed`: the recorded run, with values for some of its nulls;
 * - `old`: another run, from before the epoch; `verified`: the run that the history ended with, so only a later history can tell whether it is a new one;
 * - `run`: a new run.
 */
export type Finding =
  | 'baseline'
  | 'first'
  | 'unchanged'
  | 'stale'
  | 'progress'
  | 'touch'
  | 'completed'
  | 'old'
  | 'verified'
  | 'run';

/** Who shows a session: the list, or the session's own answer that holds its history. */
export type ShownBy = 'list' | 'history';

/** Compares a session with its row (undefined: never seen). `serverTime`: of the answer. */
export function compare(
  row: Row | undefined,
  session: Session,
  context: AccountingContext,
  serverTime: Micros,
  by: ShownBy,
): Finding {
  if (row === undefined) return countsAtFirst(session, context, serverTime) ? 'first' : 'baseline';
  const shown = session.run?.figures ?? null;
  if (session.updatedAt <= latestOf(row)) return compareOlder(row, session.updatedAt, shown);
  return shown === null ? 'progress' : compareNewer(row, session.updatedAt, shown, context.epoch, by);
}

/** It ran at or after the epoch, and no forgotten tombstone can have known it. */
function countsAtFirst(session: Session, { epoch }: AccountingContext, serverTime: Micros): boolean {
  return session.run !== null && session.updatedAt >= epoch && session.updatedAt >= serverTime - RETENTION;
}

function compareOlder(row: Row, updatedAt: Micros, shown: Figures | null): Finding {
  if (shown === null || isRecorded(row, shown)) return 'unchanged';
  if (row.figures !== null && updatedAt === row.updatedAt && completes(row.figures, shown)) return 'completed';
  return isFollowed(row, updatedAt, shown) ? 'unchanged' : 'stale';
}

function compareNewer(row: Row, updatedAt: Micros, shown: Figures, epoch: Micros, by: ShownBy): Finding {
  if (isRecorded(row, shown)) return 'touch';
  if (row.figures !== null) {
    if (completes(row.figures, shown)) return 'completed';
    // The session's own answer may round and word its figures as histories do.
    if (by === 'history' && sameRun(row.figures, shown)) return 'touch';
  }
  if (updatedAt < epoch) return 'old';
  const { stop } = row.history;
  return stop !== null && !hasCredits(row) && sameRun(stop.figures, shown) ? 'verified' : 'run';
}

function isRecorded(row: Row, shown: Figures): boolean {
  return row.figures !== null && sameFigures(row.figures, shown);
}

/** The gauges follow this very reading already. */
function isFollowed({ stale }: Row, updatedAt: Micros, shown: Figures): boolean {
  return (
    stale?.followed === true &&
    stale.updatedAt === updatedAt &&
    stale.figures !== null &&
    sameFigures(stale.figures, shown)
  );
}
