/** Sessions that sweeps no longer see: missing after the first sweep, deleted after the second (docs/accounting.md, L7). */
import type { Row } from '../../domain/row.ts';
import { MINUTE, type Micros } from '../../domain/time.ts';
import type { Ledger } from '../ledger.ts';

/** The sweep that did not show the row, in server time, and how far apart two such sweeps have to end. */
export type SweepEnd = { readonly startedAt: Micros; readonly endedAt: Micros; readonly apart: Micros };

/** Two sweeps must end at least 10 minutes, or two full-sweep intervals if that is shorter, apart. */
export function apartOf(fullSweepInterval: Micros): Micros {
  return Math.min(10 * MINUTE, 2 * fullSweepInterval);
}

/** Records that a complete sweep did not show the row. A session that is deleted before its history was read counts as unreconciled. */
export function markMissing(ledger: Ledger, row: Row, sweep: SweepEnd): void {
  const after = afterSweep(row, sweep);
  if (after === null) return;
  if (after.deletedAt === null || row.history.unverified === null) return ledger.write(after, sweep.endedAt);
  ledger.noteUnreconciled();
  ledger.write({ ...after, history: { ...row.history, unverified: null, givenUp: true } }, sweep.endedAt);
}

/** Missing, deleted, or (null) as it was. A time from the future is left over from a clock that was wrong. */
function afterSweep(row: Row, sweep: SweepEnd): Row | null {
  if (row.updatedAt >= sweep.startedAt && row.updatedAt <= sweep.endedAt) return null;
  if (row.missingSince === null || row.missingSince > sweep.endedAt) return { ...row, missingSince: sweep.endedAt };
  if (sweep.endedAt - row.missingSince < sweep.apart) return null;
  return { ...row, deletedAt: sweep.endedAt, stale: null };
}
