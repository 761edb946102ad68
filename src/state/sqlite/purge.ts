/** Removes old data in slices: tombstones, activity outside the windows, projects that left long ago. */
import type { StatementSync } from 'node:sqlite';
import { type Clock, HOUR, type Micros } from '../../domain/time.ts';
import { ACTIVITY_KEPT } from '../format/index-counts.ts';
import { firstKey, numberOf } from '../format/session-key.ts';
import { all, type Connection } from './connection.ts';
import type { Counts } from './counts.ts';
import type { Forgetter } from './forget.ts';
import type { Projects } from './projects.ts';
import type { Lookup } from './sessions/lookup.ts';

/** One slice ends after this many rows or milliseconds. */
const SLICE_ROWS = 5_000;
const SLICE_MS = 20;
/** Rows between two looks at the clock. */
const STEP_ROWS = 250;

export type Purged = { readonly more: boolean; readonly removed: number };

export class Purger {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #projects: Projects;
  readonly #lookup: Lookup;
  readonly #counts: Counts;
  readonly #forgetter: Forgetter;
  readonly #tombstones: StatementSync;
  readonly #delete: StatementSync;
  /** By project, the instant before which its activity is gone already. */
  readonly #pruned = new Map<number, Micros>();

  constructor(
    connection: Connection,
    clock: Clock,
    projects: Projects,
    lookup: Lookup,
    counts: Counts,
    forgetter: Forgetter,
  ) {
    this.#connection = connection;
    this.#clock = clock;
    this.#projects = projects;
    this.#lookup = lookup;
    this.#counts = counts;
    this.#forgetter = forgetter;
    this.#tombstones = connection.prepare(
      'SELECT key, id FROM session WHERE deleted_at < ? AND key >= ? AND key < ? LIMIT ?',
    );
    this.#delete = connection.prepare('DELETE FROM session WHERE key = ?');
  }

  /** One slice of a project's old tombstones, and its activity that no window shows any more. One transaction. */
  purgeTombstones(project: number, before: Micros, now: Micros): Purged {
    const stored = this.#projects.get(project);
    const horizon = Math.min(now, stored.cursors.lastSuccess ?? now) - ACTIVITY_KEPT;
    const isPruned = (this.#pruned.get(project) ?? 0) > horizon - HOUR;
    if (stored.totals.tombstones === 0 && isPruned) return { more: false, removed: 0 };
    const removed: { readonly id: string; readonly no: number }[] = [];
    let totals = stored.totals;
    const more = this.#connection.write(() => {
      if (!isPruned) this.#counts.dropMinutes(project, horizon);
      const unfinished = this.#runSlice(this.#removeTombstones(project, before, removed));
      // The stored totals count the tombstones: they follow in the same transaction.
      totals = { ...totals, tombstones: totals.tombstones - removed.length };
      if (removed.length > 0) this.#projects.writeTotals(project, totals);
      return unfinished;
    });
    this.#pruned.set(project, horizon);
    for (const { id, no } of removed) this.#lookup.forget(project, id, no);
    if (removed.length > 0) this.#projects.remember({ ...stored, totals });
    return { more, removed: removed.length };
  }

  /** Projects that left before `before`, and a slice of what they left behind. True when there is more. One transaction. */
  purgeDeparted(before: Micros): boolean {
    const effects: (() => void)[] = [];
    const more = this.#connection.write(() => {
      for (const { key, leftAt } of this.#projects.all()) {
        if (leftAt !== null && leftAt < before) effects.push(this.#forgetter.removeProject(key));
      }
      return this.#runSlice(this.#forgetter.deleteLeftovers(STEP_ROWS));
    });
    for (const effect of effects) effect();
    return more;
  }

  /** True when the slice ended before the steps did; each answers the rows that it has cost. */
  #runSlice(steps: Iterable<number>): boolean {
    const started = this.#clock.elapsed();
    let rows = 0;
    for (const done of steps) {
      rows += done;
      if (rows >= SLICE_ROWS || this.#clock.elapsed() - started >= SLICE_MS) return true;
    }
    return false;
  }

  *#removeTombstones(
    project: number,
    before: Micros,
    removed: { readonly id: string; readonly no: number }[],
  ): Generator<number> {
    for (;;) {
      const range = [firstKey(project), firstKey(project + 1)] as const;
      const rows = all<readonly [key: number, id: string]>(this.#tombstones, before, ...range, STEP_ROWS);
      for (const [key, id] of rows) {
        this.#delete.run(key);
        this.#lookup.delete(project, id, numberOf(key));
        removed.push({ id, no: numberOf(key) });
      }
      if (rows.length === 0) return;
      yield rows.length;
    }
  }
}
