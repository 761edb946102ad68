/** Lagging reads: when the gauges follow one (design.md, rule 3). Pure. */
import type { Row } from '../domain/row.ts';
import { type Session, sameFigures } from '../domain/session.ts';

/**
 * The row after a stale read of it. What was recorded, and counted, stands. A sweep's reading is noted; when the next sweep repeats
 * it, the gauges follow. Head polls never make the gauges follow: they are not sweeps. The same row when nothing changes.
 *
 * @param completeSweeps complete sweeps of the project so far; the sweep that reads has the next number
 */
export function followStale(row: Row, session: Session, completeSweeps: number, inSweep: boolean): Row {
  if (!inSweep) return row;
  const figures = session.run?.figures ?? null;
  const sweep = completeSweeps + 1;
  if (!repeats(row, session))
    return { ...row, stale: { updatedAt: session.updatedAt, figures, sweep, followed: false } };
  const noted = row.stale as NonNullable<Row['stale']>;
  if (noted.followed || noted.sweep === sweep) return row;
  if (noted.sweep === sweep - 1) return { ...row, stale: { ...noted, followed: true } };
  return { ...row, stale: { ...noted, sweep } };
}

function repeats({ stale }: Row, session: Session): boolean {
  if (stale === null || stale.updatedAt !== session.updatedAt) return false;
  const figures = session.run?.figures ?? null;
  return stale.figures === null || figures === null ? stale.figures === figures : sameFigures(stale.figures, figures);
}
