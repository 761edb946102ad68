/** Stale reads: decides when the record follows one (docs/accounting.md, L3). Pure. */
import type { Row } from '../../domain/row.ts';
import { type Session, sameFigures } from '../../domain/session.ts';
import type { Micros } from '../../domain/time.ts';

/**
 * The row after a stale read of it. What was recorded, and counted, stays. A sweep's reading is noted; when the next sweep repeats it,
 * the row takes its time, and the gauges its figures. Head polls never do that: they are not sweeps. The same row when nothing changes.
 *
 * @param completeSweeps complete sweeps of the project so far; the sweep that reads has the next number
 */
export function noteStale(row: Row, session: Session, completeSweeps: number, inSweep: boolean): Row {
  if (!inSweep) return row;
  const figures = session.run?.figures ?? null;
  const sweep = completeSweeps + 1;
  const { stale } = row;
  if (stale === null || !repeats(stale, session)) {
    const before = stale?.before ?? null;
    return {
      ...row,
      stale: { updatedAt: session.updatedAt, figures: figures && { ...figures }, sweep, followed: false, before },
    };
  }
  if (stale.followed || stale.sweep === sweep) return row;
  if (stale.sweep !== sweep - 1) return { ...row, stale: { ...stale, sweep } };
  return { ...row, updatedAt: stale.updatedAt, stale: { ...stale, followed: true, before: latestOf(row) } };
}

/** The latest time that the row ever had: what is shown up to it is no news, however old the read that the row follows. */
export function latestOf({ updatedAt, stale }: Row): Micros {
  return Math.max(updatedAt, stale?.before ?? updatedAt);
}

function repeats(stale: NonNullable<Row['stale']>, session: Session): boolean {
  if (stale.updatedAt !== session.updatedAt) return false;
  const figures = session.run?.figures ?? null;
  return stale.figures === null || figures === null ? stale.figures === figures : sameFigures(stale.figures, figures);
}
