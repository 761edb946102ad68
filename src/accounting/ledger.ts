/**
 * What one commit will change: takes the sessions of one or several pages, and histories, in their order. A session that comes twice
 * meets the row as the first time left it. Pure but for its own growth; nothing outside is touched until it is committed.
 */
import type { HistoryOutcome } from '../domain/polls.ts';
import type { Row, RowChange } from '../domain/row.ts';
import { spend } from '../domain/spending.ts';
import type { RecordedRows } from '../domain/store.ts';
import { DAY, HOUR, MINUTE, type Micros } from '../domain/time.ts';
import type { Counters, Totals } from '../domain/totals.ts';
import { type MovingGauges, moveGauges, shownOf } from './counters/gauges.ts';

/** What goes into one transaction. */
export type Entries = {
  readonly changes: readonly RowChange[];
  readonly totals: Totals;
  readonly minutes: ReadonlyMap<number, number>;
  readonly indexes: ReadonlyMap<string, number>;
  /** Ids of sessions without a row that were shown malformed. */
  readonly malformed: readonly string[];
};

/** Activity is kept for the longest window, a day, and an hour. */
const ACTIVITY_KEPT: Micros = DAY + HOUR;

/** Totals in the making: one object for all sessions of a commit, where a new one for each would be half of what a first sweep allocates. */
type Draft = { -readonly [K in keyof Totals]: Totals[K] } & { gauges: MovingGauges };

export class Ledger {
  #draft: Draft;
  /** True once anything in the totals was moved. */
  #moved = false;
  /** The cost that is in `spending`, nano-US-dollars. */
  #booked: number;
  /** The recorded rows of the page at hand; what another page did not change is not kept. */
  #recorded: RecordedRows;
  readonly #changed = new Map<string, RowChange>();
  readonly #minutes = new Map<number, number>();
  readonly #indexes = new Map<string, number>();
  readonly #malformed = new Set<string>();

  /** `recorded`: the rows that are about to be shown or changed, by id. */
  constructor(totals: Totals, recorded: RecordedRows) {
    this.#draft = draftOf(totals);
    this.#booked = costOf(totals);
    this.#recorded = recorded;
  }

  /** Those of `ids` whose recorded rows are needed: the others were changed here. */
  missing(ids: readonly string[]): readonly string[] {
    return this.#changed.size === 0 ? ids : ids.filter((id) => !this.#changed.has(id));
  }

  /** True once the session was changed here: the state is behind the ledger. */
  hasChanged(id: string): boolean {
    return this.#changed.size > 0 && this.#changed.has(id);
  }

  /** Replaces the recorded rows by those of the next page. */
  load(recorded: RecordedRows): void {
    this.#recorded = recorded;
  }

  /** Rows changed so far. */
  get size(): number {
    return this.#changed.size;
  }

  row(id: string): Row | undefined {
    const changed = this.#changed.size === 0 ? undefined : this.#changed.get(id);
    return changed === undefined ? this.#recorded.get(id) : changed.row;
  }

  /** As they stand now; what is read from them here may be moved by the next call. */
  get totals(): Readonly<Totals> {
    return this.#draft;
  }

  set totals(totals: Totals) {
    this.#draft = draftOf(totals);
    this.#booked = costOf(totals);
    this.#moved = true;
  }

  get counters(): Counters {
    return this.#draft.counters;
  }

  set counters(counters: Counters) {
    this.#draft.counters = counters;
    this.#moved = true;
  }

  /** One verification more had to take the smaller number, or was given up. */
  noteUnreconciled(): void {
    this.#moveVerification({ unreconciled: 1 });
  }

  /** An attempt to read a history ended. */
  noteHistory(outcome: HistoryOutcome): void {
    const { histories } = this.#draft.verification;
    this.#draft.verification = {
      ...this.#draft.verification,
      histories: { ...histories, [outcome]: histories[outcome] + 1 },
    };
    this.#moved = true;
  }

  /** A session without a row was shown malformed. */
  noteMalformed(id: string): void {
    this.#malformed.add(id);
  }

  wasMalformed(id: string): boolean {
    return this.#malformed.has(id);
  }

  /** The number for a row that is new. */
  takeNumber(): number {
    this.#moved = true;
    return this.#draft.nextNo++;
  }

  /**
   * Replaces a row, and moves gauges, tombstones, activity and index counts by the difference. `serverTime` bounds activity, and is when
   * what was counted for the row was spent.
   */
  write(after: Row, serverTime: Micros): void {
    const known = this.#changed.get(after.id);
    const before = known?.row ?? this.#recorded.get(after.id) ?? null;
    const [was, is] = [shownOf(before), shownOf(after)];
    moveGauges(this.#draft.gauges, was, is);
    this.#bookCost(serverTime);
    this.#draft.tombstones += tombstones(after) - tombstones(before);
    this.#moveWaiting(before, after);
    if (was?.updatedAt !== is?.updatedAt) {
      this.#moveMinute(was?.updatedAt, -1, serverTime);
      this.#moveMinute(is?.updatedAt, 1, serverTime);
    }
    for (const id of liveIndexes(before)) addTo(this.#indexes, id, -1);
    for (const id of liveIndexes(after)) addTo(this.#indexes, id, 1);
    this.#changed.set(after.id, { row: after, isNew: known?.isNew ?? before === null });
  }

  /** True when there is nothing to commit. */
  isEmpty(): boolean {
    return this.#changed.size === 0 && this.#malformed.size === 0 && !this.#moved;
  }

  entries(): Entries {
    return {
      changes: [...this.#changed.values()],
      totals: draftOf(this.#draft),
      minutes: withoutZeros(this.#minutes),
      indexes: withoutZeros(this.#indexes),
      malformed: [...this.#malformed],
    };
  }

  #bookCost(at: Micros): void {
    const cost = costOf(this.#draft);
    if (cost === this.#booked) return;
    this.#draft.spending = spend(this.#draft.spending, cost - this.#booked, at);
    this.#booked = cost;
  }

  #moveWaiting(before: Row | null, after: Row): void {
    const unverified = waits(after) - waits(before);
    const givenUp = isGivenUp(after) - isGivenUp(before);
    if (unverified !== 0 || givenUp !== 0) this.#moveVerification({ unverified, givenUp });
  }

  #moveVerification(by: Partial<Record<'unverified' | 'givenUp' | 'unreconciled', number>>): void {
    const { verification } = this.#draft;
    this.#draft.verification = {
      ...verification,
      unverified: verification.unverified + (by.unverified ?? 0),
      givenUp: verification.givenUp + (by.givenUp ?? 0),
      unreconciled: verification.unreconciled + (by.unreconciled ?? 0),
    };
    this.#moved = true;
  }

  #moveMinute(at: Micros | undefined, delta: number, serverTime: Micros): void {
    if (at === undefined || at < serverTime - ACTIVITY_KEPT) return;
    addTo(this.#minutes, Math.floor(at / MINUTE), delta);
  }
}

function draftOf(totals: Totals): Draft {
  return { ...totals, gauges: { ...totals.gauges } };
}

function costOf({ counters }: Pick<Totals, 'counters'>): number {
  return counters.costNanoUsd ?? 0;
}

function tombstones(row: Row | null): 0 | 1 {
  return row === null || row.deletedAt === null ? 0 : 1;
}

function waits(row: Row | null): 0 | 1 {
  return row === null || row.deletedAt !== null || row.history.unverified === null ? 0 : 1;
}

function isGivenUp(row: Row | null): 0 | 1 {
  return row === null || row.deletedAt !== null || !row.history.givenUp ? 0 : 1;
}

const NO_INDEXES: readonly string[] = [];

function liveIndexes(row: Row | null): readonly string[] {
  return row === null || row.deletedAt !== null ? NO_INDEXES : (row.indexIds ?? NO_INDEXES);
}

function addTo<K>(map: Map<K, number>, key: K, delta: number): void {
  map.set(key, (map.get(key) ?? 0) + delta);
}

function withoutZeros<K>(map: ReadonlyMap<K, number>): ReadonlyMap<K, number> {
  return new Map([...map].filter(([, n]) => n !== 0));
}
