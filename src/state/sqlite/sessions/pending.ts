/** A hash table of look-up entries that are not in the database yet. */

/**
 * Look-up entries that are not in the look-up table yet: a multimap from (project, hash) to numbers, in one flat array.
 * Open addressing with linear probing; it doubles at three quarters full.
 */
const SMALLEST = 1 << 12;
/** Words of a slot: the project (0: free, as no project has the key 0), the hash as unsigned, the number. */
const WORDS = 3;
/** In place of a number: the entry was removed. */
const GONE = 0xffffffff;
const HASHES = 2 ** 32;

export class PendingEntries {
  #slots = new Uint32Array(SMALLEST * WORDS);
  /** The number of slots less one; that number is a power of two. */
  #mask = SMALLEST - 1;
  #size = 0;
  /** By project, the highest number here plus one. */
  readonly #ends = new Map<number, number>();

  get size(): number {
    return this.#size;
  }

  get ends(): ReadonlyMap<number, number> {
    return this.#ends;
  }

  add(project: number, hash: number, no: number): void {
    if (this.#size >= (this.#mask + 1) * 0.75) this.#grow();
    this.#put(project, hash >>> 0, no);
    this.#size++;
    this.#ends.set(project, Math.max(no + 1, this.#ends.get(project) ?? 0));
  }

  /** Appends the numbers of this project that have this hash to `into`. */
  find(project: number, hash: number, into: number[]): void {
    const wanted = hash >>> 0;
    for (let at = this.#home(project, wanted); this.#slots[at] !== 0; at = this.#after(at)) {
      if (this.#slots[at + 1] !== wanted || this.#slots[at] !== project) continue;
      const no = this.#slots[at + 2] ?? GONE;
      if (no !== GONE) into.push(no);
    }
  }

  remove(project: number, hash: number, no: number): void {
    const wanted = hash >>> 0;
    for (let at = this.#home(project, wanted); this.#slots[at] !== 0; at = this.#after(at)) {
      const isIt = this.#slots[at] === project && this.#slots[at + 1] === wanted && this.#slots[at + 2] === no;
      if (isIt) this.#slots[at + 2] = GONE;
    }
  }

  /** Keys of `splitKey` in ascending order, one for each entry: neighbours here are neighbours in the table. */
  sortedKeys(): Float64Array {
    const keys = new Float64Array(this.#size);
    let size = 0;
    for (let at = 0; at < this.#slots.length; at += WORDS) {
      const project = this.#slots[at] ?? 0;
      if (project !== 0) keys[size++] = project * HASHES + (this.#slots[at + 1] ?? 0);
    }
    return keys.sort();
  }

  #put(project: number, hash: number, no: number): void {
    let at = this.#home(project, hash);
    while (this.#slots[at] !== 0) at = this.#after(at);
    this.#slots[at] = project;
    this.#slots[at + 1] = hash;
    this.#slots[at + 2] = no;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    this.#mask = this.#mask * 2 + 1;
    for (let at = 0; at < old.length; at += WORDS) {
      const project = old[at] ?? 0;
      if (project !== 0) this.#put(project, old[at + 1] ?? 0, old[at + 2] ?? GONE);
    }
  }

  /** Where in the array the search for a key begins. */
  #home(project: number, hash: number): number {
    return ((Math.imul(project, 0x9e3779b1) ^ hash) & this.#mask) * WORDS;
  }

  #after(at: number): number {
    return at + WORDS < this.#slots.length ? at + WORDS : 0;
  }
}

/** The project and the signed hash of a key of `sortedKeys`. */
export function splitKey(key: number): readonly [project: number, hash: number] {
  return [Math.floor(key / HASHES), (key % HASHES) | 0];
}
