/** The types of the simulated world. Times are integer microseconds since 1970, UTC, by the world's clock. */

export type Micros = number;

/** The order in which the list of sessions is served; ties in time are broken by id, in the same direction. */
export type ListOrder = 'newest' | 'oldest' | 'id';

/** What `job_metadata` shows while a run is in progress. */
export type ProgressForm = 'null' | 'empty' | 'previous' | 'partial';

/** When a run sets `last_updated_at`: at its start only, at its end only, or at both. */
export type StampRule = 'start' | 'end' | 'both';

/** Figures of one run as the API writes them; `undefined` leaves the key out, `null` shows null. */
export interface Figures {
  readonly duration_ms: number | null | undefined;
  readonly is_error: boolean | null | undefined;
  readonly error: string | null | undefined;
  readonly total_input_tokens: number | null | undefined;
  readonly total_output_tokens: number | null | undefined;
  readonly turns: number | null | undefined;
}

/** Why a run failed, as the world knows it; `unknown` failures carry no text. */
export type FailureCause =
  | 'rate_limited'
  | 'timeout'
  | 'context_length'
  | 'authentication'
  | 'index_unavailable'
  | 'cancelled'
  | 'content_filter'
  | 'internal'
  | 'other'
  | 'unknown';

/** The outcome of a run: its figures, and why it failed (null if it did not, or if nobody knows). */
export interface Outcome {
  readonly figures: Figures;
  readonly cause: FailureCause | null;
}

/** A run that ended. */
export interface FinishedRun extends Outcome {
  readonly startedAt: Micros;
  readonly finishedAt: Micros;
}

/** A run that has not ended. */
export interface RunInProgress {
  readonly startedAt: Micros;
  readonly form: ProgressForm;
  readonly stamp: StampRule;
}

/** `job_metadata` as it goes on the wire. */
export type Metadata = Readonly<Record<string, unknown>>;

/** What the list shows of a session at one moment. Immutable: every change makes a new one. */
export interface Version {
  readonly session: Session;
  readonly id: string;
  readonly updatedAt: Micros;
  readonly metadata: Metadata | null;
  /** How many runs of the session had ended. */
  readonly finished: number;
  readonly running: RunInProgress | null;
}

/** A chat session, deleted ones included: the world never forgets. */
export interface Session {
  readonly id: string;
  readonly projectId: string;
  readonly createdAt: Micros;
  title: string | null;
  readonly indexIds: readonly string[] | null;
  readonly runs: FinishedRun[];
  /** The `last_updated_at` that was shown when each run had ended, in their order. */
  readonly stamps: Micros[];
  running: RunInProgress | null;
  /** Null once deleted. */
  current: Version | null;
  /** What stood before the last change; null when the session was not there. */
  previous: Version | null;
  /** What readers see: `current`, or older while the session lags. */
  shown: Version | null;
  /** Raw JSON that replaces the session on the wire. */
  wire: string | null;
  /** Wanted size of the event history in bytes; 0 for a natural size. */
  historyBytes: number;
}

/** Where a keyset page continues: after this place in the list's order. */
export interface Key {
  readonly updatedAt: Micros;
  readonly id: string;
}

/** A page of versions, and whether more follow. */
export interface VersionPage {
  readonly items: readonly Version[];
  readonly more: boolean;
}
