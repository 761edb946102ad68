/** The list of problems on the status page: when one opens, resolves, and is forgotten. */
import { describe, expect, it } from 'vitest';

import { ExporterError } from '../../src/domain/errors.ts';
import { failure, room, START } from './room.ts';

describe('problems', () => {
  it('fold while they go on', () => {
    const { clock, observer, now } = room();
    observer.pollFailed('default', 'p', 'head', failure('timeout', 'first'));
    clock.advance(60);
    observer.pollFailed('default', 'p', 'head', failure('timeout', 'second'));
    expect(now().problems).toEqual([
      {
        scope: 'project',
        subject: 'p',
        code: 'timeout',
        message: 'second',
        fix: 'Wait.',
        firstAt: '2026-05-04T12:00:00.000Z',
        lastAt: '2026-05-04T12:01:00.000Z',
        count: 2,
        resolved: false,
      },
    ]);
  });

  it('heal by a success, and start anew', () => {
    const { clock, observer, now } = room();
    observer.pollFailed('default', 'p', 'head', failure());
    observer.pollSucceeded('default', 'q', 'head', 1);
    expect(now().problems[0]?.resolved).toBe(false);
    observer.pollSucceeded('default', 'p', 'head', 1);
    expect(now().problems[0]?.resolved).toBe(true);
    clock.advance(60);
    observer.pollFailed('default', 'p', 'head', failure());
    expect(now().problems).toMatchObject([{ resolved: false, count: 1, firstAt: '2026-05-04T12:01:00.000Z' }]);
  });

  it('of a selection end when it matches, and with its account', () => {
    const { observer, now } = room();
    const nothing = new ExporterError('config', 'none selected', 'Change include.');
    observer.selectionJudged('default', nothing);
    observer.selectionJudged('default', nothing);
    observer.discoverySucceeded('default', 0, START);
    observer.reloadEnded(null, START);
    expect(now().problems).toMatchObject([{ scope: 'config', subject: 'default', count: 2, resolved: false }]);
    observer.selectionJudged('default', null);
    expect(now().problems).toMatchObject([{ resolved: true }]);
    observer.selectionJudged('default', nothing);
    observer.accountGone('default');
    expect(now().problems).toEqual([]);
  });

  it('of sweeps do not heal by head polls', () => {
    const { observer, now } = room();
    observer.pollFailed('default', 'p', 'full', failure());
    observer.pollFailed('default', 'p', 'head', failure());
    observer.pollSucceeded('default', 'p', 'head', 1);
    expect(now().problems).toMatchObject([{ resolved: false, count: 2 }]);
    observer.pollSucceeded('default', 'p', 'full', 1);
    expect(now().problems[0]?.resolved).toBe(true);
  });

  it('of the configuration heal by a reload', () => {
    const { observer, now } = room();
    observer.reloadEnded(failure('config'), START);
    expect(now().problems).toMatchObject([{ scope: 'config', subject: '', code: 'config', resolved: false }]);
    observer.reloadEnded(null, START);
    expect(now().problems[0]?.resolved).toBe(true);
  });

  it('of the state heal when writes last', () => {
    const { clock, observer, now } = room();
    observer.stateWriteFailed(failure('state'));
    observer.pollSucceeded('default', 'p', 'full', 1);
    expect(now().problems).toMatchObject([{ scope: 'state', code: 'state', resolved: false }]);
    clock.advance(61);
    observer.pollSucceeded('default', 'p', 'full', 1);
    expect(now().problems[0]?.resolved).toBe(true);
  });

  it('show open ones first, the latest before', () => {
    const { clock, observer, now } = room();
    for (const id of ['a', 'b', 'c']) {
      observer.pollFailed('default', id, 'full', failure());
      clock.advance(1);
    }
    observer.pollSucceeded('default', 'c', 'full', 1);
    observer.pollFailed('default', 'a', 'full', failure());
    expect(now().problems.map(({ subject, resolved }) => [subject, resolved])).toEqual([
      ['a', false],
      ['b', false],
      ['c', true],
    ]);
  });

  it('are forgotten a day after they healed', () => {
    const { clock, observer, now } = room();
    observer.pollFailed('default', 'p', 'full', failure());
    observer.pollFailed('default', 'q', 'full', failure());
    observer.pollSucceeded('default', 'p', 'full', 1);
    clock.advance(86_401);
    expect(now().problems.map(({ subject }) => subject)).toEqual(['q']);
  });

  it('are bounded, resolved ones going first', () => {
    const { observer, now } = room();
    observer.pollFailed('default', 'healed', 'full', failure());
    for (let i = 0; i < 199; i++) observer.pollFailed('default', `p${i}`, 'full', failure());
    observer.pollSucceeded('default', 'healed', 'full', 1);
    observer.pollFailed('default', 'new', 'full', failure());
    const subjects = now().problems.map(({ subject }) => subject);
    expect(subjects).toHaveLength(200);
    expect(subjects).not.toContain('healed');
    for (let i = 0; i < 500; i++)
      observer.pollFailed('default', `q${i}`, 'full', failure('timeout', 'x'.repeat(10_000)));
    expect(now().problems).toHaveLength(200);
    expect(JSON.stringify(now().problems).length).toBeLessThan(200_000);
  });
});
