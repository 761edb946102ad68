/** Sessions by minute and by index. */
import { describe, expect, test } from 'vitest';
import { NO_CURSORS, type Progress, type Store } from '../../../src/domain/store.ts';
import { DAY, HOUR, MINUTE } from '../../../src/domain/time.ts';
import { purgeAll } from '../../support/purge.ts';
import { type Kind, openNew } from './kind.ts';
import { admissionOf, commitOf, NOW, statsOf } from './values.ts';

export function countsContract(kind: Kind): void {
  const MINUTE_NOW = NOW / MINUTE;

  async function openWithProjects(): Promise<{ store: Store; p: number; q: number }> {
    const store = await openNew(kind);
    const [p, q] = await store.admit('default', 1, [admissionOf('p'), admissionOf('q')]);
    return { store, p: p?.key ?? 0, q: q?.key ?? 0 };
  }

  describe('activity', () => {
    test('counts each window to the minute', async () => {
      const { store, p } = await openWithProjects();
      const ages = [-1, 0, 4, 5, 59, 60, 1_439, 1_440];
      const minutes = new Map(ages.map((age, i) => [MINUTE_NOW - age, 10 ** i]));
      await store.commit(commitOf(p, [], { minutes }));
      expect(await store.activity(p, NOW + 59_999_999)).toEqual({ m5: 111, h1: 11_111, h24: 1_111_111 });
      expect(await store.activity(p, NOW + MINUTE)).toEqual({ m5: 11, h1: 1_111, h24: 111_111 });
    });

    test('adds up over commits, per project', async () => {
      const { store, p, q } = await openWithProjects();
      await store.commit(commitOf(p, [], { minutes: new Map([[MINUTE_NOW, 5]]) }));
      await store.commit(
        commitOf(p, [], {
          minutes: new Map([
            [MINUTE_NOW, -2],
            [MINUTE_NOW - 7, 1],
          ]),
        }),
      );
      expect(await store.activity(p, NOW)).toEqual({ m5: 3, h1: 4, h24: 4 });
      expect(await store.activity(q, NOW)).toEqual({ m5: 0, h1: 0, h24: 0 });
    });

    test('has no upper bound, so that it does not sink while a sweep runs', async () => {
      const { store, p } = await openWithProjects();
      await store.commit(commitOf(p, [], { minutes: new Map([[MINUTE_NOW + 30 * 24 * 60, 2]]) }));
      expect(await store.activity(p, NOW)).toEqual({ m5: 2, h1: 2, h24: 2 });
    });

    test('that has left every window is not kept', async () => {
      const { store, p, q } = await openWithProjects();
      for (const key of [p, q])
        await store.commit(commitOf(key, [], { minutes: new Map([[MINUTE_NOW - 24 * 60, 1]]) }));
      await purgeAll(store, 0, NOW);
      expect(await store.activity(p, NOW - DAY)).toEqual({ m5: 1, h1: 1, h24: 1 });
      await purgeAll(store, 0, NOW + 26 * HOUR);
      expect(await store.activity(p, NOW - DAY)).toEqual({ m5: 0, h1: 0, h24: 0 });
      expect(await store.activity(q, NOW - DAY)).toEqual({ m5: 0, h1: 0, h24: 0 });
    });

    test('is kept for as long as the last read of its own project needs', async () => {
      const { store, p, q } = await openWithProjects();
      for (const key of [p, q]) await store.commit(commitOf(key, [], { minutes: new Map([[MINUTE_NOW, 1]]) }));
      const read = (lastSuccess: number): Progress => ({ cursors: { ...NO_CURSORS, lastSuccess }, stats: statsOf(1) });
      await store.saveProgress(
        new Map([
          [p, read(NOW)],
          [q, read(NOW + 3 * DAY)],
        ]),
      );
      await purgeAll(store, 0, NOW + 3 * DAY);
      expect(await store.activity(p, NOW)).toEqual({ m5: 1, h1: 1, h24: 1 });
      expect(await store.activity(q, NOW)).toEqual({ m5: 0, h1: 0, h24: 0 });
    });

    test('is pruned where the last read lies ahead of the present', async () => {
      const { store, p } = await openWithProjects();
      const minutes = new Map([[MINUTE_NOW - 24 * 60, 1]]);
      await store.commit(commitOf(p, [], { minutes, cursors: { ...NO_CURSORS, lastSuccess: NOW + 300 * DAY } }));
      await purgeAll(store, 0, NOW);
      expect(await store.activity(p, NOW - DAY)).toEqual({ m5: 1, h1: 1, h24: 1 });
    });
  });

  describe('sessions per index', () => {
    test('come largest first, the rest as other', async () => {
      const { store, p } = await openWithProjects();
      const indexes = new Map([
        ['a', 1],
        ['b', 5],
        ['c', 3],
        ['d', 3],
      ]);
      await store.commit(commitOf(p, [], { indexes }));
      expect(await store.indexCounts(p, 2)).toEqual([
        ['b', 5],
        ['c', 3],
        ['other', 4],
      ]);
      expect((await store.indexCounts(p, 4)).map(([id]) => id)).toEqual(['b', 'c', 'd', 'a']);
    });

    test('named as the rest is are told apart from it', async () => {
      const { store, p } = await openWithProjects();
      const indexes = new Map([
        ['a', 5],
        ['other', 3],
        ['other_', 2],
        ['b', 1],
        ['c', 1],
      ]);
      await store.commit(commitOf(p, [], { indexes }));
      expect(await store.indexCounts(p, 3)).toEqual([
        ['a', 5],
        ['other_', 3],
        ['other__', 2],
        ['other', 2],
      ]);
    });

    test('that fall to zero are gone', async () => {
      const { store, p, q } = await openWithProjects();
      await store.commit(commitOf(p, [], { indexes: new Map([['a', 2]]) }));
      await store.commit(commitOf(q, [], { indexes: new Map([['a', 9]]) }));
      await store.commit(commitOf(p, [], { indexes: new Map([['a', -2]]) }));
      expect(await store.indexCounts(p, 10)).toEqual([]);
      expect(await store.indexCounts(q, 10)).toEqual([['a', 9]]);
    });
  });
}
