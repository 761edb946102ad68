/** A state of version 0.1 that today's code opens and counts on with. */
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { Figures } from '../../../src/domain/session.ts';
import { NO_CURSORS, type Store, type StoredProject } from '../../../src/domain/store.ts';
import { MINUTE } from '../../../src/domain/time.ts';
import { rowOf } from '../contract/values.ts';
import { sessionOf, show, summed, verifyDue } from './counting.ts';
import { OLD_CURSORS, OLD_FAILED, OLD_RUN, OLD_STALE, OLD_TOTALS, writeState01 } from './old-state.ts';
import { foundRows, freshPath, NOW, open } from './support.ts';

const IDS = ['ok', 'failed', 'never', 'stale', 'gone'];
async function opened(): Promise<{ path: string; store: Store; project: StoredProject }> {
  const path = freshPath();
  writeState01(path);
  const store = await open(path);
  return { path, store, project: (await store.restore()).projects[0] as StoredProject };
}

/** Paths of all values in it that are no figure and no text. */
function oddValues(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [path];
  if (value === undefined) return [path];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => oddValues(inner, `${path}.${key}`));
}

describe('a state of version 0.1, counted on', () => {
  const shownAgain = [
    sessionOf('ok', NOW - 3, OLD_RUN),
    sessionOf('failed', NOW - 2, OLD_FAILED),
    sessionOf('never', NOW - 5, null),
    sessionOf('stale', OLD_STALE.updatedAt, OLD_STALE.figures),
  ];

  test('takes what it shows for known', async () => {
    const { store, project } = await opened();
    const totals = await show(store, NOW, shownAgain, true);
    expect({ ...totals.counters, errors: {} }).toEqual({ ...project.totals.counters, errors: {} });
    expect(totals.gauges).toEqual(project.totals.gauges);
    expect(totals.verification.unverified).toBe(0);
  });

  test('moves its gauges back from a stale reading that they follow', async () => {
    const { store } = await opened();
    const next = { ...OLD_RUN, inputTokens: 300, turns: 7 };
    const totals = await show(store, NOW, [sessionOf('stale', NOW - 1, next)]);
    expect(totals.gauges).toMatchObject(summed(await store.slice(1, 0, 10)));
    expect(totals.gauges).toMatchObject({ ok: 2, inputTokens: 400, turns: 9, durationUs: 4_000_000 });
    expect(totals.counters).toMatchObject({ runs: 6, inputTokens: 700, turns: 16 });
    expect(oddValues(totals)).toEqual([]);
  });

  test('adds nothing to what it counted before', async () => {
    const { store, project } = await opened();
    const filled = { ...OLD_FAILED, durationUs: 4_000_000, inputTokens: 30, outputTokens: 7, turns: 1 };
    const totals = await show(store, NOW, [sessionOf('failed', NOW - 2, filled)]);
    expect(totals.counters).toEqual({ ...project.totals.counters, errors: totals.counters.errors });
    expect(totals.counters.errors).toMatchObject({ other: 1, unknown: 0 });
    expect(totals.gauges).toMatchObject(summed(await store.slice(1, 0, 10)));
    expect(totals.gauges.inputTokens).toBe(180);
  });

  test('finds its place in a history by the recorded run', async () => {
    const { store } = await opened();
    const [older, hidden, next] = [1, 8, 9].map((turns) => ({ ...OLD_RUN, turns })) as [Figures, Figures, Figures];
    await show(store, NOW, [sessionOf('ok', NOW - 1, next)]);
    const totals = await verifyDue(store, NOW + MINUTE, { ok: [older, OLD_RUN, hidden, next] });
    expect(totals.counters).toMatchObject({ runs: 7, hiddenRuns: 1, turns: 9 + 17 });
    expect(totals.verification).toMatchObject({ unverified: 0, unreconciled: 0 });
    expect((await foundRows(store, 1, ['ok'])).get('ok')?.history).toMatchObject({ place: 4, stop: { index: 3 } });
    expect(oddValues(totals)).toEqual([]);
  });
});

describe('a state of version 0.1', () => {
  test('keeps its totals; what it did not know begins at 0', async () => {
    const { project } = await opened();
    expect(project.totals).toStrictEqual({
      ...OLD_TOTALS,
      counters: { ...OLD_TOTALS.counters, hiddenRuns: 0, errorExemplars: {} },
      verification: {
        unverified: 0,
        givenUp: 0,
        unreconciled: 0,
        histories: { verified: 0, behind: 0, failed: 0, given_up: 0 },
      },
      spending: { day: { no: 0, nanoUsd: 0 }, month: { no: 0, nanoUsd: 0 } },
      wholeSweeps: 0,
    });
    expect(oddValues(project)).toEqual([]);
  });

  test('keeps its project, epoch, cursors and discoveries', async () => {
    const { store, project } = await opened();
    expect(await store.restore()).toMatchObject({
      createdAt: NOW - 100,
      isNew: false,
      discoveries: { default: NOW - 10 },
    });
    expect(project).toMatchObject({
      key: 1,
      project: { id: 'p', name: 'P' },
      epoch: NOW - 90,
      leftAt: null,
      stats: null,
    });
    expect(project.cursors).toStrictEqual({ ...NO_CURSORS, ...OLD_CURSORS });
    expect(await store.activity(1, NOW)).toEqual({ m5: 4, h1: 4, h24: 4 });
    expect(await store.indexCounts(1, 5)).toEqual([['i', 1]]);
  });

  test('has rows without a place, to which nothing can be added', async () => {
    const { store } = await opened();
    const found = await foundRows(store, 1, IDS);
    expect([...found.values()]).toStrictEqual([
      rowOf(0, 'ok', { updatedAt: NOW - 3, figures: OLD_RUN }),
      rowOf(1, 'failed', { updatedAt: NOW - 2, figures: OLD_FAILED }),
      rowOf(2, 'never', { updatedAt: NOW - 5, figures: null, indexIds: ['i'] }),
      rowOf(3, 'stale', { updatedAt: NOW - 4, figures: OLD_RUN, stale: { ...OLD_STALE, before: null } }),
      rowOf(4, 'gone', { updatedAt: NOW - 6, figures: OLD_RUN, missingSince: NOW - 7, deletedAt: NOW - 5 }),
    ]);
    expect(await store.nextDue(1)).toBeNull();
    expect((await store.slice(1, 0, 10)).map((row) => row.no)).toEqual([0, 1, 2, 3]);
  });

  test('is whole, and is not migrated twice', async () => {
    const { path, store } = await opened();
    await store.close();
    await (await open(path)).close();
    const db = new DatabaseSync(path);
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 });
    const schema = 'SELECT type, name, tbl_name FROM sqlite_schema ORDER BY name';
    await (await open(`${path}-fresh`)).close();
    const other = new DatabaseSync(`${path}-fresh`);
    expect(db.prepare(schema).all()).toEqual(other.prepare(schema).all());
    for (const each of [db, other]) each.close();
  });
});
