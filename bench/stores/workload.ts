/** One project through the store alone, as the poller drives it: a first sweep, then sweeps that find nothing changed. */
import { randomUUID } from 'node:crypto';
import type { RowChange } from '../../src/domain/row.ts';
import type { Session } from '../../src/domain/session.ts';
import { type Store, UNSETTLED } from '../../src/domain/store.ts';
import { emptyRow, NOW, project, totals } from '../../test/builders/values.ts';

const FIGURES = { isError: false, errorHash: null, outputTokens: 200, turns: 3 };

const PAGE = 100;
/** Pages whose changes are committed together. */
const PAGES_PER_COMMIT = 10;

export type Rates = { readonly firstSweep: number; readonly unchangedSweep: number };

/** Sessions with random ids, newest first, each with a run. */
export function sessionsOf(amount: number): readonly Session[] {
  return Array.from({ length: amount }, (_, place) => {
    const figures = { ...FIGURES, durationUs: 1_000_000 + place, inputTokens: 1_000 + place };
    return { id: randomUUID(), updatedAt: NOW - place * 1_000, run: { figures, errorText: null }, indexIds: [] };
  });
}

export async function admitOne(store: Store): Promise<number> {
  const [stored] = await store.admit('default', 1, [
    { project: project(), epoch: 0, absences: 0, leftAt: null, totals: totals() },
  ]);
  return stored?.key ?? 0;
}

/** Sessions per second of both sweeps. */
export async function measure(store: Store, key: number, sessions: readonly Session[]): Promise<Rates> {
  const firstSweep = await timed(sessions.length, () => firstSweepOf(store, key, sessions));
  await unchangedSweepOf(store, key, sessions);
  const unchangedSweep = await timed(sessions.length, () => unchangedSweepOf(store, key, sessions));
  return { firstSweep, unchangedSweep };
}

async function timed(amount: number, work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (amount * 1_000) / (performance.now() - start);
}

async function firstSweepOf(store: Store, key: number, sessions: readonly Session[]): Promise<void> {
  let changes: RowChange[] = [];
  let no = 0;
  for (const page of pagesOf(sessions)) {
    await store.settled(key, page);
    const known = await store.rows(key, idsOf(page));
    for (const session of page) {
      if (known.get(session.id) !== undefined) throw new Error('a session was known before');
      changes.push({ isNew: true, row: recorded(session, no++) });
    }
    if (changes.length < PAGE * PAGES_PER_COMMIT && no < sessions.length) continue;
    const minutes = new Map([[Math.floor((page[0]?.updatedAt ?? 0) / 60e6), changes.length]]);
    await store.commit({
      key,
      changes,
      totals: totals({ nextNo: no }),
      minutes,
      indexes: new Map(),
      cursors: null,
      malformed: [],
    });
    changes = [];
  }
}

async function unchangedSweepOf(store: Store, key: number, sessions: readonly Session[]): Promise<void> {
  for (const page of pagesOf(sessions)) {
    const numbers = await store.settled(key, page);
    const rest = page.filter((_, place) => numbers[place] === UNSETTLED);
    if (rest.length === 0) continue;
    const known = await store.rows(key, idsOf(rest));
    if (known.get(rest[0]?.id ?? '') === undefined) throw new Error('a session was not found');
  }
}

function recorded({ id, updatedAt, run }: Session, no: number): RowChange['row'] {
  return { ...emptyRow(no), id, updatedAt, figures: run?.figures ?? null };
}

function idsOf(page: readonly Session[]): readonly string[] {
  return page.map(({ id }) => id);
}

function* pagesOf(sessions: readonly Session[]): Generator<readonly Session[]> {
  for (let from = 0; from < sessions.length; from += PAGE) yield sessions.slice(from, from + PAGE);
}
