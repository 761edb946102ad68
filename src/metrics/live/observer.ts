/** Counts the exporter's own events into its own metrics. */
import { type Observer, SILENT } from '../../domain/observer.ts';
import { type Micros, SECOND } from '../../domain/time.ts';
import type { Accounts } from './accounts.ts';
import type { Instruments } from './instruments.ts';

const seconds = (at: Micros): number => at / SECOND;

/** Counts what the exporter does. What belongs to a project is published with its view instead, what rules join with it as a fact. */
export function createObserver(instruments: Instruments, accounts: Accounts): Observer {
  return { ...SILENT, ...accountEvents(instruments, accounts), ...ownEvents(instruments) };
}

function accountEvents(instruments: Instruments, accounts: Accounts): Partial<Observer> {
  const { pages, sessionsSeen, retries, rateLimit } = instruments;
  return {
    accountKnown: (account) => accounts.add(account),
    accountGone: (account) => accounts.remove(account),
    requestEnded: (account, endpoint, code, took) => accounts.request(account, endpoint, `${code}`, took),
    requestRetried: (account, reason) => retries.inc({ account, reason }),
    rateLimitChanged: (account, perSecond) => rateLimit.set({ account }, perSecond),
    pageRead: (account, _projectId, sessions) => {
      pages.inc({ account });
      sessionsSeen.inc({ account }, sessions);
    },
    historyRead: (account, bytes) => accounts.historyRead(account, bytes),
  };
}

function ownEvents(instruments: Instruments): Partial<Observer> {
  const { stateWriteErrors, reloadSuccessful, reloadTimestamp } = instruments;
  return {
    stateWriteFailed: () => stateWriteErrors.inc(),
    reloadEnded: (error, at) => {
      reloadSuccessful.set(error === null ? 1 : 0);
      if (error === null) reloadTimestamp.set(seconds(at));
    },
  };
}
