/** What readers see of a project's list of sessions: its order, its pages, and how it lags behind the world. */
import { SortedList } from './sorted-list.ts';
import type { Key, ListOrder, Micros, Session, Version, VersionPage } from './types.ts';

/** How two places of a list compare in each order; negative if the first comes first. */
export const COMPARE: Readonly<Record<ListOrder, (a: Key, b: Key) => number>> = {
  newest: (a, b) => b.updatedAt - a.updatedAt || byId(b, a),
  oldest: (a, b) => a.updatedAt - b.updatedAt || byId(a, b),
  id: byId,
};

function byId(a: Key, b: Key): number {
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

/**
 * What readers of one project's list see. Changes reach it at once, unless a session lags or the whole list is frozen:
 * then readers see the former state, at its former place, until the lag ends.
 */
export class Replica {
  #order: ListOrder;
  #live: SortedList<Key, Version>;
  #frozen: { list: SortedList<Key, Version>; until: Micros } | null = null;
  #lagging = new Map<Session, Micros>();

  constructor(order: ListOrder) {
    this.#order = order;
    this.#live = new SortedList(COMPARE[order]);
  }

  get order(): ListOrder {
    return this.#order;
  }

  /** Serves the list in another order from now on. */
  reorder(order: ListOrder): void {
    const next = new SortedList<Key, Version>(COMPARE[order]);
    for (const version of this.#live) next.insert(version);
    this.#live = next;
    this.#order = order;
    this.#frozen = null;
  }

  /** Tells the replica that the session changed. */
  follow(session: Session): void {
    if (!this.#lagging.has(session)) this.#show(session, session.current);
  }

  /** Shows the session as it was before its last change, until the moment or `catchUp`. */
  lag(session: Session, until: Micros): void {
    if (!this.#lagging.has(session)) this.#show(session, session.previous);
    this.#lagging.set(session, until);
  }

  /** Shows the whole list as it is now, whatever changes, until the moment or `catchUp`. */
  freeze(until: Micros): void {
    this.#frozen = { list: this.#live.copy(), until };
  }

  /** Ends every lag whose time is over. */
  expire(now: Micros): void {
    if (this.#frozen !== null && this.#frozen.until <= now) this.#frozen = null;
    for (const [session, until] of this.#lagging) {
      if (until <= now) this.#release(session);
    }
  }

  /** Ends every lag. */
  catchUp(): void {
    this.expire(Number.POSITIVE_INFINITY);
  }

  /** A copy of what readers see now. */
  snapshot(): SortedList<Key, Version> {
    return (this.#frozen?.list ?? this.#live).copy();
  }

  /** The page after a place. */
  page(after: Key | null, limit: number): VersionPage {
    return pageOf(this.#frozen?.list ?? this.#live, after, limit);
  }

  /** Up to `limit` versions that end with a place. */
  upTo(key: Key, limit: number): Version[] {
    return (this.#frozen?.list ?? this.#live).upTo(key, limit);
  }

  #release(session: Session): void {
    this.#lagging.delete(session);
    this.#show(session, session.current);
  }

  #show(session: Session, version: Version | null): void {
    if (session.shown !== null) this.#live.remove(session.shown);
    session.shown = version;
    if (version !== null) this.#live.insert(version);
  }
}

/** The page of any list after a place. Reads one entry more, to know whether another page follows. */
export function pageOf(list: SortedList<Key, Version>, after: Key | null, limit: number): VersionPage {
  const found = list.after(after, limit + 1);
  return { items: found.slice(0, limit), more: found.length > limit };
}
