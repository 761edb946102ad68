/** Detects that all histories of an account fail alike, which is not the sessions' fault; then only one at a time is tried (docs/accounting.md, H5). */
import type { ErrorCode } from '../../domain/errors.ts';

/** So many failures in a row for one reason make a streak. */
const ALIKE = 10;
/** Milliseconds. */
const FIRST_WAIT = 30_000;
const LONGEST_WAIT = 3_600_000;

export class FailureStreak {
  #code: ErrorCode | null = null;
  #length = 0;

  get isUnbroken(): boolean {
    return this.#length >= ALIKE;
  }

  /** Milliseconds until the next attempt: doubles with each failure from the streak on. */
  get waitMs(): number {
    return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(20, this.#length - ALIKE));
  }

  failed(code: ErrorCode): void {
    this.#length = code === this.#code ? this.#length + 1 : 1;
    this.#code = code;
  }

  /** A history was answered, whatever it said. */
  succeeded(): void {
    this.#code = null;
    this.#length = 0;
  }
}
