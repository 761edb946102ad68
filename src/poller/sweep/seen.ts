/** A bit set of the sessions that a sweep has seen. */

/** The sessions that a sweep has seen: one bit per dense number. */
export class Seen {
  #bits: Uint8Array;

  constructor(bits: Uint8Array = new Uint8Array(64)) {
    this.#bits = bits;
  }

  add(no: number): void {
    const at = no >>> 3;
    if (at >= this.#bits.length) this.#grow(at + 1);
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (no & 7));
  }

  /** Adds numbers; answers how many of them are new. */
  addAll(numbers: readonly number[]): number {
    let fresh = 0;
    for (const no of numbers) {
      if (this.has(no)) continue;
      this.add(no);
      fresh += 1;
    }
    return fresh;
  }

  has(no: number): boolean {
    return ((this.#bits[no >>> 3] ?? 0) & (1 << (no & 7))) !== 0;
  }

  /** Up to `limit` numbers from `from` on and below `end` that were not seen, and where to go on. */
  unseen(from: number, end: number, limit: number): { readonly numbers: readonly number[]; readonly next: number } {
    const numbers: number[] = [];
    let no = from;
    while (no < end && numbers.length < limit) {
      if ((no & 7) === 0 && this.#bits[no >>> 3] === 0xff) {
        no += 8;
        continue;
      }
      if (!this.has(no)) numbers.push(no);
      no += 1;
    }
    return { numbers, next: no };
  }

  /** A copy, to be saved. */
  bits(): Uint8Array {
    return this.#bits.slice();
  }

  #grow(bytes: number): void {
    const grown = new Uint8Array(Math.max(bytes, this.#bits.length * 2));
    grown.set(this.#bits);
    this.#bits = grown;
  }
}
