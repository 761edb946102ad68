/** What purging leaves in the tables of a SQLite file; what it must do in any state is in the contract. */
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { NO_CURSORS } from '../../../src/domain/store.ts';
import { purgeAll } from '../../support/purge.ts';
import { AMOUNT, withTombstones } from '../contract/purge.ts';
import { added, admissionOf, commitOf, rowOf, statsOf, totalsOf } from '../contract/values.ts';
import { foundRows, freshPath, NOW, open } from './support.ts';

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
  test('leave nothing behind once they are old enough', async () => {
    const path = freshPath();
    const store = await open(path, { pendingEntries });
    const p = await withTombstones(store, 'p');
    await withTombstones(store, 'q');
    await purgeAll(store, 101, NOW);
    expect([...(await foundRows(store, p, ['p0', 'p100', 'p101', 'p102'])).keys()]).toEqual(['p101', 'p102']);
    await store.close();
    expect(rowsIn(path)['session']).toBe(2 * AMOUNT - 102);
    expect(danglingIn(path)).toBe(0);
    expect((await foundRows(await open(path), p, ['p0', 'p1'])).size).toBe(1);
  });

  test('leave a number that is not used again', async () => {
    const store = await open(':memory:', { pendingEntries });
    const p = await withTombstones(store, 'p');
    await purgeAll(store, NOW, NOW);
    await store.commit(commitOf(p, [added(rowOf(AMOUNT, 'p0'))]));
    expect((await foundRows(store, p, ['p0'])).get('p0')?.no).toBe(AMOUNT);
  });
});

test('a project that left leaves nothing behind', async () => {
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
