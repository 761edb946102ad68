/** The quick look at a page: which of its sessions stand recorded exactly as they are shown. */
import type { Session } from '../domain/session.ts';
import { digestOfSession } from './digest.ts';
import { numberOf } from './hash.ts';
import type { Found } from './neighbours.ts';

/** A row's key, and what it shows as one number; null while something is pending with it. */
export type DigestColumns = readonly [key: number, digest: number | null];

/** In place of a number: not known to be settled. */
export const UNSETTLED = -1;

/** Numbers at the places of the sessions; of those found, which came first and last in the list, and the extent. */
export type Settled = Found & {
  readonly numbers: readonly number[];
  readonly first: number | null;
  readonly last: number | null;
};

/** Matches sessions with the rows of a range; both in the order of the list need no search. */
export function settle(sessions: readonly Session[], rows: readonly DigestColumns[]): Settled {
  const find = finder(rows);
  const numbers = sessions.map((session) => find(digestOfSession(session)));
  let [lowest, highest, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  let [first, last]: [number | null, number | null] = [null, null];
  for (const no of numbers) {
    if (no === UNSETTLED) continue;
    first ??= no;
    last = no;
    count++;
    if (no < lowest) lowest = no;
    if (no > highest) highest = no;
  }
  return { numbers, first, last, lowest, highest, count };
}

/** Looks first at the row after the one that was found last. */
function finder(rows: readonly DigestColumns[]): (digest: number) => number {
  let next = 0;
  let places: Map<number | null, number> | null = null;
  return (digest) => {
    if (rows[next]?.[1] !== digest) {
      places ??= new Map(rows.map(([, has], place) => [has, place]));
      next = places.get(digest) ?? rows.length;
    }
    const row = rows[next];
    if (row === undefined) return UNSETTLED;
    next++;
    return numberOf(row[0]);
  };
}
