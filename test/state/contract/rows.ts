/** Rows by id, in slices, and what a commit refuses. */
import { describe, expect, test } from 'vitest';
import type { Row } from '../../../src/domain/row.ts';
import type { Commit, Store } from '../../../src/domain/store.ts';
import { foundRows, type Kind, openNew } from './kind.ts';
import { added, admissionOf, changed, commitOf, FIGURES, rowOf, totalsOf, waitingFor } from './values.ts';

export function rowsContract(kind: Kind): void {
  async function openWithProject(...ids: string[]): Promise<{ store: Store; key: number }> {
    const store = await openNew(kind);
    const [project] = await store.admit('default', 1, [admissionOf('p')]);
    const key = project?.key ?? 0;
    await store.commit(
      commitOf(
        key,
        ids.map((id, no) => added(rowOf(no, id))),
      ),
    );
    return { store, key };
  }

  const RICH: Partial<Row> = {
    figures: { durationUs: 0, isError: null, errorHash: 'aGFzaA', inputTokens: null, outputTokens: 2 ** 52, turns: 0 },
    fillable: 5,
    errorClass: 'rate_limit',
    stale: { updatedAt: 7, figures: FIGURES, sweep: 3, followed: true, before: 9 },
    missingSince: 11,
    deletedAt: 12,
    indexIds: ['b', 'a'],
    history: waitingFor(99),
  };

  describe('rows', () => {
    test('come back exactly as written', async () => {
      const { store, key } = await openWithProject();
      const rows = [
        rowOf(0, 'plain'),
        rowOf(1, 'never run', { figures: null }),
        rowOf(2, 'rich', RICH),
        rowOf(3, 'unsaid', { figures: { ...FIGURES, isError: null, durationUs: null } }),
        rowOf(4, 'failed', { figures: { ...FIGURES, isError: true }, indexIds: [] }),
      ];
      await store.commit(commitOf(key, rows.map(added)));
      const found = await foundRows(
        store,
        key,
        rows.map((row) => row.id),
      );
      expect([...found.values()]).toEqual(rows);
      expect([...found.keys()]).toEqual(rows.map((row) => row.id));
    });

    test('keep the last change only', async () => {
      const { store, key } = await openWithProject('a', 'b');
      await store.commit(commitOf(key, [changed(rowOf(1, 'b', RICH))]));
      await store.commit(commitOf(key, [changed(rowOf(1, 'b', { updatedAt: 99 }))]));
      expect((await foundRows(store, key, ['b'])).get('b')).toEqual(rowOf(1, 'b', { updatedAt: 99 }));
      expect((await foundRows(store, key, ['a'])).get('a')).toEqual(rowOf(0, 'a'));
    });

    test('of one project are hidden from another', async () => {
      const { store, key } = await openWithProject('shared');
      const [other] = await store.admit('default', 1, [admissionOf('q')]);
      expect(await foundRows(store, other?.key ?? 0, ['shared'])).toEqual(new Map());
      expect((await foundRows(store, key, ['shared'])).size).toBe(1);
    });

    test('asked for twice are answered once', async () => {
      const { store, key } = await openWithProject('a', 'b');
      expect([...(await foundRows(store, key, ['b', 'b', 'unknown', 'a'])).keys()].sort()).toEqual(['a', 'b']);
      expect((await foundRows(store, key, [])).size).toBe(0);
    });

    test('with ids of any text are found', async () => {
      const ids = ['', "O'Brien", '"', '\n', '😀', 'é', 'x'.repeat(5_000), '[1,2]', '-1', 'null'];
      const { store, key } = await openWithProject(...ids);
      expect([...(await foundRows(store, key, ids)).values()].map((row) => row.no)).toEqual(ids.map((_, no) => no));
    });
  });

  describe('slices', () => {
    test('leave tombstones out, in ascending order', async () => {
      const { store, key } = await openWithProject('a', 'b', 'c', 'd', 'e');
      await store.commit(commitOf(key, [changed(rowOf(2, 'c', { deletedAt: 5 }))], { totals: totalsOf(5) }));
      expect((await store.slice(key, 1, 2)).map((row) => row.no)).toEqual([1, 3]);
      expect((await store.slice(key, 4, 10)).map((row) => row.no)).toEqual([4]);
      expect(await store.slice(key, 5, 10)).toEqual([]);
    });

    test('end where the next project begins', async () => {
      const { store, key } = await openWithProject('a');
      const [other] = await store.admit('default', 1, [admissionOf('q')]);
      await store.commit(commitOf(other?.key ?? 0, [added(rowOf(0, 'z'))]));
      expect((await store.slice(key, 0, 10)).map((row) => row.id)).toEqual(['a']);
    });

    test('by number leave tombstones out', async () => {
      const { store, key } = await openWithProject('a', 'b', 'c');
      await store.commit(commitOf(key, [changed(rowOf(1, 'b', { deletedAt: 5 }))], { totals: totalsOf(3) }));
      expect((await store.rowsByNumber(key, [2, 1, 0, 77])).map((row) => row.id).sort()).toEqual(['a', 'c']);
    });
  });

  describe('a commit', () => {
    test('of an unknown number changes nothing', async () => {
      const { store, key } = await openWithProject('a');
      const commit = commitOf(key, [changed(rowOf(0, 'a', { updatedAt: 1 })), changed(rowOf(1, 'b'))]);
      await expect(store.commit(commit)).rejects.toMatchObject({ code: 'state' });
      expect((await foundRows(store, key, ['a'])).get('a')).toEqual(rowOf(0, 'a'));
    });

    test.each<readonly [string, (key: number) => Commit]>([
      ['a number used before', (key) => commitOf(key, [added(rowOf(0, 'new'))])],
      ['a number beyond the totals', (key) => commitOf(key, [added(rowOf(1, 'new'))], { totals: totalsOf(1) })],
      ['an id that is not the number’s', (key) => commitOf(key, [changed(rowOf(0, 'other'))])],
      ['an unknown project', (key) => commitOf(key + 99, [added(rowOf(1, 'new'))])],
    ])('with %s is refused', async (_, commit) => {
      const { store, key } = await openWithProject('a');
      await expect(store.commit(commit(key))).rejects.toMatchObject({ code: 'state' });
      expect((await store.restore()).projects[0]?.totals.nextNo).toBe(1);
    });

    test('is there after the state was opened again', async () => {
      const place = await kind.place();
      const store = await place.open();
      const [project] = await store.admit('default', 1, [admissionOf('p')]);
      const key = project?.key ?? 0;
      const rows = Array.from({ length: 25 }, (_, no) => rowOf(no, `s${no}`));
      await store.commit(commitOf(key, rows.map(added)));
      await store.close();
      const again = await place.open();
      expect([
        ...(
          await foundRows(
            again,
            key,
            rows.map((row) => row.id),
          )
        ).values(),
      ]).toEqual(rows);
      expect((await again.restore()).projects[0]?.totals).toEqual(totalsOf(25));
    });
  });
}
