/**
 * Look-up entries that are not in the look-up table yet: a multimap from (project, hash) to numbers, in two flat arrays.
 * Open addressing with linear probing; it doubles at three quarters full.
 */
const SMALLEST = 1 << 12;
/** In place of a number: the entry was removed. */
const GONE = 0xffffffff;
const HASHES = 2 ** 32;

export class PendingEntries {
  /** project * 2^32 + hash as unsigned; 0: free, as no project has the key 0. */
  #keys = new Float64Array(SMALLEST);
  #numbers = new Uint32Array(SMALLEST);
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
    if (this.#size >= this.#keys.length * 0.75) this.#grow();
    this.#put(keyOf(project, hash), no);
    this.#size++;
    this.#ends.set(project, Math.max(no + 1, this.#ends.get(project) ?? 0));
  }

  /** Appends the numbers of this project that have this hash to `into`. */
  find(project: number, hash: number, into: number[]): void {
    const key = keyOf(project, hash);
    for (let slot = this.#home(key); this.#keys[slot] !== 0; slot = this.#after(slot)) {
      const no = this.#numbers[slot] ?? GONE;
      if (this.#keys[slot] === key && no !== GONE) into.push(no);
    }
  }

  remove(project: number, hash: number, no: number): void {
    const key = keyOf(project, hash);
    for (let slot = this.#home(key); this.#keys[slot] !== 0; slot = this.#after(slot)) {
      if (this.#keys[slot] === key && this.#numbers[slot] === no) this.#numbers[slot] = GONE;
    }
  }

  /** The keys in ascending order, one for each entry: neighbours here are neighbours in the table. */
  sortedKeys(): Float64Array {
    const keys = new Float64Array(this.#size);
    let size = 0;
    for (let slot = 0; slot < this.#keys.length; slot++) {
      const key = this.#keys[slot] ?? 0;
      if (key !== 0) keys[size++] = key;
    }
    return keys.sort();
  }

  #put(key: number, no: number): void {
    let slot = this.#home(key);
    while (this.#keys[slot] !== 0) slot = this.#after(slot);
    this.#keys[slot] = key;
    this.#numbers[slot] = no;
  }

  #grow(): void {
    const [keys, numbers] = [this.#keys, this.#numbers];
    this.#keys = new Float64Array(keys.length * 2);
    this.#numbers = new Uint32Array(keys.length * 2);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] ?? 0;
      if (key !== 0) this.#put(key, numbers[i] ?? GONE);
    }
  }

  #home(key: number): number {
    const project = Math.floor(key / HASHES);
    return (Math.imul(project, 0x9e3779b1) ^ (key % HASHES)) & (this.#keys.length - 1);
  }

  #after(slot: number): number {
    return (slot + 1) & (this.#keys.length - 1);
  }
}

function keyOf(project: number, hash: number): number {
  return project * HASHES + (hash >>> 0);
}

/** The project and the signed hash of a key of `sortedKeys`. */
export function splitKey(key: number): readonly [project: number, hash: number] {
  return [Math.floor(key / HASHES), (key % HASHES) | 0];
}
