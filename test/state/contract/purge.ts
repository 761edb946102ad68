/** Forgetting: tombstones, and projects that left. */
import { describe, expect, test } from 'vitest';
import type { Store } from '../../../src/domain/store.ts';
import { purgeAll } from '../../support/purge.ts';
import { foundRows, type Kind, openNew } from './kind.ts';
import { added, admissionOf, changed, commitOf, NOW, rowOf, totalsOf } from './values.ts';

/** Sessions of a project with tombstones: every second one is a tombstone. */
export const AMOUNT = 400;

/** A project whose sessions with an even number are tombstones, deleted at their number. */
export async function withTombstones(store: Store, id: string, amount = AMOUNT): Promise<number> {
  const [project] = await store.admit('default', 1, [admissionOf(id)]);
  const key = project?.key ?? 0;
  const rows = Array.from({ length: amount }, (_, no) => rowOf(no, `${id}${no}`));
  await store.commit(commitOf(key, rows.map(added)));
  const deleted = rows.filter(({ no }) => no % 2 === 0).map((row) => changed({ ...row, deletedAt: row.no }));
  await store.commit(commitOf(key, deleted, { totals: totalsOf(amount, { tombstones: amount / 2 }) }));
  return key;
}

export function purgeContract(kind: Kind): void {
  describe('tombstones', () => {
    test('go once they are old enough', async () => {
      const place = await kind.place();
      const store = await place.open();
      const p = await withTombstones(store, 'p');
      const q = await withTombstones(store, 'q');
      expect(await purgeAll(store, 101, NOW)).toEqual(
        new Map([
          [p, 51],
          [q, 51],
        ]),
      );
      expect([...(await foundRows(store, p, ['p0', 'p100', 'p101', 'p102'])).keys()]).toEqual(['p101', 'p102']);
      expect((await store.size()).deleted).toBe(AMOUNT - 102);
      await store.close();
      const again = await place.open();
      expect((await again.restore()).projects.map(({ totals }) => totals.tombstones)).toEqual([149, 149]);
      expect((await foundRows(again, p, ['p0', 'p1'])).size).toBe(1);
    });

    test('leave a number that is not used again', async () => {
      const store = await openNew(kind);
      const p = await withTombstones(store, 'p');
      await purgeAll(store, NOW, NOW);
      await store.commit(commitOf(p, [added(rowOf(AMOUNT, 'p0'))]));
      expect((await foundRows(store, p, ['p0'])).get('p0')?.no).toBe(AMOUNT);
    });

    test('go in slices of at most 5,000', async () => {
      const store = await openNew(kind);
      const p = await withTombstones(store, 'p', 11_000);
      const first = await store.purgeTombstones(p, NOW, NOW);
      expect(first.more).toBe(true);
      expect(first.removed).toBeGreaterThan(0);
      expect(first.removed).toBeLessThanOrEqual(5_000);
      await purgeAll(store, NOW, NOW);
      expect(await store.size()).toMatchObject({ deleted: 0 });
    });
  });

  test('a project that left is gone once it is old enough, and returns as new', async () => {
    const store = await openNew(kind);
    const p = await withTombstones(store, 'p', 9_000);
    await store.commit(commitOf(p, [], { totals: totalsOf(9_000), malformed: ['bad'] }));
    await store.admit('default', 2, [admissionOf('p', { leftAt: 10 }), admissionOf('q', { leftAt: 11 })]);
    expect(await store.purgeDeparted(11)).toBe(true);
    expect((await store.restore()).projects.map(({ project }) => project.id)).toEqual(['q']);
    const [returned] = await store.admit('default', 3, [admissionOf('p', { epoch: 77 })]);
    const key = returned?.key ?? 0;
    expect(returned).toMatchObject({ epoch: 77, totals: totalsOf(0) });
    expect(key).not.toBe(p);
    await purgeAll(store, 11, NOW);
    expect((await foundRows(store, key, ['p1'])).size).toBe(0);
    expect((await foundRows(store, p, ['p1'])).size).toBe(0);
    expect(await store.malformedAmong(p, ['bad'])).toEqual(new Set());
    await store.commit(commitOf(key, [added(rowOf(0, 'p1'))]));
    expect((await store.restore()).projects).toMatchObject(
      [{ project: { id: 'p' } }, { project: { id: 'q' } }].reverse(),
    );
  });
}
