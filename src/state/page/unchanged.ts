/** Finds the sessions of a page that are recorded exactly as shown, so that the page needs no further work for them. */
import type { Session } from '../../domain/session.ts';
import { NEEDS_ROW } from '../../domain/store.ts';
import { outcomeOf, type ShownColumns } from '../format/codec.ts';
import { numberOf } from '../format/session-key.ts';
import type { Found } from './range-guess.ts';

/** Numbers at the places of the sessions; of those found, which came first and last in the list, and the extent. */
export type Unchanged = Found & {
  readonly numbers: readonly number[];
  readonly first: number | null;
  readonly last: number | null;
};

/** Matches sessions with the rows of a range that have nothing pending (no stale reading, not missing, no tombstone); both in the order of the list need no search. */
export function unchangedAmong(sessions: readonly Session[], rows: readonly ShownColumns[]): Unchanged {
  const find = finder(rows);
  const numbers = sessions.map((session) => {
    const row = find(session.id);
    return row !== undefined && shows(row, session) ? numberOf(row[0]) : NEEDS_ROW;
  });
  let [lowest, highest, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  let [first, last]: [number | null, number | null] = [null, null];
  for (const no of numbers) {
    if (no === NEEDS_ROW) continue;
    first ??= no;
    last = no;
    count++;
    if (no < lowest) lowest = no;
    if (no > highest) highest = no;
  }
  return { numbers, first, last, lowest, highest, count };
}

function shows(row: ShownColumns, { updatedAt, run }: Session): boolean {
  if (row[2] !== updatedAt) return false;
  if (run === null) return row[3] === null;
  const f = run.figures;
  return (
    row[3] === outcomeOf(f) &&
    row[4] === f.durationUs &&
    row[5] === f.inputTokens &&
    row[6] === f.outputTokens &&
    row[7] === f.turns &&
    row[8] === f.errorHash
  );
}

/** Looks first at the row after the one that was found last. */
function finder(rows: readonly ShownColumns[]): (id: string) => ShownColumns | undefined {
  let next = 0;
  let places: Map<string, number> | null = null;
  return (id) => {
    if (rows[next]?.[1] === id) return rows[next++];
    places ??= new Map(rows.map((row, place) => [row[1], place]));
    const place = places.get(id);
    if (place === undefined) return undefined;
    next = place + 1;
    return rows[place];
  };
}
