/** A set of page tokens that costs 8 bytes per token: it keeps their hashes, of 64 bits each. */
import { hash } from 'node:crypto';

/** An empty place. A token whose hash it is, one in 2^64, is taken for the next number. */
const EMPTY = 0n;
const FIRST_PLACES = 64;

export class TokenHashes {
  #places = new BigUint64Array(FIRST_PLACES);
  #size = 0;

  has(token: string): boolean {
    const hashed = hashOf(token);
    return this.#places[this.#find(hashed)] === hashed;
  }

  add(token: string): void {
    if (this.#size * 4 >= this.#places.length * 3) this.#grow();
    this.#put(hashOf(token));
  }

  #put(hashed: bigint): void {
    const place = this.#find(hashed);
    if (this.#places[place] === hashed) return;
    this.#places[place] = hashed;
    this.#size += 1;
  }

  /** The place of a hash, or the empty one where it belongs. There is always one: the table is never full. */
  #find(hashed: bigint): number {
    const mask = this.#places.length - 1;
    let place = Number(BigInt.asUintN(32, hashed)) & mask;
    while (this.#places[place] !== EMPTY && this.#places[place] !== hashed) place = (place + 1) & mask;
    return place;
  }

  #grow(): void {
    const before = this.#places;
    this.#places = new BigUint64Array(before.length * 2);
    this.#size = 0;
    for (const hashed of before) if (hashed !== EMPTY) this.#put(hashed);
  }
}

function hashOf(token: string): bigint {
  const hashed = hash('sha256', token, 'buffer').readBigUInt64LE();
  return hashed === EMPTY ? 1n : hashed;
}
