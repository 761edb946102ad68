/** Updates the status page's memory on each event. */
import { type Observer, SILENT } from '../domain/observer.ts';
import { MINUTE, type Micros } from '../domain/time.ts';
import type { Memory } from './memory.ts';
import type { Subject } from './problems.ts';

/**
 * The store is written at least every 10 s while projects are polled. So a write error that was not repeated for this long,
 * while polls succeed, is over.
 */
const WRITES_WORK_AGAIN: Micros = MINUTE;

const STATE: Subject = { scope: 'state', subject: '' };
const CONFIG: Subject = { scope: 'config', subject: '' };
const account = (name: string): Subject => ({ scope: 'account', subject: name });
/** What an account's selection of projects is about; a reload that succeeds says nothing of it. */
const selection = (name: string): Subject => ({ scope: 'config', subject: name });
const project = (id: string): Subject => ({ scope: 'project', subject: id });

export function createObserver(memory: Memory): Observer {
  return { ...SILENT, ...accountEvents(memory), ...pollEvents(memory), ...ownEvents(memory) };
}

function accountEvents({ accounts, problems, clock }: Memory): Partial<Observer> {
  return {
    accountKnown: (name, baseUrl) => accounts.add(name, baseUrl),
    accountGone: (name) => {
      accounts.drop(name);
      problems.drop(account(name));
      problems.drop(selection(name));
    },
    requestEnded: (name, endpoint, code, seconds) => {
      if (endpoint === 'sessions' && code === 200) accounts.pageAnswered(name, seconds);
    },
    rateLimitChanged: (name, perSecond) => accounts.rateChanged(name, perSecond),
    waitAsked: (name, seconds) => accounts.waitAsked(name, clock.elapsed() + seconds * 1000),
    discoverySucceeded: (name, projects) => {
      accounts.discovered(name, projects);
      problems.resolve(account(name), 'any');
    },
    discoveryFailed: (name, error) => {
      accounts.discoveryFailed(name);
      problems.report(account(name), 'any', error, clock.now());
    },
    selectionJudged: (name, error) => {
      if (error === null) problems.resolve(selection(name), 'any');
      else problems.report(selection(name), 'any', error, clock.now());
    },
  };
}

function pollEvents(memory: Memory): Partial<Observer> {
  const { problems, sweeps, lastPolls, failingHistories, clock } = memory;
  return {
    pollSucceeded: (_, id, kind, seconds) => {
      lastPolls.set(id, { kind, seconds });
      if (kind === 'full') sweeps.completed(id);
      // A full sweep reads what a head poll reads; a head poll says nothing of the pages further down.
      problems.resolve(project(id), kind === 'full' ? 'any' : 'head');
      const lastWriteError = problems.lastOpen(STATE);
      if (lastWriteError !== null && lastWriteError < clock.now() - WRITES_WORK_AGAIN) problems.resolve(STATE, 'any');
    },
    pollFailed: (_, id, kind, error) => problems.report(project(id), kind, error, clock.now()),
    pollDelayed: (_, id, kind, error) => problems.report(project(id), kind, error, clock.now()),
    sweepProgressed: (id, pages, expected, seconds) => sweeps.progressed(id, pages, expected, seconds, clock.elapsed()),
    historyTried: (id, sessionId, error) => failingHistories.note(id, sessionId, error, clock.now()),
    sweepEnded: (id) => sweeps.ended(id),
    projectGone: (id) => {
      memory.trends.drop(id);
      sweeps.drop(id);
      failingHistories.drop(id);
      lastPolls.delete(id);
      problems.drop(project(id));
    },
  };
}

function ownEvents(memory: Memory): Partial<Observer> {
  const { problems, clock } = memory;
  return {
    stateWriteFailed: (error) => problems.report(STATE, 'any', error, clock.now()),
    stateMeasured: (bytes) => {
      memory.stateBytes = bytes;
    },
    reloadEnded: (error, at) => {
      if (error === null) problems.resolve(CONFIG, 'any');
      else problems.report(CONFIG, 'any', error, at);
    },
  };
}
