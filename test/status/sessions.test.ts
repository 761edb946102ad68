/** Lists of sessions out of a real state of 100,000, against lists made the plain way. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionRows } from '../../src/app/sessions.ts';
import type { Row } from '../../src/domain/row.ts';
import { SESSION_SORTS, SESSION_STATES, type SessionQuery } from '../../src/domain/session-list.ts';
import { HOUR } from '../../src/domain/time.ts';
import { SLICE, scan } from '../../src/status/sessions/scan.ts';
import { costOf, figuresOf, mixedRows, NOW, oracleOf, rowOf } from './session-fixtures.ts';
import { fill, openMemory } from './session-store.ts';

const ANY: SessionQuery = { sort: 'updated', state: null, errorClass: null, since: null, limit: 20 };

/** Every order with every filter. */
const QUERIES: readonly SessionQuery[] = SESSION_SORTS.flatMap((sort) => [
  ...[null, ...SESSION_STATES].map((state) => ({ ...ANY, sort, state })),
  ...[null, HOUR, 24 * HOUR].map((since) => ({ ...ANY, sort, since, errorClass: 'timeout' })),
  { ...ANY, sort, since: 24 * HOUR, state: 'ok' as const, limit: 100 },
  { ...ANY, sort, limit: 1 },
]);

describe('100,000 sessions', () => {
  const rows = mixedRows(100_000).map((row) => (row.no % 50 === 7 ? { ...row, deletedAt: NOW } : row));
  const store = openMemory();
  beforeAll(async () => fill(await store, 'p', rows), 60_000);
  afterAll(async () => (await store).close());

  const slicesOf = async (id: string) => {
    const read = sessionRows(await store);
    return (from: number, limit: number): Promise<readonly Row[]> => read(id, from, limit);
  };

  it('are listed in every order, by every filter, without the deleted', async () => {
    const lists = await scan(QUERIES, { slices: await slicesOf('p'), costOf, now: NOW });
    const expected = oracleOf(rows);
    for (const [i, query] of QUERIES.entries()) {
      const { matched, sessions } = lists[i] ?? { matched: -1, sessions: [] };
      expect({ query, matched, sessions }).toEqual({ query, ...expected(query) });
    }
  }, 60_000);

  it('are none for a project that the state does not know', async () => {
    const lists = await scan([ANY], { slices: await slicesOf('unknown'), costOf, now: NOW });
    expect(lists).toMatchObject([{ matched: 0, sessions: [] }]);
  });

  it('let others run between two slices', async () => {
    const slices = await slicesOf('p');
    const happened: string[] = [];
    const counted = async (from: number, limit: number): Promise<readonly Row[]> => {
      happened.push('slice');
      setImmediate(() => happened.push('other'));
      return slices(from, limit);
    };
    await scan([ANY], { slices: counted, costOf, now: NOW });
    const slicesRead = happened.filter((what) => what === 'slice').length;
    expect(slicesRead).toBe(Math.floor((rows.length * 0.98) / SLICE) + 1);
    expect(happened.slice(0, 2 * slicesRead - 1)).toEqual(
      Array.from({ length: 2 * slicesRead - 1 }, (_, i) => (i % 2 === 0 ? 'slice' : 'other')),
    );
  });
});

describe('a session', () => {
  const one = async (row: Row, query: Partial<SessionQuery> = {}) => {
    const slices = async (from: number): Promise<readonly Row[]> => (from === 0 ? [row] : []);
    const [list] = await scan([{ ...ANY, ...query }], { slices, costOf, now: NOW });
    return list?.sessions[0];
  };

  it('follows the reading that the gauges follow', async () => {
    const stale = {
      updatedAt: NOW - 9_000_000,
      figures: figuresOf({ turns: 2 }),
      sweep: 1,
      followed: true,
      before: NOW,
    };
    const row = rowOf(0, { figures: figuresOf({ isError: true, turns: 5 }), errorClass: 'timeout', stale });
    expect(await one(row)).toMatchObject({ state: 'ok', class: null, turns: 2 });
    expect(await one({ ...row, stale: { ...stale, followed: false } })).toMatchObject({ class: 'timeout', turns: 5 });
  });

  it('that failed before classes were kept is of class unknown', async () => {
    const row = rowOf(0, { figures: figuresOf({ isError: true }) });
    expect(await one(row, { errorClass: 'unknown' })).toMatchObject({ state: 'error', class: 'unknown' });
  });

  it('has no cost where no price applies', async () => {
    const slices = async (): Promise<readonly Row[]> => [rowOf(0, { figures: figuresOf({ inputTokens: 5 }) })];
    const [list] = await scan([ANY], { slices, costOf: () => null, now: NOW });
    expect(list?.sessions[0]?.costUsd).toBeNull();
  });

  it('shows figures only', async () => {
    const row = rowOf(0, { figures: figuresOf({ isError: true, errorHash: 'secret' }), errorClass: 'other' });
    expect(Object.keys((await one(row)) ?? {}).toSorted()).toEqual([
      'class',
      'costUsd',
      'durationSeconds',
      'inputTokens',
      'outputTokens',
      'sessionId',
      'state',
      'turns',
      'updatedAt',
    ]);
    expect(JSON.stringify(await one(row))).not.toContain('secret');
  });
});
