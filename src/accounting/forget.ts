/** When a session that sweeps no longer show is deleted (design.md, rule 5). Pure. */
import type { Row } from '../domain/row.ts';
import { MINUTE, type Micros } from '../domain/time.ts';

/** The sweep that did not show the row, in server time, and how far apart two such sweeps have to end. */
export type SweepEnd = { readonly startedAt: Micros; readonly endedAt: Micros; readonly apart: Micros };

/** Two sweeps must end at least 10 minutes, or two full-sweep intervals if that is shorter, apart. */
export function apartOf(fullSweepInterval: Micros): Micros {
  return Math.min(10 * MINUTE, 2 * fullSweepInterval);
}

/** The row after a complete sweep that did not show it: missing, deleted, or (null) as it was. */
export function forget(row: Row, sweep: SweepEnd): Row | null {
  if (row.updatedAt >= sweep.startedAt) return null;
  if (row.missingSince === null) return { ...row, missingSince: sweep.endedAt };
  if (sweep.endedAt - row.missingSince < sweep.apart) return null;
  return { ...row, deletedAt: sweep.endedAt, stale: null };
}
