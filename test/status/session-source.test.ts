/** Who gets which list, and when the sessions are read for it. */
import { describe, expect, it } from 'vitest';
import { ExporterError } from '../../src/domain/errors.ts';
import type { Row } from '../../src/domain/row.ts';
import type { SessionQuery } from '../../src/domain/session-list.ts';
import { HOUR, MINUTE } from '../../src/domain/time.ts';
import { SessionLists } from '../../src/status/sessions/source.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { costOf, figuresOf, NOW, rowOf } from './session-fixtures.ts';
import { viewFixture } from './views.ts';

const ANY: SessionQuery = { sort: 'updated', state: null, errorClass: null, since: null, limit: 20 };
const RULES = { keptMs: 60_000, classes: ['timeout', 'other', 'unknown'], costOf: () => costOf };

/** Lists over three sessions of every known project; reading waits for `gate`. */
function scene() {
  const clock = new ManualClock(NOW);
  const known = new Set(['p', 'q']);
  const state = { scans: 0, error: null as Error | null, gate: Promise.resolve(), clockAhead: 0 };
  const lists = new SessionLists(clock, (id) =>
    known.has(id) ? { ...viewFixture(id), clockAhead: state.clockAhead } : null,
  );
  const rows = [1, 2, 3].map((turns, no) => rowOf(no, { figures: figuresOf({ turns }) }));
  lists.setRows(async (): Promise<readonly Row[]> => {
    state.scans += 1;
    await state.gate;
    if (state.error !== null) throw state.error;
    return rows;
  });
  lists.setRules(RULES);
  const hold = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    state.gate = promise;
    return resolve;
  };
  return { clock, known, lists, state, hold };
}

describe('lists of sessions', () => {
  it('are found by one scan for 20 clients at once', async () => {
    const { lists, state, hold } = scene();
    const release = hold();
    const clients = Array.from({ length: 20 }, () => lists.lists('p', [ANY]));
    const late = lists.lists('p', [ANY]);
    expect(await late).toBe('busy');
    release();
    const answers = await Promise.all(clients);
    expect(state.scans).toBe(1);
    expect(answers.every((answer) => typeof answer !== 'string' && answer[0]?.matched === 3)).toBe(true);
  });

  it('of one kind only are looked for at a time', async () => {
    const { lists, state, hold } = scene();
    const release = hold();
    const first = lists.lists('p', [ANY, { ...ANY, sort: 'turns' }]);
    expect(await lists.lists('p', [{ ...ANY, sort: 'cost' }])).toBe('busy');
    expect(await lists.lists('q', [ANY])).toBe('busy');
    const part = lists.lists('p', [{ ...ANY, sort: 'turns' }]);
    release();
    expect((await first).length).toBe(2);
    expect(await part).toMatchObject([{ sessions: [{ turns: 3 }, { turns: 2 }, { turns: 1 }] }]);
    expect(state.scans).toBe(1);
    expect(await lists.lists('q', [ANY])).toHaveLength(1);
  });

  it('are kept for a polling interval', async () => {
    const { lists, state, clock } = scene();
    await lists.lists('p', [ANY]);
    clock.advance(59.9);
    const kept = await lists.lists('p', [ANY]);
    expect(kept).toMatchObject([{ asOf: '2026-05-01T00:00:00.000Z' }]);
    expect(state.scans).toBe(1);
    clock.advance(0.1);
    expect(await lists.lists('p', [ANY])).toMatchObject([{ asOf: '2026-05-01T00:01:00.000Z' }]);
    expect(state.scans).toBe(2);
  });

  it('end at the time of the server where our clock is wrong', async () => {
    const { lists, state } = scene();
    state.clockAhead = -HOUR;
    const since = { ...ANY, since: MINUTE };
    expect(await lists.lists('p', [since])).toMatchObject([{ matched: 0, asOf: '2026-05-01T01:00:00.000Z' }]);
  });

  it('that are kept are answered while another scan runs', async () => {
    const { lists, hold } = scene();
    await lists.lists('p', [ANY]);
    const release = hold();
    const other = lists.lists('q', [ANY]);
    expect(await lists.lists('p', [ANY])).toHaveLength(1);
    release();
    await other;
  });

  it('are looked for again after a reload, also those of a scan under way', async () => {
    const { lists, state, hold } = scene();
    await lists.lists('p', [ANY]);
    lists.setRules({ ...RULES, costOf: () => () => 5e9 });
    const release = hold();
    const underWay = lists.lists('p', [ANY]);
    lists.setRules({ ...RULES, costOf: () => () => 7e9 });
    release();
    expect(await underWay).toMatchObject([{ sessions: [{ costUsd: 5 }, {}, {}] }]);
    expect(await lists.lists('p', [ANY])).toMatchObject([{ sessions: [{ costUsd: 7 }, {}, {}] }]);
    expect(state.scans).toBe(3);
  });

  it('fail for all who wait, and are tried again', async () => {
    const { lists, state, hold } = scene();
    const release = hold();
    state.error = new ExporterError('state', 'the disk is gone', 'Mount it.');
    const clients = [lists.lists('p', [ANY]), lists.lists('p', [ANY])];
    release();
    for (const client of clients) await expect(client).rejects.toMatchObject({ code: 'state' });
    state.error = null;
    expect(await lists.lists('p', [ANY])).toHaveLength(1);
    expect(state.scans).toBe(2);
  });

  it('are none of a project that is not shown', async () => {
    const { lists, known, state } = scene();
    await lists.lists('p', [ANY]);
    known.delete('p');
    expect(await lists.lists('p', [ANY])).toBe('unknown');
    expect(state.scans).toBe(1);
  });

  it('do not grow without end', async () => {
    const { lists, state } = scene();
    for (let limit = 1; limit <= 100; limit++) {
      for (const sort of ['turns', 'cost', 'updated'] as const) await lists.lists('p', [{ ...ANY, sort, limit }]);
    }
    expect(state.scans).toBe(300);
    await lists.lists('p', [{ ...ANY, limit: 100 }]);
    expect(state.scans).toBe(300);
    await lists.lists('p', [{ ...ANY, limit: 1 }]);
    expect(state.scans).toBe(301);
  });
});
