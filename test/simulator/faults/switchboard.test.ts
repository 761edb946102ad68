/** Which requests meet a fault. */
import { describe, expect, it } from 'vitest';
import type { Call, Endpoint } from '../../../src/simulator/api/requests.ts';
import type { RuleInput } from '../../../src/simulator/faults/switchboard.ts';
import { Switchboard } from '../../../src/simulator/faults/switchboard.ts';
import { smallWorld } from '../helpers.ts';

const FAULT: RuleInput['fault'] = { kind: 'status', status: 500 };

function setUp() {
  const { world, project } = smallWorld();
  const board = new Switchboard(world);
  const call = (endpoint: Endpoint = 'list', more: Partial<Call> = {}): Call => ({
    endpoint,
    path: '/api/v1/chat',
    query: new URLSearchParams(),
    projectId: project.id,
    sessionId: null,
    pageToken: null,
    ...more,
  });
  const met = (one = call()) => board.meet(one).length > 0;
  return { board, call, met, project };
}

function strikes(): boolean[] {
  const { board, met } = setUp();
  board.add({ match: { probability: 0.3 }, fault: FAULT });
  return Array.from({ length: 1000 }, () => met());
}

describe('the switchboard', () => {
  it('skips, strikes and stops by count', () => {
    const { board, met } = setUp();
    board.add({ match: { after: 2, times: 2 }, fault: FAULT });
    expect([met(), met(), met(), met(), met()]).toEqual([false, false, true, true, false]);
    expect(board.list()[0]).toMatchObject({ seen: 5, hits: 2 });
  });

  it('meets only what matches', () => {
    const { board, call, met, project } = setUp();
    const cases: [RuleInput['match'], Call, Call][] = [
      [{ endpoint: 'session' }, call('session'), call('list')],
      [{ path: '/api/v1/projects' }, call('project', { path: '/api/v1/projects/1' }), call()],
      [{ project: 'Test' }, call(), call('list', { projectId: 'other' })],
      [{ project: project.id }, call(), call('list', { projectId: null })],
      [{ session: 'ses-1' }, call('session', { sessionId: 'ses-1' }), call('session', { sessionId: 'ses-2' })],
      [{ token: true }, call('list', { pageToken: 'x' }), call()],
    ];
    for (const [match, inside, outside] of cases) {
      board.clear();
      board.add({ match, fault: FAULT });
      expect([met(inside), met(outside)]).toEqual([true, false]);
    }
  });

  it('strikes by chance, the same each time', () => {
    const first = strikes();
    expect(first).toEqual(strikes());
    expect(first.filter(Boolean).length).toBeGreaterThan(240);
    expect(first.filter(Boolean).length).toBeLessThan(360);
  });

  it('switches one off or all', () => {
    const { board } = setUp();
    const [first] = board.add({ match: {}, fault: FAULT }, { match: {}, fault: FAULT });
    board.clear(first?.id);
    expect(board.list()).toHaveLength(1);
    board.clear();
    expect(board.list()).toHaveLength(0);
  });

  it('refuses rules of no known form', () => {
    const { board } = setUp();
    expect(() => board.add({ match: {}, fault: { kind: 'earthquake' } as unknown as RuleInput['fault'] })).toThrow(
      'kind',
    );
    expect(() => board.add({ match: { nonsense: 1 } as RuleInput['match'], fault: FAULT })).toThrow('nonsense');
    expect(board.list()).toHaveLength(0);
  });
});
