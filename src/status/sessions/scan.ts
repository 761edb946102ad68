/** One pass over the sessions of a project, in slices with a pause after each, so that nobody waits for it. */
import { setImmediate } from 'node:timers/promises';
import type { Row } from '../../domain/row.ts';
import type { SessionList, SessionQuery } from '../../domain/session-list.ts';
import type { Micros } from '../../domain/time.ts';
import { iso } from '../problems.ts';
import { type CostOf, type Found, foundOf, listed, matches, orderBy } from './found.ts';
import { Top } from './top.ts';

/** Rows that are read and compared at once: 3 to 13 ms of work, the more the longer the records of their histories are. */
export const SLICE = 1000;

/** Live rows of one project with a number of at least `from`, ascending, at most `limit`. */
export type Slices = (from: number, limit: number) => Promise<readonly Row[]>;

export type ScanParts = { readonly slices: Slices; readonly costOf: CostOf; readonly now: Micros };

/** One list for each query. Memory is that of one slice and of the lists, however many sessions there are. */
export async function scan(queries: readonly SessionQuery[], parts: ScanParts): Promise<readonly SessionList[]> {
  const collectors = queries.map((query) => new Collector(query, parts.now));
  for (let from = 0; ; ) {
    const rows = await parts.slices(from, SLICE);
    for (const row of rows) {
      const found = foundOf(row, parts.costOf);
      for (const collector of collectors) collector.take(found);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < SLICE) break;
    from = last.no + 1;
    await setImmediate();
  }
  return collectors.map((collector) => collector.list());
}

class Collector {
  readonly #query: SessionQuery;
  readonly #now: Micros;
  readonly #top: Top<Found>;
  #matched = 0;

  constructor(query: SessionQuery, now: Micros) {
    this.#query = query;
    this.#now = now;
    this.#top = new Top(query.limit, orderBy(query.sort));
  }

  take(found: Found): void {
    if (!matches(found, this.#query, this.#now)) return;
    this.#matched += 1;
    this.#top.offer(found);
  }

  list(): SessionList {
    return { matched: this.#matched, sessions: this.#top.ordered().map(listed), asOf: iso(this.#now) };
  }
}
