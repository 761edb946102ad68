/** The status of the exporter, its projects, sweeps and accounts, from observed events to JSON. */
import { describe, expect, it } from 'vitest';

import { failure, room, START } from './room.ts';
import { viewFixture } from './views.ts';

describe('the exporter itself', () => {
  it('tells version, times and state', () => {
    const { clock, observer, now, setReady, setAccounting } = room();
    clock.advance(90);
    observer.stateMeasured(4096, 10, 2);
    expect(now()).toMatchObject({
      version: '1.2.3',
      revision: 'abc',
      startedAt: '2026-05-04T12:00:00.000Z',
      now: '2026-05-04T12:01:30.000Z',
      ready: false,
      accounting: 'every_run',
      state: { location: '/data/state.db', createdAt: '2026-05-04T11:59:59.000Z', bytes: 4096 },
    });
    setReady(() => true);
    setAccounting('last_run');
    expect(now()).toMatchObject({ ready: true, accounting: 'last_run' });
  });

  it('names the members of a shared state', () => {
    const { now, setMembers } = room();
    expect(now().members).toEqual([]);
    const members = [{ name: 'a', projects: 2, isSelf: true }];
    setMembers(() => members);
    expect(now().members).toEqual(members);
  });

  it('can be told as JSON', () => {
    const { publisher, observer, now } = room();
    observer.accountKnown('default', 'https://api');
    observer.rateLimitChanged('default', Number.POSITIVE_INFINITY);
    publisher.put(viewFixture('p'));
    expect(JSON.parse(JSON.stringify(now()))).toEqual(now());
  });
});

describe('a project', () => {
  it('is summed up from what was committed', () => {
    const { publisher, now } = room();
    const counters = { runs: 9, errors: { timeout: 2, other: 1 }, inputTokens: 70, outputTokens: 7 };
    const polls = { lastSuccess: START, headPolling: true, lastDuration: { head: null, full: 2.5 } };
    publisher.put(viewFixture('p', { counters, gauges: { ok: 6, error: 2, neverRun: 4 }, polls }));
    expect(now().projects).toEqual([
      {
        id: 'p',
        name: 'name of p',
        account: 'default',
        up: true,
        sessions: 12,
        runs: 9,
        failedRuns: 3,
        lastHour: null,
        sessionsInError: 2,
        errorRatio: 0.25,
        costUsd: null,
        inputTokens: 70,
        outputTokens: 7,
        verification: { exactUpTo: '2026-05-04T12:00:00.000Z', waiting: 0, givenUp: 0, failing: [] },
        unreconciled: 0,
        lastSuccess: '2026-05-04T12:00:00.000Z',
        lastPoll: { kind: 'full', seconds: 2.5 },
        headPolling: true,
        sweep: null,
      },
    ]);
  });

  it('hides gauges that are half filled', () => {
    const { publisher, now } = room();
    publisher.put(viewFixture('p', { sweeps: 0, gauges: { ok: 5, error: 5 } }));
    expect(now().projects[0]).toMatchObject({ sessions: null, errorRatio: null });
  });

  it('has no ratio where none has run', () => {
    const { publisher, now } = room();
    publisher.put(viewFixture('p', { gauges: { neverRun: 3 } }));
    expect(now().projects[0]).toMatchObject({ sessions: 3, errorRatio: null });
  });

  it('shows the poll that ended last', () => {
    const { publisher, observer, now } = room();
    publisher.put(viewFixture('p', { polls: { lastDuration: { head: 1, full: 9 } } }));
    observer.pollSucceeded('default', 'p', 'full', 9);
    expect(now().projects[0]?.lastPoll).toEqual({ kind: 'full', seconds: 9 });
    observer.pollSucceeded('default', 'p', 'head', 1);
    expect(now().projects[0]?.lastPoll).toEqual({ kind: 'head', seconds: 1 });
  });

  it('leaves without a trace', () => {
    const { publisher, observer, now } = room();
    publisher.put(viewFixture('p'));
    observer.sweepProgressed('p', 3, 10, 3);
    observer.pollFailed('default', 'p', 'full', failure());
    publisher.drop('p');
    observer.projectGone('p');
    expect([now().projects, now().problems]).toEqual([[], []]);
    publisher.put(viewFixture('p'));
    expect(now().projects[0]).toMatchObject({ sweep: null, lastPoll: null });
  });
});

describe('a running sweep', () => {
  it('tells the time left by its pace', () => {
    const { clock, publisher, observer, now } = room();
    publisher.put(viewFixture('p'));
    observer.sweepProgressed('p', 10, 40, 20);
    expect(now().projects[0]?.sweep).toEqual({ progress: 0.25, pages: 10, secondsLeft: 60 });
    clock.advance(5);
    expect(now().projects[0]?.sweep?.secondsLeft).toBe(55);
    observer.sweepProgressed('p', 20, 40, 30);
    expect(now().projects[0]?.sweep).toEqual({ progress: 0.5, pages: 20, secondsLeft: 20 });
    observer.sweepEnded('p');
    expect(now().projects[0]?.sweep).toBeNull();
  });

  it('that was resumed tells the pace of this process', () => {
    const { publisher, observer, now } = room();
    publisher.put(viewFixture('p'));
    observer.sweepProgressed('p', 901, 1000, 1);
    observer.sweepProgressed('p', 911, 1000, 11);
    expect(now().projects[0]?.sweep?.secondsLeft).toBe(89);
  });

  it('of unknown length tells its pages', () => {
    const { publisher, observer, now } = room();
    publisher.put(viewFixture('p'));
    observer.sweepProgressed('p', 7, null, 7);
    expect(now().projects[0]?.sweep).toEqual({ progress: 0, pages: 7, secondsLeft: null });
  });

  it('longer than the last one promises nothing', () => {
    const { publisher, observer, now } = room();
    publisher.put(viewFixture('p'));
    observer.sweepProgressed('p', 12, 10, 12);
    expect(now().projects[0]?.sweep).toEqual({ progress: 1, pages: 12, secondsLeft: null });
  });
});

describe('an account', () => {
  /** Sweeps of account `a` at their first page: project `p` has 30 pages, `q` 10. */
  function sweepTwo({ publisher, observer }: Pick<ReturnType<typeof room>, 'publisher' | 'observer'>): void {
    for (const [id, pages] of [
      ['p', 30],
      ['q', 10],
    ] as const) {
      publisher.put(viewFixture(id, { account: 'a' }));
      observer.sweepProgressed(id, 1, pages, 1);
    }
  }

  it('is known before anything happened', () => {
    const { observer, now } = room();
    observer.accountKnown('eu', 'https://api.eu');
    expect(now().accounts).toEqual([
      {
        name: 'eu',
        baseUrl: 'https://api.eu',
        discoveryUp: null,
        projects: 0,
        requestsPerSecond: null,
        waitSeconds: null,
        fullSweepSeconds: null,
      },
    ]);
    observer.accountGone('eu');
    expect(now().accounts).toEqual([]);
  });

  it('shows discovery and its problem', () => {
    const { observer, now } = room();
    observer.accountKnown('eu', 'https://api.eu');
    observer.discoveryFailed('eu', failure('unauthorized'));
    expect(now().accounts[0]?.discoveryUp).toBe(false);
    expect(now().problems).toMatchObject([{ scope: 'account', subject: 'eu', code: 'unauthorized', resolved: false }]);
    observer.discoverySucceeded('eu', 4, START);
    expect(now().accounts[0]).toMatchObject({ discoveryUp: true, projects: 4 });
    expect(now().problems).toMatchObject([{ resolved: true }]);
  });

  it('shows a Retry-After for as long as it lasts', () => {
    const { clock, observer, now } = room();
    observer.accountKnown('eu', 'https://api.eu');
    observer.waitAsked('eu', 60);
    clock.advance(20);
    expect(now().accounts[0]?.waitSeconds).toBe(40);
    clock.advance(40);
    expect(now().accounts[0]?.waitSeconds).toBeNull();
  });

  it('tells how long its limit makes a sweep', () => {
    const { publisher, observer, now } = room();
    observer.accountKnown('a', 'https://a');
    observer.accountKnown('b', 'https://b');
    observer.rateLimitChanged('a', 0.5);
    sweepTwo({ publisher, observer });
    publisher.put(viewFixture('r', { account: 'b' }));
    expect(now().accounts).toMatchObject([
      { requestsPerSecond: 0.5, fullSweepSeconds: 80 },
      { requestsPerSecond: null, fullSweepSeconds: null },
    ]);
  });

  it('is as slow as its largest project at best', () => {
    const { publisher, observer, now } = room();
    observer.accountKnown('a', 'https://a');
    observer.rateLimitChanged('a', 1000);
    observer.requestEnded('a', 'sessions', 200, 2);
    observer.requestEnded('a', 'projects', 200, 99);
    observer.requestEnded('a', 'sessions', 'error', 99);
    sweepTwo({ publisher, observer });
    expect(now().accounts[0]?.fullSweepSeconds).toBe(60);
  });

  it('without a limit tells the longest sweep', () => {
    const { publisher, observer, now } = room();
    observer.accountKnown('default', 'https://a');
    publisher.put(viewFixture('p', { polls: { lastDuration: { head: 1, full: 12 } } }));
    publisher.put(viewFixture('q', { polls: { lastDuration: { head: 1, full: 34 } } }));
    expect(now().accounts[0]?.fullSweepSeconds).toBe(34);
  });

  it('learns its pages from complete sweeps', () => {
    const { publisher, observer, now } = room();
    observer.accountKnown('default', 'https://a');
    observer.rateLimitChanged('default', 1);
    publisher.put(viewFixture('p'));
    observer.sweepProgressed('p', 25, null, 25);
    observer.sweepEnded('p');
    expect(now().accounts[0]?.fullSweepSeconds).toBeNull();
    observer.pollSucceeded('default', 'p', 'full', 25);
    expect(now().accounts[0]?.fullSweepSeconds).toBe(25);
  });
});
