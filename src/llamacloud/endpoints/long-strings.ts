/** Cuts long strings out of JSON text as it streams by, so that a huge message takes no memory. What is kept is still JSON. */

const QUOTE = 34;
const BACKSLASH = 92;
const U = 117;

/** Between two pushes: outside of strings, inside one, or inside one whose rest is left out. */
type Where = 'outside' | 'inside' | 'beyond';

export class StringCutter {
  readonly #limit: number;
  readonly #pass: (bytes: Buffer) => void;
  #where: Where = 'outside';
  /** Bytes of the string so far. */
  #length = 0;
  #isEscaped = false;
  /** Digits of a \u escape that are still to come. */
  #hexLeft = 0;

  /** Strings end after `limit` bytes, or as few more as complete a character; `pass` gets what is kept, in pieces. */
  constructor(limit: number, pass: (bytes: Buffer) => void) {
    this.#limit = limit;
    this.#pass = pass;
  }

  push(bytes: Buffer): void {
    let from = this.#where === 'beyond' ? bytes.length : 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const before = this.#where;
      this.#step(bytes[at] as number);
      if (before === this.#where) continue;
      if (this.#where === 'beyond') {
        if (at > from) this.#pass(bytes.subarray(from, at));
        from = bytes.length;
      } else if (before === 'beyond') from = at;
    }
    if (from < bytes.length) this.#pass(bytes.subarray(from));
  }

  /** A string ends at its quote, also where its rest is left out: that quote is kept. It is cut neither in a character nor in an escape. */
  #step(byte: number): void {
    if (this.#where === 'outside') {
      if (byte === QUOTE) this.#begin();
      return;
    }
    this.#length += 1;
    if (this.#isEscaped) {
      this.#isEscaped = false;
      this.#hexLeft = byte === U ? 4 : 0;
    } else if (byte === QUOTE) this.#where = 'outside';
    else if (this.#hexLeft > 0) this.#hexLeft -= 1;
    else {
      const isContinuation = (byte & 0xc0) === 0x80;
      if (this.#length > this.#limit && !isContinuation) this.#where = 'beyond';
      this.#isEscaped = byte === BACKSLASH;
    }
  }

  #begin(): void {
    this.#where = 'inside';
    this.#length = 0;
    this.#hexLeft = 0;
  }
}
