/** A figure that a later version adds: what was stored before it existed counts nothing of it. */
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { beginTotals } from '../../../src/accounting/begin.ts';
import { completes, type Figures, sameFigures, sameRun } from '../../../src/domain/session.ts';
import type { Store } from '../../../src/domain/store.ts';
import { MINUTE, type Micros } from '../../../src/domain/time.ts';
import { admissionOf, FIGURES, projectOf } from '../contract/values.ts';
import { only, RULES, sessionOf, show, summed, verifyDue } from './counting.ts';
import { rewriteSealed } from './old-state.ts';
import { foundRows, freshPath, NOW, open } from './support.ts';

/** `turns` plays the figure that a later version adds: what was stored before knows nothing of it. */
const BIT_OF_TURNS = 16;
const EPOCH = NOW - 1_000;

/** A run as it was before there were turns, told apart by its tokens. */
const before = (inputTokens: number): Figures => ({ ...FIGURES, inputTokens, turns: null });
const withTurns = (inputTokens: number, turns: number): Figures => ({ ...FIGURES, inputTokens, turns });

/** The sessions of the old state, as the list showed them at first and, with `turns`, as it shows them now. */
const SESSIONS: readonly (readonly [id: string, updatedAt: Micros, inputTokens: number])[] = [
  ['baseline', EPOCH - 5, 1],
  ['counted', NOW - 4, 2],
  ['verified', NOW - 3, 3],
  ['stale', NOW - 2, 4],
];
const STALE_AT = NOW - 50;
const HISTORIES = {
  baseline: [withTurns(1, 5)],
  counted: [withTurns(2, 5)],
  verified: [withTurns(30, 5), withTurns(3, 5)],
  stale: [withTurns(4, 5)],
};

/** A state of the version before: sessions that are baseline, counted, verified, or followed by the gauges in a stale reading. */
async function oldState(): Promise<string> {
  const path = freshPath();
  const store = await open(path);
  await store.admit('default', 1, [admissionOf('p', { epoch: EPOCH, totals: beginTotals(projectOf('p'), RULES) })]);
  await show(
    store,
    NOW,
    SESSIONS.map(([id, at, tokens]) => sessionOf(id, at, before(tokens))),
  );
  await verifyDue(store, NOW + MINUTE, { counted: [before(2)], verified: [before(30), before(3)], stale: [before(4)] });
  await show(store, NOW + 1, [sessionOf('counted', NOW - 1, before(20))]);
  for (const sweeps of [0, 1]) {
    const { key, totals } = await only(store);
    const nothing = { changes: [], minutes: new Map(), indexes: new Map(), cursors: null, malformed: [] };
    await store.commit({ key, totals: { ...totals, sweeps }, ...nothing });
    await show(store, NOW + 2 + sweeps, [sessionOf('stale', STALE_AT, before(40))], true);
  }
  await store.close();
  forgetTurns(path);
  return path;
}

/** Takes the turns away from totals and rows, and from all JSON in them. */
function forgetTurns(path: string): void {
  rewriteSealed(path, 'totals', ({ counters, gauges }) => {
    for (const name of ['turns', 'turnsPerRun']) delete (counters as Record<string, unknown>)[name];
    delete (gauges as Record<string, unknown>)['turns'];
  });
  const db = new DatabaseSync(path);
  db.exec(`UPDATE session SET turns = NULL, fillable = nullif(fillable & ~${BIT_OF_TURNS}, 0)`);
  for (const row of db.prepare('SELECT key, stale, since, stop FROM session').all()) {
    const [stale, since] = [row['stale'], row['since']].map((text) => (text === null ? null : stripped(String(text))));
    const stop = row['stop'] === null ? null : strippedStop(String(row['stop']));
    db.prepare('UPDATE session SET stale = ?, since = ?, stop = ? WHERE key = ?').run(
      stale ?? null,
      since ?? null,
      stop,
      Number(row['key']),
    );
  }
  db.close();
}

function stripped(json: string): string {
  return JSON.stringify(
    JSON.parse(json, (name, value: unknown) => {
      if (name === 'turns') return undefined;
      return name === 'fillable' ? Number(value) & ~BIT_OF_TURNS : value;
    }),
  );
}

function strippedStop(text: string): string {
  const [index, fillable, ...differing] = text.split(' ');
  const rest = differing.filter((part) => !part.startsWith('t'));
  return [index, Number(fillable) & ~BIT_OF_TURNS, ...rest].join(' ');
}

async function shownWithTurns(store: Store): Promise<ReturnType<typeof show>> {
  const shown = SESSIONS.filter(([id]) => id !== 'counted' && id !== 'stale').map(([id, at, tokens]) =>
    sessionOf(id, at, withTurns(tokens, 5)),
  );
  const counted = sessionOf('counted', NOW - 1, withTurns(20, 5));
  return show(store, NOW + MINUTE, [...shown, counted, sessionOf('stale', STALE_AT, withTurns(40, 5))]);
}

describe('a state from before a figure existed', () => {
  test('has the figure at rest in its totals', async () => {
    const store = await open(await oldState());
    const { totals } = await only(store);
    expect(totals.counters).toMatchObject({ runs: 4, turns: 0, turnsPerRun: { sum: 0 } });
    expect(totals.counters.turnsPerRun).toEqual(beginTotals(projectOf('p'), RULES).counters.turnsPerRun);
    expect(totals.gauges).toMatchObject(summed(await store.slice(1, 0, 10)));
    expect(totals.gauges.turns).toBe(0);
  });

  test('reads the figure of its rows as null, with nothing to add', async () => {
    const store = await open(await oldState());
    const rows = await foundRows(store, 1, ['counted', 'verified', 'stale']);
    const turnsOf = (figures: Figures | null | undefined): unknown => figures?.turns;
    expect(turnsOf(rows.get('counted')?.history.since?.credits[0]?.figures)).toBeNull();
    expect(turnsOf(rows.get('verified')?.history.stop?.figures)).toBeNull();
    expect(turnsOf(rows.get('stale')?.stale?.figures)).toBeNull();
    expect(rows.get('stale')?.stale?.followed).toBe(true);
    expect([...rows.values()].map((row) => row.fillable & BIT_OF_TURNS)).toEqual([0, 0, 0]);
  });

  test('counts nothing when its sessions are shown with the figure', async () => {
    const store = await open(await oldState());
    const { totals } = await only(store);
    const after = await shownWithTurns(store);
    expect(after.counters).toEqual(totals.counters);
    expect(after.gauges).toMatchObject(summed(await store.slice(1, 0, 10)));
  });

  test('counts nothing when histories show the figure', async () => {
    const store = await open(await oldState());
    const { totals } = await only(store);
    await shownWithTurns(store);
    const histories = { ...HISTORIES, counted: [withTurns(2, 5), withTurns(20, 5)] };
    const after = await verifyDue(store, NOW + 10 * MINUTE, histories);
    expect(after.counters).toEqual(totals.counters);
    expect(after.verification).toMatchObject({ unverified: 0, unreconciled: 0 });
  });

  test('counts the figure of later runs, shown and hidden', async () => {
    const store = await open(await oldState());
    const { totals } = await only(store);
    await shownWithTurns(store);
    const later = [withTurns(2, 5), withTurns(20, 5), withTurns(200, 7), withTurns(2_000, 4)];
    const shown = await show(store, NOW + 2 * MINUTE, [sessionOf('counted', NOW + MINUTE, withTurns(2_000, 4))]);
    expect(shown.counters).toMatchObject({ runs: totals.counters.runs + 1, turns: 4 });
    const after = await verifyDue(store, NOW + 20 * MINUTE, { ...HISTORIES, counted: later });
    expect(after.counters).toMatchObject({
      runs: totals.counters.runs + 2,
      hiddenRuns: totals.counters.hiddenRuns + 1,
    });
    expect(after.counters).toMatchObject({ turns: 11, turnsPerRun: { sum: 11 } });
    expect(after.verification.unreconciled).toBe(0);
  });

  test('adds the figure to a later run that is completed', async () => {
    const store = await open(await oldState());
    await show(store, NOW + MINUTE, [sessionOf('baseline', NOW, before(9))]);
    const after = await show(store, NOW + MINUTE, [sessionOf('baseline', NOW, withTurns(9, 6))]);
    expect(after.counters.turns).toBe(6);
  });
});

describe('a figure that is no part of a run’s identity', () => {
  const later = { ...FIGURES, cachedTokens: 7 };

  test('makes no run another run, nor a fuller one', () => {
    expect(sameFigures(FIGURES, later)).toBe(true);
    expect(sameRun(FIGURES, later)).toBe(true);
    expect(completes(FIGURES, later)).toBe(false);
  });

  test('leaves a session settled', async () => {
    const store = await open(':memory:');
    await store.admit('default', 1, [admissionOf('p', { epoch: EPOCH, totals: beginTotals(projectOf('p'), RULES) })]);
    const ids = ['a', 'b', 'c', 'd'];
    const shown = ids.map((id) => sessionOf(id, NOW, FIGURES));
    await show(store, NOW, shown);
    await store.rows(1, ['a', 'b']);
    const again = ids.slice(2).map((id) => sessionOf(id, NOW, later));
    expect(await store.unchanged(1, again)).toEqual([2, 3]);
    const totals = await show(store, NOW, again);
    expect(totals.counters).toMatchObject({ runs: 4, touches: 0 });
  });
});
