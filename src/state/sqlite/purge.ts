/** Forgetting, a slice at a time: old tombstones, activity that has left the windows, projects that left long ago. */
import type { StatementSync } from 'node:sqlite';
import { type Clock, HOUR, type Micros } from '../../domain/time.ts';
import { all, type Connection } from './connection.ts';
import { ACTIVITY_KEPT, type Counts } from './counts.ts';
import type { Forgetter } from './forget.ts';
import { numberOf, projectOf } from './hash.ts';
import type { Lookup } from './lookup.ts';
import type { Projects } from './projects.ts';

/** One slice ends after this many rows or milliseconds. */
const SLICE_ROWS = 5_000;
const SLICE_MS = 20;
/** Rows between two looks at the clock. */
const STEP_ROWS = 250;
/** What pruning the activity of one project costs, in rows. */
const PRUNE_ROWS = 10;

export type Purged = { readonly more: boolean; readonly removed: ReadonlyMap<number, number> };

/** What holds once the slice is committed. */
type Effects = { readonly removed: Map<number, number>; readonly after: (() => void)[] };

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
    this.#tombstones = connection.prepare('SELECT key, id FROM session WHERE deleted_at < ? LIMIT ?');
    this.#delete = connection.prepare('DELETE FROM session WHERE key = ?');
  }

  /** One slice, one transaction. */
  purge(before: Micros, now: Micros): Purged {
    const effects: Effects = { removed: new Map(), after: [] };
    const more = this.#connection.write(() => {
      const unfinished = this.#runSlice(this.#steps(before, now, effects));
      this.#writeTombstoneCounts(effects);
      return unfinished;
    });
    for (const effect of effects.after) effect();
    return { more, removed: effects.removed };
  }

  /** True when the slice ended before the steps did. */
  #runSlice(steps: Iterable<number>): boolean {
    const started = this.#clock.elapsed();
    let rows = 0;
    for (const done of steps) {
      rows += done;
      if (rows >= SLICE_ROWS || this.#clock.elapsed() - started >= SLICE_MS) return true;
    }
    return false;
  }

  /** Each step answers the rows that it has cost. */
  *#steps(before: Micros, now: Micros, effects: Effects): Generator<number> {
    yield* this.#removeTombstones(before, effects);
    for (const { key, leftAt } of this.#projects.all()) {
      if (leftAt !== null && leftAt < before) {
        effects.after.push(this.#forgetter.removeProject(key));
        effects.removed.delete(key);
        yield 1;
      }
    }
    yield* this.#forgetter.deleteLeftovers(STEP_ROWS);
    yield* this.#pruneActivity(now, effects);
  }

  *#removeTombstones(before: Micros, { removed, after }: Effects): Generator<number> {
    for (;;) {
      const rows = all<readonly [key: number, id: string]>(this.#tombstones, before, STEP_ROWS);
      for (const [key, id] of rows) {
        const [project, no] = [projectOf(key), numberOf(key)];
        this.#delete.run(key);
        this.#lookup.delete(project, id, no);
        after.push(() => this.#lookup.forget(project, id, no));
        if (this.#projects.has(project)) removed.set(project, (removed.get(project) ?? 0) + 1);
      }
      if (rows.length === 0) return;
      yield rows.length;
    }
  }

  /** The windows of a project end at its last successful read, and may be shown until the next one. */
  *#pruneActivity(now: Micros, { after }: Effects): Generator<number> {
    for (const { key, cursors } of this.#projects.all()) {
      const horizon = Math.min(now, cursors.lastSuccess ?? now) - ACTIVITY_KEPT;
      if ((this.#pruned.get(key) ?? 0) > horizon - HOUR) continue;
      this.#counts.dropMinutes(key, horizon);
      after.push(() => this.#pruned.set(key, horizon));
      yield PRUNE_ROWS;
    }
  }

  /** The stored totals count the tombstones: they follow in the same transaction. */
  #writeTombstoneCounts({ removed, after }: Effects): void {
    for (const [key, count] of removed) {
      const stored = this.#projects.get(key);
      const totals = { ...stored.totals, tombstones: stored.totals.tombstones - count };
      this.#projects.writeTotals(key, totals);
      after.push(() => this.#projects.remember({ ...stored, totals }));
    }
  }
}
