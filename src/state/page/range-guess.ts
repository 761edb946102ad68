/**
 * A guess that saves the look-up: sessions that follow each other in the list were mostly numbered one after the other, so the rows of the
 * next page are likely those beside the rows of this one, and one range read gets them all. A wrong guess costs that read and nothing else.
 */

/** Numbers from `from` up to, not including, `to`. */
export type Range = { readonly from: number; readonly to: number };

/** A range may hold this many rows for each that was found, or it is no bargain. */
const SPARSEST = 2;

export class RangeGuess {
  readonly #next = new Map<number, Range>();

  /** Where the next `wanted` sessions likely are; null: no idea, or too many rows to read for so few. */
  guess(project: number, wanted: number): Range | null {
    const range = this.#next.get(project);
    return range !== undefined && range.to - range.from <= wanted * SPARSEST * 2 ? range : null;
  }

  /** Learns from a page: the numbers of its first and last session, null where unknown, and the lowest, highest and count of all found. */
  learn(project: number, first: number | null, last: number | null, found: Found): void {
    const span = found.highest - found.lowest + 1;
    if (first === null || last === null || first === last || span > found.count * SPARSEST) {
      this.#next.delete(project);
      return;
    }
    const up = last > first;
    const from = up ? found.highest + 1 : Math.max(0, found.lowest - span);
    this.#next.set(project, { from, to: up ? from + span : found.lowest });
  }

  forget(project: number): void {
    this.#next.delete(project);
  }
}

export type Found = { readonly lowest: number; readonly highest: number; readonly count: number };
