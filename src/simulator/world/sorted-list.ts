/** A sorted list that stays fast at a million entries: the order of a project's sessions. */

/** Longest chunk; a full one is split in two. At a million entries that is some 3,000 chunks. */
const CHUNK = 512;

/**
 * A sorted list of distinct entries, kept in chunks: finding a place takes two binary searches, inserting and removing
 * move at most one chunk. Entries are never changed in place; the order is that of `compare`.
 */
export class SortedList<K, T extends K> {
  readonly #compare: (a: K, b: K) => number;
  #chunks: T[][] = [];
  #size = 0;

  constructor(compare: (a: K, b: K) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#size;
  }

  insert(entry: T): void {
    const at = Math.min(this.#chunkOf(entry), Math.max(0, this.#chunks.length - 1));
    const chunk = this.#chunks[at];
    if (chunk === undefined) {
      this.#chunks.push([entry]);
    } else {
      chunk.splice(this.#placeIn(chunk, entry, false), 0, entry);
      if (chunk.length > CHUNK) this.#chunks.splice(at + 1, 0, chunk.splice(chunk.length >> 1));
    }
    this.#size += 1;
  }

  /** Removes the entry that compares equal; false if there is none. */
  remove(entry: K): boolean {
    const at = this.#chunkOf(entry);
    const chunk = this.#chunks[at];
    if (chunk === undefined) return false;
    const place = this.#placeIn(chunk, entry, false);
    const found = chunk[place];
    if (found === undefined || this.#compare(found, entry) !== 0) return false;
    chunk.splice(place, 1);
    if (chunk.length === 0) this.#chunks.splice(at, 1);
    this.#size -= 1;
    return true;
  }

  /** Up to `limit` entries that follow `key` in order (whether or not it is in the list); from the start when it is null. */
  after(key: K | null, limit: number): T[] {
    const taken: T[] = [];
    let at = key === null ? 0 : this.#chunkOf(key);
    let from = key === null ? 0 : this.#placeIn(this.#chunks[at] ?? [], key, true);
    for (; at < this.#chunks.length && taken.length < limit; at += 1) {
      const chunk = this.#chunks[at] ?? [];
      taken.push(...chunk.slice(from, from + limit - taken.length));
      from = 0;
    }
    return taken;
  }

  /** Up to `limit` entries that end with `key`, in order. */
  upTo(key: K, limit: number): T[] {
    const taken: T[] = [];
    let at = Math.min(this.#chunkOf(key), this.#chunks.length - 1);
    let end = this.#placeIn(this.#chunks[at] ?? [], key, true);
    while (at >= 0 && taken.length < limit) {
      taken.unshift(...(this.#chunks[at] ?? []).slice(Math.max(0, end - (limit - taken.length)), end));
      at -= 1;
      end = this.#chunks[at]?.length ?? 0;
    }
    return taken;
  }

  /** A list of the same entries that no longer follows this one. */
  copy(): SortedList<K, T> {
    const copy = new SortedList<K, T>(this.#compare);
    copy.#chunks = this.#chunks.map((chunk) => chunk.slice());
    copy.#size = this.#size;
    return copy;
  }

  *[Symbol.iterator](): Generator<T> {
    for (const chunk of this.#chunks) yield* chunk;
  }

  /** The first chunk whose last entry is not before `key`; the number of chunks when all end before it. */
  #chunkOf(key: K): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const last = this.#chunks[middle]?.at(-1);
      if (last !== undefined && this.#compare(last, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first place in a chunk whose entry is not before `key` (`past`: is after it). */
  #placeIn(chunk: readonly T[], key: K, past: boolean): number {
    let low = 0;
    let high = chunk.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = chunk[middle];
      const order = entry === undefined ? 1 : this.#compare(entry, key);
      if (order < 0 || (past && order === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
