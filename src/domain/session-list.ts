/** The port to the list of a project's sessions: what a client may ask for, and what it gets. Never a title, never a text. */
import type { Micros } from './time.ts';

/** Figures that sessions can be ordered by; the largest, or latest, comes first. */
export const SESSION_SORTS = ['updated', 'duration', 'input_tokens', 'output_tokens', 'cost', 'turns'] as const;
export type SessionSort = (typeof SESSION_SORTS)[number];

/** Outcome of a session's most recent run, as the gauge `llamacloud_chat_sessions` has it. */
export const SESSION_STATES = ['ok', 'error', 'never_run'] as const;
export type SessionState = (typeof SESSION_STATES)[number];

/** Most sessions in one list. */
export const MOST_SESSIONS = 100;

export type SessionQuery = {
  readonly sort: SessionSort;
  /** Null: any. */
  readonly state: SessionState | null;
  /** Error class of the most recent run; null: any. */
  readonly errorClass: string | null;
  /** Only sessions updated within this many microseconds before now; null: all. */
  readonly since: Micros | null;
  /** 1 to `MOST_SESSIONS`. */
  readonly limit: number;
};

/** A session with the figures of its most recent run; null: not known. */
export type ListedSession = {
  readonly sessionId: string;
  /** ISO 8601 UTC. */
  readonly updatedAt: string;
  readonly state: SessionState;
  /** Null where the run did not fail. */
  readonly class: string | null;
  readonly durationSeconds: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly turns: number | null;
  /** By the price that is configured now; null: no price applies, or the session never ran. */
  readonly costUsd: number | null;
};

export type SessionList = {
  /** Sessions that match the query, those beyond its limit included. */
  readonly matched: number;
  /** In the order asked for; sessions without the figure come last, and of equal ones the latest comes first. */
  readonly sessions: readonly ListedSession[];
  /** When the scan that found them began, ISO 8601 UTC. */
  readonly asOf: string;
};

/** `busy`: another scan is under way, or too many clients wait for this one; try again in a moment. `unknown`: there is no such project. */
export type SessionListAnswer = readonly SessionList[] | 'busy' | 'unknown';

export interface SessionListSource {
  /** One list for each query, found by one scan of the project, or kept from an earlier one. Rejects with an ExporterError of code `state`. */
  lists(projectId: string, queries: readonly SessionQuery[]): Promise<SessionListAnswer>;
  /** Error classes that sessions may have, in order of precedence. */
  classes(): readonly string[];
}
