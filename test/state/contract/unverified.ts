/** Which sessions wait for their history, and which were shown malformed. */
import { describe, expect, test } from 'vitest';
import type { Store } from '../../../src/domain/store.ts';
import { HOUR } from '../../../src/domain/time.ts';
import { foundRows, type Kind, type Place } from './kind.ts';
import { added, admissionOf, changed, commitOf, NOW, rowOf, totalsOf, VERIFIED, waitingFor } from './values.ts';

export function unverifiedContract(kind: Kind): void {
  /** Two projects; in the first, session `s<no>` waits for its history until `dueAt[no]`. */
  async function waiting(
    dueAt: readonly number[],
    place?: Place,
  ): Promise<{ store: Store; key: number; other: number }> {
    const store = await (place ?? (await kind.place())).open();
    const [p, q] = await store.admit('default', 1, [admissionOf('p'), admissionOf('q')]);
    const key = p?.key ?? 0;
    const rows = dueAt.map((due, no) => rowOf(no, `s${no}`, { history: waitingFor(due, NOW - 1_000 + no) }));
    await store.commit(commitOf(key, rows.map(added)));
    return { store, key, other: q?.key ?? 0 };
  }

  async function dueIds(store: Store, key: number, limit = 100): Promise<string[]> {
    return (await store.dueRows(key, NOW, NOW + HOUR, limit)).map((row) => row.id);
  }

  describe('sessions whose history is due', () => {
    test('come those due for longest first', async () => {
      const { store, key } = await waiting([NOW - 5, NOW - 9, NOW, NOW + 1]);
      expect(await dueIds(store, key)).toEqual(['s1', 's0', 's2']);
      expect(await dueIds(store, key, 2)).toEqual(['s1', 's0']);
      expect((await store.dueRows(key, NOW, NOW + HOUR, 1))[0]).toEqual(
        rowOf(1, 's1', { history: waitingFor(NOW - 9, NOW - 1_000 + 1) }),
      );
    });

    test('are those of their project only', async () => {
      const { store, key, other } = await waiting([NOW]);
      await store.commit(commitOf(other, [added(rowOf(0, 's0', { history: waitingFor(NOW - 1, 3) }))]));
      expect(await dueIds(store, key)).toEqual(['s0']);
      expect(await store.nextDue(key)).toBe(NOW);
      expect(await store.nextDue(other)).toBe(NOW - 1);
      expect(await store.oldestUnverified(key)).toBe(NOW - 1_000);
      expect(await store.oldestUnverified(other)).toBe(3);
    });

    test('include one whose time a wrong clock set', async () => {
      const { store, key } = await waiting([NOW + HOUR, NOW + HOUR + 1, NOW - 1]);
      expect(await dueIds(store, key)).toEqual(['s2', 's1']);
      expect(await dueIds(store, key, 1)).toEqual(['s2']);
    });

    test('leave once they are verified, given up or deleted', async () => {
      const { store, key } = await waiting([NOW, NOW, NOW]);
      const rest = [
        rowOf(0, 's0', { history: VERIFIED }),
        rowOf(1, 's1', { history: { ...VERIFIED, givenUp: true } }),
        rowOf(2, 's2', { history: waitingFor(NOW), deletedAt: 9 }),
      ];
      await store.commit(commitOf(key, rest.slice(0, 2).map(changed), { totals: totalsOf(3) }));
      expect(await dueIds(store, key)).toEqual(['s2']);
      await store.commit(commitOf(key, rest.map(changed)));
      expect(await dueIds(store, key)).toEqual([]);
      expect(await store.nextDue(key)).toBeNull();
      expect(await store.oldestUnverified(key)).toBeNull();
    });

    test('are known after the state was opened again', async () => {
      const place = await kind.place();
      const { store, key, other } = await waiting([NOW + 7, NOW - 7], place);
      await store.close();
      const again = await place.open();
      expect(await dueIds(again, key)).toEqual(['s1']);
      expect(await again.nextDue(key)).toBe(NOW - 7);
      expect(await again.oldestUnverified(key)).toBe(NOW - 1_000);
      expect(await again.nextDue(other)).toBeNull();
    });
  });

  describe('sessions that were shown malformed', () => {
    test('are remembered by project, once each', async () => {
      const place = await kind.place();
      const { store, key, other } = await waiting([NOW], place);
      const malformed = ['bad', "O'Brien", ''];
      await store.commit(commitOf(key, [], { totals: totalsOf(1), malformed }));
      await store.commit(commitOf(key, [], { totals: totalsOf(1), malformed: ['bad', 'worse'] }));
      expect(await store.malformedAmong(key, ['s0', 'worse', 'bad', '', 'bad'])).toEqual(new Set(['worse', 'bad', '']));
      expect(await store.malformedAmong(other, malformed)).toEqual(new Set());
      await store.close();
      const again = await place.open();
      expect(await again.malformedAmong(key, malformed)).toEqual(new Set(malformed));
      expect(await again.malformedAmong(key, [])).toEqual(new Set());
    });

    test('are not when the commit of their page fails', async () => {
      const { store, key } = await waiting([NOW]);
      const commit = commitOf(key, [changed(rowOf(9, 'unknown'))], { malformed: ['bad'] });
      await expect(store.commit(commit)).rejects.toMatchObject({ code: 'state' });
      expect(await store.malformedAmong(key, ['bad'])).toEqual(new Set());
      expect((await foundRows(store, key, ['s0'])).size).toBe(1);
    });
  });
}
