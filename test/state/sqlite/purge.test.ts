/** What purging removes: tombstones that are old enough, and all traces of a project that left. */
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { NO_CURSORS, type Store } from '../../../src/domain/store.ts';
import { purgeAll } from '../../support/purge.ts';
import { added, admissionOf, changed, commitOf, rowOf, statsOf, totalsOf } from '../contract/values.ts';
import { foundRows, freshPath, NOW, open } from './support.ts';

const AMOUNT = 400;

/** A project whose sessions with an even number are tombstones, deleted at their number. */
async function withTombstones(store: Store, id: string, amount = AMOUNT): Promise<number> {
  const [project] = await store.admit('default', 1, [admissionOf(id)]);
  const key = project?.key ?? 0;
  const rows = Array.from({ length: amount }, (_, no) => rowOf(no, `${id}${no}`));
  await store.commit(commitOf(key, rows.map(added)));
  const deleted = rows.filter(({ no }) => no % 2 === 0).map((row) => changed({ ...row, deletedAt: row.no }));
  await store.commit(commitOf(key, deleted, { totals: totalsOf(amount, { tombstones: amount / 2 }) }));
  return key;
}

/** Entries of the look-up table that lead to no session. */
function danglingIn(path: string): unknown {
  const db = new DatabaseSync(path);
  const select = `SELECT count(*) AS n FROM lookup
    WHERE project * 4294967296 + no NOT IN (SELECT key FROM session)`;
  const n = db.prepare(select).get()?.['n'];
  db.close();
  return n;
}

function rowsIn(path: string): Record<string, number> {
  const db = new DatabaseSync(path);
  const tables = [
    'session',
    'lookup',
    'minute',
    'index_count',
    'totals',
    'cursors',
    'stats',
    'malformed',
    'project',
    'forgotten',
  ];
  const counts = tables.map((table) => [table, db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']]);
  db.close();
  return Object.fromEntries(counts) as Record<string, number>;
}

describe.each([
  ['waiting in memory', 1_000_000],
  ['in the look-up table', 50],
])('tombstones, with entries %s', (_, pendingEntries) => {
  test('go once they are old enough', async () => {
    const path = freshPath();
    const store = await open(path, { pendingEntries });
    const p = await withTombstones(store, 'p');
    const q = await withTombstones(store, 'q');
    const removed = await purgeAll(store, 101, NOW);
    expect(removed).toEqual(
      new Map([
        [p, 51],
        [q, 51],
      ]),
    );
    expect([...(await foundRows(store, p, ['p0', 'p100', 'p101', 'p102'])).keys()]).toEqual(['p101', 'p102']);
    expect((await store.size()).deleted).toBe(AMOUNT - 102);
    await store.close();
    expect(rowsIn(path)['session']).toBe(2 * AMOUNT - 102);
    expect(danglingIn(path)).toBe(0);
    const again = await open(path);
    expect((await again.restore()).projects.map(({ totals }) => totals.tombstones)).toEqual([149, 149]);
    expect((await foundRows(again, p, ['p0', 'p1'])).size).toBe(1);
  });

  test('leave a number that is not used again', async () => {
    const store = await open(':memory:', { pendingEntries });
    const p = await withTombstones(store, 'p');
    await purgeAll(store, NOW, NOW);
    await store.commit(commitOf(p, [added(rowOf(AMOUNT, 'p0'))]));
    expect((await foundRows(store, p, ['p0'])).get('p0')?.no).toBe(AMOUNT);
  });
});

describe('purging', () => {
  test('works in slices of 5,000 rows', async () => {
    const store = await open(':memory:');
    const p = await withTombstones(store, 'p', 11_000);
    const first = await store.purgeTombstones(p, NOW, NOW);
    expect(first.more).toBe(true);
    expect(first.removed).toBeLessThanOrEqual(5_000);
    await purgeAll(store, NOW, NOW);
    expect(await store.size()).toMatchObject({ deleted: 0 });
  });

  test('removes all of a project that left', async () => {
    const path = freshPath();
    const store = await open(path, { pendingEntries: 50 });
    const p = await withTombstones(store, 'p');
    const minutes = new Map([[NOW / 60e6, 3]]);
    const more = { minutes, indexes: new Map([['i', 2]]), malformed: ['bad', 'worse'], cursors: NO_CURSORS };
    await store.commit(commitOf(p, [], { totals: totalsOf(AMOUNT), ...more }));
    await store.saveProgress(new Map([[p, { cursors: NO_CURSORS, stats: statsOf(1) }]]));
    await store.admit('default', 2, [admissionOf('p', { leftAt: 10 }), admissionOf('q', { leftAt: 11 })]);
    const q = (await store.restore()).projects.find(({ project }) => project.id === 'q')?.key ?? 0;
    await store.commit(commitOf(q, [], { malformed: ['bad'] }));
    await purgeAll(store, 11, NOW);
    expect((await store.restore()).projects.map(({ project }) => project.id)).toEqual(['q']);
    await store.close();
    expect(rowsIn(path)).toEqual({
      session: 0,
      lookup: 0,
      minute: 0,
      index_count: 0,
      totals: 1,
      cursors: 0,
      stats: 0,
      malformed: 1,
      project: 1,
      forgotten: 0,
    });
  });

  test('lets a forgotten project return as new', async () => {
    const store = await open(':memory:');
    const p = await withTombstones(store, 'p', 9_000);
    await store.admit('default', 2, [admissionOf('p', { leftAt: 10 })]);
    expect(await store.purgeDeparted(11)).toBe(true);
    const [returned] = await store.admit('default', 3, [admissionOf('p', { epoch: 77 })]);
    expect(returned).toMatchObject({ epoch: 77, totals: totalsOf(0) });
    expect(returned?.key).not.toBe(p);
    expect((await foundRows(store, returned?.key ?? 0, ['p1'])).size).toBe(0);
    await purgeAll(store, 11, NOW);
    expect(await store.restore()).toMatchObject({ projects: [returned] });
  });
});
