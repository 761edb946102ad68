/** `every_run` accounting: which runs of an event history are new (design.md, rule 8). Pure. */
import type { Row } from '../domain/row.ts';
import { fingerprint, type Session } from '../domain/session.ts';
import type { Stop } from '../domain/source.ts';
import { DAY } from '../domain/time.ts';
import { type Finding, type Horizon, isRecent } from './detect.ts';

/** The new runs of a history, and whether the recorded one was not found exactly once. */
export type Reconciled = { readonly runs: readonly Stop[]; readonly unreconciled: boolean };

/** True when the session's history has to be read before its page is committed. */
export function wantsHistory(finding: Finding, session: Session, horizon: Horizon): boolean {
  if (finding === 'baseline' || finding === 'first')
    return isRecent(session, horizon) || mayBeRunning(session, horizon);
  return finding !== 'unchanged' && finding !== 'stale';
}

/** First seen without a finished run, yet busy within the day before the epoch: runs from before it must be known, or they count later. */
function mayBeRunning(session: Session, { epoch }: Horizon): boolean {
  return session.run === null && session.updatedAt >= epoch - DAY;
}

/** Instants that decide about a first-seen session, and the complete sweeps of its project so far. */
export type Then = Horizon & { readonly sweeps: number };

/** The stops that count for a session. */
export function reconcile(
  row: Row | undefined,
  finding: Finding,
  session: Session,
  stops: readonly Stop[],
  then: Then,
): Reconciled {
  if (row === undefined) return { runs: firstStops(session, stops, then), unreconciled: false };
  const completed = finding === 'completed' && session.run !== null ? fingerprint(session.run.figures) : null;
  if (endedBeforeItsHistory(row, session, stops)) return { runs: newestOf(stops), unreconciled: false };
  if (row.stops !== null)
    return continueAt(completesLastStop(row, finding) ? completed : row.lastStop, row.stops, stops);
  if (row.figures === null) return { runs: stops, unreconciled: false };
  return searchFor(completed ?? fingerprint(row.figures), stops);
}

/** Before the first complete sweep only the newest run counts, since the older ones may be older than the epoch, and so are all of an older session. */
function firstStops(session: Session, stops: readonly Stop[], then: Then): readonly Stop[] {
  if (!isRecent(session, then)) return [];
  if (then.sweeps > 0) return stops;
  return session.run === null ? [] : newestOf(stops);
}

/**
 * True when the history is older than the list, as a lagging replica's is: the run that the list shows is not in it, and it has no new
 * run instead, or fewer than were seen before. The list has to be believed then, as if there were no history.
 */
export function lagsBehind(
  row: Row | undefined,
  finding: Finding,
  session: Session,
  stops: readonly Stop[],
  then: Then,
): boolean {
  const prints = stops.map((stop) => fingerprint(stop.figures));
  if (session.run !== null && prints.includes(fingerprint(session.run.figures))) return false;
  if (row !== undefined && stops.length < (row.stops ?? 0)) return !prints.includes(row.lastStop ?? '');
  if (finding === 'first' && then.sweeps === 0) return true;
  return (finding === 'first' || finding === 'run') && reconcile(row, finding, session, stops, then).runs.length === 0;
}

/**
 * The session was first seen with a run in progress, which ended before its history was read: the newest stop was not counted then, as
 * it could have been the run before. Now the list shows that very run, so it was not.
 */
function endedBeforeItsHistory(row: Row, session: Session, stops: readonly Stop[]): boolean {
  const shown = session.run === null ? null : fingerprint(session.run.figures);
  return row.figures === null && row.stops === stops.length && row.lastStop !== null && row.lastStop === shown;
}

/** The incomplete run was the newest of the history too, when that was read: it has been completed there as well. */
export function completesLastStop(row: Row, finding: Finding): boolean {
  return finding === 'completed' && row.figures !== null && row.lastStop === fingerprint(row.figures);
}

/** Stops after the place reached, if the stop at that place is still the one that was seen there. */
function continueAt(lastStop: string | null, reached: number, stops: readonly Stop[]): Reconciled {
  if (reached === 0) return { runs: stops, unreconciled: false };
  const last = stops[reached - 1];
  if (last !== undefined && fingerprint(last.figures) === lastStop)
    return { runs: stops.slice(reached), unreconciled: false };
  return searchFor(lastStop ?? '', stops);
}

/**
 * Stops after the recorded run, found by its figures. Found several times or never, only the newest stop counts, and that not where
 * it has the recorded figures itself: the count stays a lower bound.
 */
function searchFor(recorded: string, stops: readonly Stop[]): Reconciled {
  const prints = stops.map((stop) => fingerprint(stop.figures));
  const at = prints.lastIndexOf(recorded);
  if (at >= 0 && prints.indexOf(recorded) === at) return { runs: stops.slice(at + 1), unreconciled: false };
  return { runs: prints.at(-1) === recorded ? [] : newestOf(stops), unreconciled: true };
}

function newestOf(stops: readonly Stop[]): readonly Stop[] {
  return stops.slice(-1);
}
