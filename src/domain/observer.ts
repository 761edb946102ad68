/** Events that `llamacloud/`, `poller/`, `state/` and the composition root report; `metrics/` and `status/` listen. Methods must not throw. */
import type { ExporterError } from './errors.ts';
import type { PollKind } from './polls.ts';

export const ENDPOINTS = ['sessions', 'session', 'projects', 'project'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

export interface Observer {
  /** An account that is configured, so that its series exist from the start. */
  accountKnown(account: string, baseUrl: string): void;
  /** An account that a reload removed. */
  accountGone(account: string): void;
  /** One attempt ended: `code` is the status, or `error` when there was no answer. */
  requestEnded(account: string, endpoint: Endpoint, code: number | 'error', seconds: number): void;
  /** An attempt will be repeated; `reason` is a poll error code. */
  requestRetried(account: string, reason: string): void;
  /** Requests per second that the limiter allows now; Infinity: unlimited. */
  rateLimitChanged(account: string, perSecond: number): void;
  /** The API asked the account to send nothing for so many seconds from now on (Retry-After). */
  waitAsked(account: string, seconds: number): void;
  pageRead(account: string, projectId: string, sessions: number): void;
  /** `bytes` of a history were read, unpacked. */
  historyRead(account: string, bytes: number): void;
  /** A session's history could not be read, or was read: `error` null. */
  historyTried(projectId: string, sessionId: string, error: ExporterError | null): void;
  /** `at` is server time in microseconds. */
  discoverySucceeded(account: string, projects: number, at: number): void;
  discoveryFailed(account: string, error: ExporterError): void;
  /** After each successful discovery: null, or what is wrong with a selection that matches none of the account's projects. */
  selectionJudged(account: string, error: ExporterError | null): void;
  pollSucceeded(account: string, projectId: string, kind: PollKind, seconds: number): void;
  pollFailed(account: string, projectId: string, kind: PollKind, error: ExporterError): void;
  /** A poll has waited for longer than two intervals for its turn. */
  pollDelayed(account: string, projectId: string, kind: PollKind, error: ExporterError): void;
  /** Progress of a running full sweep; `pagesExpected` as of the last complete one, null when there was none. */
  sweepProgressed(projectId: string, pages: number, pagesExpected: number | null, secondsSoFar: number): void;
  sweepEnded(projectId: string): void;
  projectGone(projectId: string): void;
  stateWriteFailed(error: ExporterError): void;
  stateMeasured(bytes: number, live: number, deleted: number): void;
  /** `at`: microseconds of our clock. */
  reloadEnded(error: ExporterError | null, at: number): void;
}

const nothing = (): void => {};

/** Listens to nothing: for the commands that have no page and no metrics of their own. */
export const SILENT: Observer = {
  accountKnown: nothing,
  accountGone: nothing,
  requestEnded: nothing,
  requestRetried: nothing,
  rateLimitChanged: nothing,
  waitAsked: nothing,
  pageRead: nothing,
  historyRead: nothing,
  historyTried: nothing,
  discoverySucceeded: nothing,
  discoveryFailed: nothing,
  selectionJudged: nothing,
  pollSucceeded: nothing,
  pollFailed: nothing,
  pollDelayed: nothing,
  sweepProgressed: nothing,
  sweepEnded: nothing,
  projectGone: nothing,
  stateWriteFailed: nothing,
  stateMeasured: nothing,
  reloadEnded: nothing,
};

/** One observer that tells each of `observers`, in order. */
export function tellAll(observers: readonly Observer[]): Observer {
  const entries = (Object.keys(SILENT) as (keyof Observer)[]).map((event) => [
    event,
    (...args: unknown[]): void => {
      for (const observer of observers) (observer[event] as (...a: unknown[]) => void)(...args);
    },
  ]);
  return Object.fromEntries(entries) as Observer;
}
