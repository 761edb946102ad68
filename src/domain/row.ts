/** The record of one session. */
import type { Figures } from './session.ts';
import type { Micros } from './time.ts';

/**
 * Figures that may still be added to the counters, as bits of `FIGURE_BITS`: they were null when the run was counted. A figure that a
 * later version adds has no bit in old rows, so what they complete of it moves no counter.
 */
export type Fillable = number;

/** `isError` is the whole outcome, the error included. */
export const FIGURE_BITS = { durationUs: 1, isError: 2, inputTokens: 4, outputTokens: 8, turns: 16 } as const;

/** A counted run, with what of it may still be added. */
export type CountedRun = { readonly figures: Figures; readonly fillable: Fillable };

/** The newest stop of the history at the last look: its place in the history, from 0. Its error is not kept. */
export type LastStop = CountedRun & { readonly index: number };

/** What was counted of a session since its history was read last: what the next reading is compared with (docs/accounting.md, H1). */
export type Since = {
  /** Credits: runs counted from the list, oldest first, the newest 32 of them. */
  readonly credits: readonly CountedRun[];
  /** Older credits, as a number. */
  readonly earlier: number;
  /** The run recorded before the first credit, while the place is not known. */
  readonly anchor: Figures | null;
  /** Start of the last poll that would have shown the session, had it been there; null: it may be old (H2). */
  readonly young: Micros | null;
};

/** A session whose history is to be read (H4, H5). Server time. */
export type Unverified = {
  /** Start of the last poll before its first change since it was verified: runs from here on may be missing. */
  readonly from: Micros;
  /** When that change was seen. */
  readonly since: Micros;
  /** Its newest change. */
  readonly changedAt: Micros;
  /** Attempts since then that brought nothing. */
  readonly tries: number;
  /** When its history is to be read next. */
  readonly dueAt: Micros;
};

/** What is known of a session's history. */
export type HistoryRecord = {
  /** Stops accounted for at the last look; null: not known. May exceed the history's length. */
  readonly place: number | null;
  readonly stop: LastStop | null;
  /** It changed while histories were not read (`last_run`): only as many stops as credits are taken for counted. */
  readonly blind: boolean;
  /** Its history could not be had for a day, and nothing has come of it since (H5). */
  readonly givenUp: boolean;
  /** Null where nothing was counted since the last look. */
  readonly since: Since | null;
  /** Null: verified, given up, or never to be verified. */
  readonly unverified: Unverified | null;
};

/** A lagging read of a session (docs/accounting.md, L3). After two successive sweeps that repeat it, the gauges follow it. */
export type StaleReading = {
  readonly updatedAt: Micros;
  readonly figures: Figures | null;
  /** Number of the sweep that showed it first. */
  readonly sweep: number;
  /** True once the gauges show this reading in place of the recorded run. */
  readonly followed: boolean;
  /** The latest time that the row had before it took that of a stale read: nothing up to it is news. Null: it never did. */
  readonly before: Micros | null;
};

/** One row of the ledger. */
export type Row = {
  /** Dense number within the project: the clustering key and the bit in a sweep's bitmap. */
  readonly no: number;
  readonly id: string;
  readonly updatedAt: Micros;
  /** The run that was recorded last; null: never run so far. */
  readonly figures: Figures | null;
  /**
   * Of the recorded run: what may still be added when the list completes it. 0 for the baseline. Where the history is to decide whether the
   * run was counted already, also values that the list shows and no counter has.
   */
  readonly fillable: Fillable;
  /** Error class of the recorded run when it was recorded; null: it did not fail. */
  readonly errorClass: string | null;
  readonly stale: StaleReading | null;
  /** End of the first complete sweep that did not show the session; null while it is seen. */
  readonly missingSince: Micros | null;
  /** Set on a tombstone. */
  readonly deletedAt: Micros | null;
  /** Bound indexes, sorted, as counted; null: not looked at yet. Kept as they are while sessions per index are switched off. */
  readonly indexIds: readonly string[] | null;
  readonly history: HistoryRecord;
};

/** Nothing is known of the history, and nothing is to be. */
export const NO_HISTORY: HistoryRecord = {
  place: null,
  stop: null,
  blind: false,
  givenUp: false,
  since: null,
  unverified: null,
};

/** A row to write. `isNew` rows also enter the look-up table. */
export type RowChange = { readonly row: Row; readonly isNew: boolean };
