/** What is recorded of one session. */
import type { Figures } from './session.ts';
import type { Micros } from './time.ts';

/** A lagging read of a session (design.md, rule 3). After two successive sweeps that repeat it, the gauges follow it. */
export type StaleReading = {
  readonly updatedAt: Micros;
  readonly figures: Figures | null;
  /** Number of the sweep that showed it first. */
  readonly sweep: number;
  /** True once the gauges show this reading in place of the recorded run. */
  readonly followed: boolean;
};

/** One row of the ledger. */
export type Row = {
  /** Dense number within the project: the clustering key and the bit in a sweep's bitmap. */
  readonly no: number;
  readonly id: string;
  readonly updatedAt: Micros;
  /** The run that was recorded last; null: never run so far. */
  readonly figures: Figures | null;
  /** Fingerprint of the figures recorded just before the present ones: a replica that lags shows them again. */
  readonly previous: string | null;
  readonly stale: StaleReading | null;
  /** End of the first complete sweep that did not show the session; null while it is seen. */
  readonly missingSince: Micros | null;
  /** Set on a tombstone. */
  readonly deletedAt: Micros | null;
  /** `every_run`: number of stop events seen in the history; null: not read yet, or the list was believed instead. */
  readonly stops: number | null;
  /** `every_run`: fingerprint of the newest stop event of the history at that time. */
  readonly lastStop: string | null;
  /** Bound indexes, sorted, as counted; null: not looked at yet. Kept as they are while sessions per index are switched off. */
  readonly indexIds: readonly string[] | null;
};

/** A row to write. `isNew` rows also enter the look-up table. */
export type RowChange = { readonly row: Row; readonly isNew: boolean };
