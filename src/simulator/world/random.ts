/** Seeded random numbers: the same seed gives the same world. The generator is sfc32 (PractRand), seeded by a string hash. */
export class Random {
  readonly #label: string;
  #a: number;
  #b: number;
  #c: number;
  #d = 1;

  constructor(seed: string | number) {
    this.#label = String(seed);
    this.#a = hash(this.#label, 0x9e3779b9);
    this.#b = hash(this.#label, 0x243f6a88);
    this.#c = hash(this.#label, 0xb7e15162);
    for (let i = 0; i < 12; i += 1) this.#word();
  }

  /** An independent generator, so that draws in one part of the world never change those in another. */
  fork(label: string): Random {
    return new Random(`${this.#label}/${label}`);
  }

  /** Uniform in [0, 1). */
  next(): number {
    return this.#word() / 2 ** 32;
  }

  /** Uniform integer in [0, n). */
  int(n: number): number {
    return Math.floor(this.next() * n);
  }

  /** True with probability p. */
  chance(p: number): boolean {
    return this.next() < p;
  }

  pick<T>(from: readonly T[]): T {
    const value = from[this.int(from.length)];
    if (value === undefined) throw new RangeError('pick from an empty list');
    return value;
  }

  /** Standard normal, by Box and Muller. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** Log-normal: half of the draws lie below the median; sigma is the deviation of the logarithm. */
  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  /** Exponential with the given mean: the wait for the next arrival of a Poisson process. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** Geometric, 1 or more, with the given mean. */
  geometric(mean: number): number {
    if (mean <= 1) return 1;
    return 1 + Math.floor(Math.log(1 - this.next()) / Math.log(1 - 1 / mean));
  }

  /** Random bytes as hexadecimal. */
  hex(bytes: number): string {
    let text = '';
    while (text.length < bytes * 2) text += this.#word().toString(16).padStart(8, '0');
    return text.slice(0, bytes * 2);
  }

  /** A version 4 UUID. */
  uuid(): string {
    const h = this.hex(16);
    const variant = '89ab'[this.int(4)];
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20)}`;
  }

  #word(): number {
    const t = (this.#a + this.#b + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t;
    this.#c |= 0;
    return t >>> 0;
  }
}

/** FNV-1a with a final avalanche (the mixer of MurmurHash3). */
function hash(text: string, basis: number): number {
  let h = basis ^ 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
