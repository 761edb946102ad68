/** The row of a session after it was shown. Pure. */
import type { Row } from '../domain/row.ts';
import type { Rules } from '../domain/rules.ts';
import { type Figures, fingerprint, type Session } from '../domain/session.ts';
import type { Stop } from '../domain/source.ts';
import { type Finding, previousAfter } from './detect.ts';
import type { Entry } from './entry.ts';

/** True for the common case, in which nothing is to be written: an unchanged session whose row has nothing pending. */
export function isSettled(row: Row, finding: Finding, session: Session, rules: Rules): boolean {
  return (
    finding === 'unchanged' &&
    row.missingSince === null &&
    row.deletedAt === null &&
    row.stale === null &&
    (!rules.indexes || sameIndexes(row.indexIds, session.indexIds))
  );
}

/** The row of a session that is new. */
export function firstRow({ session, stops }: Entry, no: number, rules: Rules): Row {
  return {
    no,
    id: session.id,
    updatedAt: session.updatedAt,
    figures: session.run === null ? null : copied(session.run.figures),
    previous: null,
    stale: null,
    missingSince: null,
    deletedAt: null,
    stops: stops ? stops.length : null,
    lastStop: stops ? newest(stops) : null,
    indexIds: rules.indexes ? [...session.indexIds].toSorted() : null,
  };
}

/** The row of a session that exists after all: neither missing nor deleted. The same row when it was neither. */
export function revived(row: Row): Row {
  return row.missingSince === null && row.deletedAt === null ? row : { ...row, missingSince: null, deletedAt: null };
}

/** The row after the session was shown again. */
export function recorded(before: Row, { finding, session, stops }: Entry, rules: Rules): Row {
  const replaces = finding === 'run' || finding === 'completed';
  return {
    ...revived(before),
    updatedAt: session.updatedAt,
    figures: session.run === null ? before.figures : copied(session.run.figures),
    previous: replaces ? previousAfter(before, finding) : before.previous,
    stale: null,
    ...reachedStops(before, finding, stops),
    indexIds: rules.indexes ? [...session.indexIds].toSorted() : before.indexIds,
  };
}

/** What a page brings must die with it, or V8 comes to allocate all figures of all pages in the old generation. */
function copied(figures: Figures): Figures {
  return { ...figures };
}

/** Where the history was read up to. A run that was counted from the list loses the place: it is searched by its figures next time. */
function reachedStops(before: Row, finding: Finding, stops: Entry['stops']): Pick<Row, 'stops' | 'lastStop'> {
  if (stops) return { stops: stops.length, lastStop: newest(stops) };
  const believed = finding === 'run' || finding === 'completed';
  return believed ? { stops: null, lastStop: null } : { stops: before.stops, lastStop: before.lastStop };
}

function newest(stops: readonly Stop[]): string | null {
  const last = stops.at(-1);
  return last === undefined ? null : fingerprint(last.figures);
}

function sameIndexes(recordedIds: readonly string[] | null, shown: readonly string[]): boolean {
  if (recordedIds === null || recordedIds.length !== shown.length) return false;
  const sorted = [...shown].toSorted();
  return recordedIds.every((id, i) => id === sorted[i]);
}
