/** The best few of many: a bounded heap, so that memory does not grow with what is looked at. */

/** True when `a` comes before `b`. A total order: of two different entries exactly one comes before the other. */
export type Before<T> = (a: T, b: T) => boolean;

export class Top<T> {
  readonly #most: number;
  readonly #before: Before<T>;
  /** A binary heap, the last in order at its root. */
  readonly #heap: T[] = [];

  constructor(most: number, before: Before<T>) {
    this.#most = most;
    this.#before = before;
  }

  /** Keeps the entry if it is among the best so far. */
  offer(entry: T): void {
    const [last] = this.#heap;
    if (this.#heap.length < this.#most) {
      this.#heap.push(entry);
      this.#rise(this.#heap.length - 1);
    } else if (last !== undefined && this.#before(entry, last)) {
      this.#heap[0] = entry;
      this.#sink(0);
    }
  }

  /** The entries that were kept, in order. */
  ordered(): readonly T[] {
    return this.#heap.toSorted((a, b) => (this.#before(a, b) ? -1 : 1));
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#isLater(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(from: number): void {
    for (let at = from; ; ) {
      const left = 2 * at + 1;
      const latest = [left, left + 1].reduce((most, child) => (this.#isLater(child, most) ? child : most), at);
      if (latest === at) return;
      this.#swap(at, latest);
      at = latest;
    }
  }

  /** True when the entry at `a` exists and comes after the one at `b`. */
  #isLater(a: number, b: number): boolean {
    const [first, second] = [this.#heap[b], this.#heap[a]];
    return first !== undefined && second !== undefined && this.#before(first, second);
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }
}
