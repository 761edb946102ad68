import { describe, expect, it } from 'vitest';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { keepUp } from '../../src/poller/upkeep.ts';
import { figures } from '../fakes/fake-api.ts';
import { Harness, START } from './harness.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('upkeep', () => {
  it('purges tombstones beside an open ledger', async () => {
    const h = await Harness.start((x) => {
      for (let i = 0; i < 6; i++) x.api.show('p', `s${i}`, START - DAY + i * SECOND, figures());
      x.api.fake('p').order = 'id';
    });
    await h.poll({ kind: 'full' });
    h.api.remove('p', 's5');
    await h.poll({ kind: 'full' });
    await h.poll({ kind: 'full', after: 700 });
    expect(h.view().totals.tombstones).toBe(1);
    h.clock.advance((31 * DAY) / SECOND);
    for (let i = 0; i < 5; i++) h.api.show('p', `s${i}`, h.clock.now(), figures({ turns: 9 }));
    const rows = h.store.rows.bind(h.store);
    const stop = new AbortController();
    h.store.rows = async (...given) => {
      h.store.rows = rows;
      const found = await rows(...given);
      void keepUp(h.poller.registry, h.worker().ctx.deps, stop.signal).catch(() => {});
      for (let i = 0; i < 5; i++) await nextTurn();
      return found;
    };
    expect(await h.poll({ kind: 'full' })).toBeNull();
    stop.abort(new Error('stopped'));
    expect(h.counters().runs).toBe(5);
    expect((await h.store.size()).deleted).toBe(0);
    expect(h.view().totals.tombstones).toBe(0);
  });
});
