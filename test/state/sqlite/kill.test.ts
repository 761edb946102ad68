/** A process that is killed while it commits loses no commit and repeats none. */
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { rowOf, VERIFIED } from '../contract/values.ts';
import { Child } from './children.ts';
import { foundRows, freshPath, open } from './support.ts';

const KILLS = 8;
const PAGE = 37;

test('no kill loses or repeats a commit', async () => {
  const path = freshPath();
  let printed = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const child = new Child('write', path);
    await child.until((line) => Number(line) > printed);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
    await child.kill();
    expect(child.lines.map(Number)).toEqual(child.lines.map((_, i) => printed + PAGE * (i + 1)));
    const runs = await committed(path);
    expect(runs).toBeGreaterThanOrEqual(Number(child.last));
    expect(runs - Number(child.last)).toBeLessThanOrEqual(PAGE);
    printed = runs;
  }
});

/** The runs that the totals count, after a look at every row behind them. */
async function committed(path: string): Promise<number> {
  const store = await open(path, { pendingEntries: 100 });
  const { key = 0, totals } = (await store.restore()).projects[0] ?? {};
  const runs = totals?.counters.runs ?? 0;
  const ids = Array.from({ length: runs + PAGE }, (_, no) => `s${no}`);
  const rows = [...(await foundRows(store, key, ids)).values()].sort((a, b) => a.no - b.no);
  const changedTwice = { errorClass: 'other', history: VERIFIED };
  expect(rows).toEqual(ids.slice(0, runs).map((id, no) => rowOf(no, id, no < runs - PAGE ? changedTwice : {})));
  await store.close();
  const db = new DatabaseSync(path);
  expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  db.close();
  return runs;
}
