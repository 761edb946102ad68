/** What one shown session means beside what is recorded of it (design.md, rules 1 to 3). Pure. */
import type { Row } from '../domain/row.ts';
import { type Figures, fingerprint, type Session, sameFigures } from '../domain/session.ts';
import type { Micros } from '../domain/time.ts';
import { DAY } from '../domain/time.ts';

/** Tombstones are kept this long; a first-seen run older than this may have had one, so it is baseline. */
export const RETENTION: Micros = 30 * DAY;

/**
 * - `baseline`: first seen, and nothing of it counts; `first`: first seen with a run that counts;
 * - `unchanged`; `stale`: an older state than recorded;
 * - `progress`: newer, but no finished run is shown: what is recorded stands;
 * - `touch`: newer, the same figures; `completed`: recorded nulls became numbers; `run`: a new run.
 */
export type Finding = 'baseline' | 'first' | 'unchanged' | 'stale' | 'progress' | 'touch' | 'completed' | 'run';

/** Instants that decide whether a first-seen run counts. */
export type Horizon = { readonly epoch: Micros; readonly serverTime: Micros };

/** Judges a session against its row (undefined: never seen). */
export function detect(row: Row | undefined, session: Session, horizon: Horizon): Finding {
  if (row === undefined) return isCountable(session, horizon) ? 'first' : 'baseline';
  if (session.updatedAt < row.updatedAt) return 'stale';
  const newer = session.updatedAt > row.updatedAt;
  if (session.run === null) return newer ? 'progress' : 'unchanged';
  return detectRun(row, session.run.figures, newer);
}

/** A first-seen session's runs may count: it changed at or after the epoch, and no forgotten tombstone can have known it. */
export function isRecent(session: Session, { epoch, serverTime }: Horizon): boolean {
  return session.updatedAt >= epoch && session.updatedAt >= serverTime - RETENTION;
}

function isCountable(session: Session, horizon: Horizon): boolean {
  return session.run !== null && isRecent(session, horizon);
}

function detectRun(row: Row, shown: Figures, newer: boolean): Finding {
  if (row.figures === null) return 'run';
  if (sameFigures(row.figures, shown)) return newer ? 'touch' : 'unchanged';
  if (!newer && wasShownBefore(row, shown)) return 'stale';
  return completes(row.figures, shown) ? 'completed' : 'run';
}

/** True when every recorded number stands and only nulls became values. */
function completes(recorded: Figures, shown: Figures): boolean {
  const keys = Object.keys(recorded) as (keyof Figures)[];
  return keys.every((key) => recorded[key] === null || recorded[key] === shown[key]);
}

/** A row remembers the run before the present one, and the incomplete forms of the present one: a lagging replica shows them again. */
function wasShownBefore(row: Row, shown: Figures): boolean {
  return row.previous?.split('\n').includes(fingerprint(shown)) ?? false;
}

/** What `Row.previous` becomes once `finding` has replaced the recorded figures. */
export function previousAfter(row: Row, finding: 'completed' | 'run'): string | null {
  if (row.figures === null) return null;
  const replaced = fingerprint(row.figures);
  return finding === 'completed' && row.previous !== null ? `${replaced}\n${row.previous}` : replaced;
}
