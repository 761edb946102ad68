/** The context of counting: what all sessions of a project share while they are counted. */
import type { Project } from '../domain/project.ts';
import type { Rules } from '../domain/rules.ts';
import { DAY, type Micros } from '../domain/time.ts';

/** Tombstones are kept this long; a run first seen later than that may have had one, so it is baseline. */
export const RETENTION: Micros = 30 * DAY;

export type AccountingContext = {
  readonly project: Pick<Project, 'id' | 'name'>;
  /** Server time: runs from here on count (docs/accounting.md, L2). */
  readonly epoch: Micros;
  readonly rules: Rules;
  /** Polling interval, microseconds: a session that was quiet for so long is verified (H4). */
  readonly interval: Micros;
};
