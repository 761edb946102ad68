/** Decides when the history of a session is to be read (docs/accounting.md, H4 and H5). Pure; server time. */
import type { HistoryRecord, Unverified } from '../../domain/row.ts';
import { DAY, HOUR, MINUTE, type Micros, SECOND } from '../../domain/time.ts';

/** A session that never comes to rest is verified after this long all the same. */
const LONGEST_WAIT: Micros = 5 * MINUTE;
const FIRST_RETRY: Micros = 30 * SECOND;
const LONGEST_RETRY: Micros = HOUR;
/** After its newest change a session is tried for this long; where the API says that it does not exist, for less. */
export const TRIED_FOR: Micros = DAY;
const TRIED_FOR_GONE: Micros = 10 * MINUTE;

/** After a change, seen at `now`; `knownAt`: start of the last poll before it. Due once no poll has changed the session for an interval, or once it has waited long enough. */
export function afterChange({ unverified }: HistoryRecord, now: Micros, knownAt: Micros, interval: Micros): Unverified {
  // A time from the future is left over from a clock that was wrong.
  const since = Math.min(unverified?.since ?? now, now);
  const from = Math.min(unverified?.from ?? knownAt, now);
  return {
    from,
    since,
    changedAt: now,
    tries: 0,
    dueAt: Math.min(now + interval, since + Math.max(LONGEST_WAIT, interval)),
  };
}

/** The farthest that a due time lies ahead; one beyond it is left over from a clock that was wrong, or from a longer interval, and has come. */
export function longestWait(interval: Micros): Micros {
  return Math.max(LONGEST_RETRY, interval);
}

/** After an attempt that brought nothing: tried again later; null: given up. `gone`: the API says that there is no such session. */
export function afterFailure(history: HistoryRecord, now: Micros, gone: boolean): Unverified | null {
  const { unverified, givenUp } = history;
  if (unverified === null || givenUp) return null;
  if (now - unverified.changedAt >= (gone ? TRIED_FOR_GONE : TRIED_FOR)) return null;
  const tries = unverified.tries + 1;
  return { ...unverified, tries, dueAt: now + Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (tries - 1)) };
}

/** True once the session has been tried for so long that whatever its history says now is taken as it is. */
export function isTriedLongEnough({ unverified }: HistoryRecord, now: Micros): boolean {
  return unverified !== null && now - unverified.changedAt >= TRIED_FOR;
}
