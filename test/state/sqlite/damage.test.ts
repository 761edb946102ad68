/** A damaged SQLite file is refused at start, and stops the exporter while it runs. */
import { appendFileSync, closeSync, existsSync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { NO_CURSORS, type Progress, type Store } from '../../../src/domain/store.ts';
import { added, admissionOf, commitOf, rowOf, statsOf } from '../contract/values.ts';
import { foundRows, freshPath, Listener, open, sql } from './support.ts';

const ids = Array.from({ length: 2_000 }, (_, i) => `session ${i}`);
const PAGE_BYTES = 4_096;

/** A closed state with one project and 2,000 sessions. */
async function closedState(): Promise<string> {
  const path = freshPath();
  const store = await open(path, { pendingEntries: 100 });
  const key = await admit(store);
  for (let from = 0; from < ids.length; from += 100) {
    const rows = ids.slice(from, from + 100).map((id, i) => rowOf(from + i, id));
    await store.commit(commitOf(key, rows.map(added)));
  }
  await store.saveProgress(progressOf(key, 5));
  await store.close();
  return path;
}

function progressOf(key: number, watermark: number): ReadonlyMap<number, Progress> {
  return new Map([[key, { cursors: { ...NO_CURSORS, watermark }, stats: statsOf(1) }]]);
}

async function admit(store: Store): Promise<number> {
  const [project] = await store.admit('default', 1, [admissionOf('p')]);
  return project?.key ?? 0;
}

function rootPage(path: string, table: string): number {
  const db = new DatabaseSync(path);
  const root = db.prepare('SELECT rootpage AS page FROM sqlite_schema WHERE name = ?').get(table)?.['page'];
  db.close();
  return Number(root);
}

/** The page with the table's first rows. */
function firstLeaf(path: string, table: string): number {
  const db = new DatabaseSync(path);
  const select = `SELECT min(pageno) AS page FROM dbstat WHERE name = ? AND pagetype = 'leaf'`;
  const leaf = db.prepare(select).get(table)?.['page'];
  db.close();
  return Number(leaf);
}

function overwritePage(path: string, page: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(PAGE_BYTES, 0xa5), 0, PAGE_BYTES, (page - 1) * PAGE_BYTES);
  closeSync(file);
}

const DAMAGED = { name: 'ExporterError', code: 'startup', fix: expect.stringContaining('counters restart at 0') };

describe('at start', () => {
  test.each([
    ['totals', `UPDATE totals SET value = replace(value, '"runs":2000', '"runs":2001')`],
    ['totals', 'DELETE FROM totals'],
    ['cursors', `UPDATE cursors SET value = replace(value, '"watermark":5', '"watermark":6')`],
    ['cursors', `UPDATE cursors SET seen = x'01'`],
    ['statistics', `UPDATE stats SET value = replace(value, '"staleReads":5', '"staleReads":6')`],
  ])('%s that fit no checksum are refused: %s', async (what, statement) => {
    const path = await closedState();
    sql(path, statement);
    await expect(open(path)).rejects.toMatchObject({ ...DAMAGED, message: expect.stringContaining(`the ${what} of`) });
  });

  test.each(['project', 'totals', 'meta'])('a corrupt page of %s is refused', async (table) => {
    const path = await closedState();
    overwritePage(path, rootPage(path, table));
    await expect(open(path)).rejects.toMatchObject({ ...DAMAGED, message: expect.stringContaining(path) });
  });

  test.each([1, 100, PAGE_BYTES, PAGE_BYTES + 1, 20_000, 100_000])(
    'a file cut to %d bytes is refused',
    async (bytes) => {
      const path = await closedState();
      expect(statSync(path).size).toBeGreaterThan(bytes);
      truncateSync(path, bytes);
      await expect(open(path)).rejects.toMatchObject(DAMAGED);
      expect(statSync(path).size).toBe(bytes);
    },
  );
});

describe('while running', () => {
  test.each(['session', 'lookup'])('a corrupt page of %s stops the exporter', async (table) => {
    const path = await closedState();
    overwritePage(path, firstLeaf(path, table));
    const store = await open(path);
    const key = (await store.restore()).projects[0]?.key ?? 0;
    await expect(store.rows(key, ids)).rejects.toMatchObject(DAMAGED);
    await expect(store.saveProgress(progressOf(key, 9))).rejects.toMatchObject(DAMAGED);
    await store.close();
  });

  test('a corrupt page met by a commit stops it too', async () => {
    const path = await closedState();
    overwritePage(path, rootPage(path, 'minute'));
    const listener = new Listener();
    const store = await open(path, {}, listener);
    const { key, totals } = (await store.restore()).projects[0] ?? { key: 0, totals: undefined };
    const commit = commitOf(key, [], { minutes: new Map([[3e7, 1]]), ...(totals && { totals }) });
    await expect(store.commit(commit)).rejects.toMatchObject(DAMAGED);
    expect(listener.writeFailures).toMatchObject([DAMAGED]);
  });

  test('a file deleted underneath stops it', async () => {
    const path = await closedState();
    const store = await open(path);
    const key = (await store.restore()).projects[0]?.key ?? 0;
    rmSync(path);
    await expect(store.saveProgress(progressOf(key, 6))).rejects.toMatchObject({
      ...DAMAGED,
      message: expect.stringContaining('deleted or replaced'),
    });
    await store.close();
  });
});

describe('garbage', () => {
  test('behind the last page does no harm', async () => {
    const path = await closedState();
    appendFileSync(path, 'garbage');
    const store = await open(path);
    const key = (await store.restore()).projects[0]?.key ?? 0;
    expect((await foundRows(store, key, ids)).size).toBe(ids.length);
    expect(existsSync(path)).toBe(true);
  });
});
