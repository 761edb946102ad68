/** What a state must hold, kept in plain maps: the oracle of `model.test.ts`. It shares no code with the store. */
import type { PollStats } from '../../../src/domain/polls.ts';
import type { Row } from '../../../src/domain/row.ts';
import { type Cursors, NO_CURSORS, type Store } from '../../../src/domain/store.ts';
import { DAY, MINUTE, type Micros } from '../../../src/domain/time.ts';
import type { Totals } from '../../../src/domain/totals.ts';
import { foundRows } from './kind.ts';
import { totalsOf } from './values.ts';

/** Ids asked for at once. */
const PAGE = 50;
/** Ids that steps may show malformed, and one that they never do. */
const BAD_IDS = Array.from({ length: 10 }, (_, i) => `bad ${i}`);

export class ModelProject {
  readonly key: number;
  epoch: number;
  absences: number;
  runs = 0;
  tombstones = 0;
  cursors: Cursors = NO_CURSORS;
  stats: PollStats | null = null;
  readonly malformed = new Set<string>();
  readonly rows = new Map<string, Row>();
  readonly minutes = new Map<number, number>();
  readonly indexes = new Map<string, number>();

  constructor(key: number, epoch: number) {
    this.key = key;
    this.epoch = epoch;
    this.absences = epoch;
  }

  get totals(): Totals {
    return totalsOf(this.runs, { tombstones: this.tombstones });
  }

  /** The rows at these places, each once. */
  pick(places: readonly number[]): Row[] {
    const rows = [...this.rows.values()];
    return [...new Set(places.flatMap((place) => rows[place] ?? []))];
  }

  keep(rows: readonly Row[]): void {
    for (const row of rows) this.rows.set(row.id, row);
  }

  purge(before: Micros): void {
    for (const [id, { deletedAt }] of this.rows) {
      if (deletedAt === null || deletedAt >= before) continue;
      this.rows.delete(id);
      this.tombstones--;
    }
  }

  #histories(rows: readonly Row[], now: Micros): Waiting {
    const waiting = rows.filter((row) => row.deletedAt === null && row.history.unverified !== null);
    const dueAt = (row: Row): Micros => row.history.unverified?.dueAt ?? Number.NaN;
    const since = waiting.map((row) => row.history.unverified?.since ?? Number.NaN);
    return {
      due: waiting.filter((row) => dueAt(row) <= now).map((row) => row.no),
      next: least(waiting.map(dueAt)),
      oldest: least(since),
    };
  }

  expected(now: Micros): Observed {
    const rows = sorted([...this.rows.values()]);
    const end = Math.floor(now / MINUTE);
    const active = (length: number): number => sum([...this.minutes].filter(([minute]) => minute > end - length));
    return {
      key: this.key,
      epoch: this.epoch,
      absences: this.absences,
      totals: this.totals,
      cursors: this.cursors,
      rows,
      live: rows.filter((row) => row.deletedAt === null),
      activity: { m5: active(5), h1: active(60), h24: active(1_440) },
      indexes: new Map(this.indexes),
      ...this.#histories(rows, now),
      malformed: new Set(this.malformed),
      stats: this.stats,
    };
  }
}

/** What waits for its history, as numbers. */
type Waiting = { readonly due: readonly number[]; readonly next: Micros | null; readonly oldest: Micros | null };

export type Observed = Waiting & {
  readonly key: number;
  readonly epoch: number;
  readonly absences: number;
  readonly totals: Totals;
  readonly cursors: Cursors;
  readonly rows: readonly Row[];
  readonly live: readonly Row[];
  readonly activity: { readonly m5: number; readonly h1: number; readonly h24: number };
  readonly indexes: ReadonlyMap<string, number>;
  readonly malformed: ReadonlySet<string>;
  readonly stats: PollStats | null;
};

/** What the store shows of each project; sessions are asked for by the ids of the model, and one that is not there. */
export async function observe(store: Store, models: readonly ModelProject[], now: Micros): Promise<Observed[]> {
  const { projects } = await store.restore();
  const observed: Observed[] = [];
  for (const { key, epoch, absences, totals, cursors, stats } of projects) {
    const model = models.find((candidate) => candidate.key === key);
    const ids = ['stranger', ...(model?.rows.keys() ?? [])];
    const rows: Row[] = [];
    for (let from = 0; from < ids.length; from += PAGE) {
      rows.push(...(await foundRows(store, key, ids.slice(from, from + PAGE))).values());
    }
    const live = await store.slice(key, 0, 5_000);
    const activity = await store.activity(key, now);
    const indexes = new Map(await store.indexCounts(key, 100));
    const due = sorted([...(await store.dueRows(key, now, now + DAY, 5_000))]).map((row) => row.no);
    const [next, oldest] = [await store.nextDue(key), await store.oldestUnverified(key)];
    const malformed = await store.malformedAmong(key, BAD_IDS);
    const gauges = { live, activity, indexes, due, next, oldest, malformed };
    observed.push({ key, epoch, absences, totals, cursors, stats, rows: sorted(rows), ...gauges });
  }
  return observed;
}

export function add<K>(into: Map<K, number>, deltas: ReadonlyMap<K, number>): void {
  for (const [key, n] of deltas) into.set(key, (into.get(key) ?? 0) + n);
}

function least(times: readonly Micros[]): Micros | null {
  return times.length === 0 ? null : Math.min(...times);
}

function sorted(rows: Row[]): Row[] {
  return rows.sort((a, b) => a.no - b.no);
}

function sum(entries: readonly (readonly [number, number])[]): number {
  return entries.reduce((total, [, n]) => total + n, 0);
}
