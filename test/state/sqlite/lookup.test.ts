/** How a session's row is found by its id: hashes, collisions, entries still in memory, and the range guess. */
import { describe, expect, test } from 'vitest';
import type { Store } from '../../../src/domain/store.ts';
import { hashId } from '../../../src/state/sqlite/sessions/hash.ts';
import { PendingEntries, splitKey } from '../../../src/state/sqlite/sessions/pending.ts';
import { added, admissionOf, commitOf, rowOf } from '../contract/values.ts';
import { foundRows, freshPath, open } from './support.ts';

const ids = Array.from({ length: 500 }, (_, i) => `session ${(i * 7_919) % 1_000}`);

const numberOf = new Map(ids.map((id, no) => [id, no]));

async function fill(store: Store, perCommit: number): Promise<number> {
  const [project] = await store.admit('default', 1, [admissionOf('p')]);
  const key = project?.key ?? 0;
  for (let from = 0; from < ids.length; from += perCommit) {
    const some = ids.slice(from, from + perCommit);
    await store.commit(
      commitOf(
        key,
        some.map((id, i) => added(rowOf(from + i, id))),
      ),
    );
  }
  return key;
}

async function numbers(store: Store, key: number, wanted: readonly string[]): Promise<(number | undefined)[]> {
  const found = await foundRows(store, key, wanted);
  return wanted.map((id) => found.get(id)?.no);
}

describe('sessions with the same hash', () => {
  test.each([
    ['all', () => 7],
    ['negative', () => -1],
    ['in threes', (id: string) => id.length % 3],
  ])('are told apart: %s', async (_, hash) => {
    for (const pendingEntries of [1, 40, 10_000]) {
      const path = freshPath();
      const store = await open(path, { hash, pendingEntries });
      const key = await fill(store, 50);
      expect(await numbers(store, key, ids)).toEqual(ids.map((_id, no) => no));
      expect(await numbers(store, key, ['session 1001'])).toEqual([undefined]);
      await store.close();
      expect(await numbers(await open(path, { hash, pendingEntries }), key, ids)).toEqual(ids.map((_id, no) => no));
    }
  });
});

describe('a session is found', () => {
  const shuffled = ids.map((id, i) => [(i * 311) % ids.length, id] as const).sort(([a], [b]) => a - b);
  test.each([
    ['the order of numbering', ids],
    ['the reverse order', [...ids].reverse()],
    ['no order', shuffled.map(([, id]) => id)],
    ['order, with strangers between', ids.flatMap((id, i) => (i % 7 === 0 ? [`stranger ${i}`, id] : [id]))],
  ])('in %s', async (_, list) => {
    for (const pendingEntries of [30, 10_000]) {
      const store = await open(':memory:', { pendingEntries });
      const key = await fill(store, 100);
      for (const size of [7, 100]) {
        for (let from = 0; from < list.length; from += size) {
          const page = list.slice(from, from + size);
          expect(await numbers(store, key, page)).toEqual(page.map((id) => numberOf.get(id)));
        }
      }
    }
  });
});

describe('hash', () => {
  test('spreads ids that differ little', () => {
    const hashes = Array.from({ length: 20_000 }, (_, i) =>
      hashId(`00000000-0000-4000-8000-${String(i).padStart(12, '0')}`),
    );
    expect(new Set(hashes).size).toBeGreaterThan(19_990);
    expect(hashes.every((hash) => Number.isInteger(hash) && hash >= -(2 ** 31) && hash < 2 ** 31)).toBe(true);
    expect(new Set(hashes.map((hash) => hash & 1_023)).size).toBe(1_024);
  });
});

describe('waiting entries', () => {
  test('are found and sorted through growth', () => {
    const entries = new PendingEntries();
    for (let no = 0; no < 20_000; no++) entries.add(1 + (no % 3), Math.imul(no, 0x9e3779b1), no);
    for (const no of [0, 1, 9_999, 19_999]) {
      const found: number[] = [];
      entries.find(1 + (no % 3), Math.imul(no, 0x9e3779b1), found);
      expect(found).toEqual([no]);
    }
    const keys = entries.sortedKeys();
    expect(keys).toHaveLength(20_000);
    expect(keys.every((key, i) => i === 0 || key > (keys[i - 1] ?? 0))).toBe(true);
    expect(splitKey(keys[19_999] ?? 0)[0]).toBe(3);
    expect([...entries.ends]).toEqual([
      [1, 19_999],
      [2, 20_000],
      [3, 19_998],
    ]);
  });

  test('that were removed are not found', () => {
    const entries = new PendingEntries();
    for (const no of [1, 2, 3]) entries.add(1, -5, no);
    entries.remove(1, -5, 2);
    const found: number[] = [];
    entries.find(1, -5, found);
    expect(found).toEqual([1, 3]);
  });
});
