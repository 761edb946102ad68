/** The port to the LlamaCloud API, one source per account. */
import type { ExporterError } from './errors.ts';
import type { InvalidReason } from './polls.ts';
import type { Project } from './project.ts';
import type { Run, Session } from './session.ts';
import type { Micros } from './time.ts';

/** Head polls go first when requests are scarce; histories share what sweeps are guaranteed (docs/accounting.md, H4). */
export type Priority = 'head' | 'sweep' | 'discovery' | 'history';

export type PageRequest = {
  readonly projectId: string;
  readonly token: string | null;
  readonly priority: 'head' | 'sweep';
};

/** An item that was dropped; `id` when it could be read, so that the session counts as seen. */
export type InvalidItem = { readonly reason: InvalidReason; readonly id: string | null };

/** A validated page of sessions, in the order of the list. */
export type SessionPage = {
  readonly sessions: readonly Session[];
  readonly invalid: readonly InvalidItem[];
  /** Null at the end of the list. */
  readonly nextToken: string | null;
  /** Server time of the answer. */
  readonly serverTime: Micros;
  /** Server time when the request was sent: `serverTime` less what the answer took. */
  readonly requestedAt: Micros;
  /** Too many of its items are malformed, or its token is (docs/accounting.md, L4 and L5): what is good of it is recorded, then the poll fails with this. */
  readonly fault: ExporterError | null;
};

/** Projects as of `serverTime`. */
export type Discovery = {
  readonly projects: readonly Project[];
  /** Ids of entries that are malformed otherwise: such a project stays as it was (docs/accounting.md, L6). */
  readonly unreadable: readonly string[];
  readonly serverTime: Micros;
};

/** A session together with all its finished runs: the `stop` events of its history, oldest first. A malformed stop is a run whose figures are null. */
export type History = { readonly session: Session; readonly stops: readonly Run[] };

export type HistoryRequest = { readonly projectId: string; readonly sessionId: string };

/** One attempt to read a history. `bytes`: what was read of it, unpacked, whether it could be used or not. */
export type HistoryAnswer = { readonly bytes: number } & (
  | { readonly history: History }
  | { readonly error: ExporterError }
);

/** Told the token of the next page, where there is one, as soon as it is known: the sessions of this one are validated after that. */
export type OnToken = (token: string) => void;

/**
 * `discover` and `page` reject with an ExporterError after their retries, or with the signal's reason.
 * `page` rejects with TokenExpiredError when the API no longer accepts the token.
 */
export interface SessionSource {
  readonly account: string;
  /** The account's server time now: runs on our monotonic clock (docs/accounting.md, Times). */
  serverTime(): Micros;
  /** Milliseconds for which pages of the project have waited for their turn, or were refused (429); 0: not at all. */
  waited(projectId: string): number;
  /** This process is one of so many that poll under the account's limit: each sends its part of the requests. From 1. */
  shareLimit(processes: number): void;
  discover(signal: AbortSignal): Promise<Discovery>;
  page(request: PageRequest, signal: AbortSignal, onToken?: OnToken): Promise<SessionPage>;
  /** One attempt, without retries. Rejects with the signal's reason only; `not_found`: 404 or 410. */
  history(request: HistoryRequest, signal: AbortSignal): Promise<HistoryAnswer>;
}
