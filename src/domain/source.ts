/** The port to the LlamaCloud API, one source per account. */
import type { InvalidReason } from './polls.ts';
import type { Project } from './project.ts';
import type { Figures, Session } from './session.ts';
import type { Micros } from './time.ts';

/** Head polls go first when requests are scarce. */
export type Priority = 'head' | 'sweep' | 'discovery';

export type PageRequest = { readonly projectId: string; readonly token: string | null; readonly priority: Priority };

/** An item that was dropped; `id` when it could be read, so that the session counts as seen. */
export type InvalidItem = { readonly reason: InvalidReason; readonly id: string | null };

/** A validated page of sessions, in the order of the list. */
export type SessionPage = {
  readonly sessions: readonly Session[];
  readonly invalid: readonly InvalidItem[];
  /** Null at the end of the list. */
  readonly nextToken: string | null;
  /** The answer's `Date` header, else our clock. */
  readonly serverTime: Micros;
  /** Server time when the request was sent: `serverTime` less what the answer took. */
  readonly requestedAt: Micros;
};

/** Projects as of `serverTime`. */
export type Discovery = {
  readonly projects: readonly Project[];
  /** Ids of entries that are malformed otherwise: such a project stays as it was (docs/accounting.md, L6). */
  readonly unreadable: readonly string[];
  readonly serverTime: Micros;
};

/** The `stop` events of a session's history, oldest first; each with the error text for classification only. */
export type Stop = { readonly figures: Figures; readonly errorText: string | null };

/** Told the token of the next page, where there is one, as soon as it is known: the sessions of this one are validated after that. */
export type OnToken = (token: string) => void;

/**
 * All methods reject with an ExporterError after their retries, or with the signal's reason.
 * `page` rejects with TokenExpiredError when the API no longer accepts the token.
 */
export interface SessionSource {
  readonly account: string;
  discover(signal: AbortSignal): Promise<Discovery>;
  page(request: PageRequest, signal: AbortSignal, onToken?: OnToken): Promise<SessionPage>;
  /** Null: the history cannot be had (404, or 5xx after retries), the list has to be believed. */
  stops(projectId: string, sessionId: string, signal: AbortSignal): Promise<readonly Stop[] | null>;
}
