/** A priority queue of events to come: the workload's timeline. */

/** Something to run at a moment of the workload's own time, in milliseconds. */
export interface PlannedEvent {
  readonly at: number;
  readonly run: () => void;
}

/** A binary heap: the earliest event comes first; of two at one moment, the one planned first. */
export class EventQueue {
  readonly #heap: (PlannedEvent & { readonly order: number })[] = [];
  #planned = 0;

  get size(): number {
    return this.#heap.length;
  }

  plan(at: number, run: () => void): void {
    this.#planned += 1;
    this.#heap.push({ at, run, order: this.#planned });
    this.#rise(this.#heap.length - 1);
  }

  /** Removes and returns the earliest event at or before the moment; undefined if there is none. */
  takeUntil(moment: number): PlannedEvent | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.at > moment) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #rise(from: number): void {
    let place = from;
    while (place > 0 && this.#before(place, (place - 1) >> 1)) {
      this.#swap(place, (place - 1) >> 1);
      place = (place - 1) >> 1;
    }
  }

  #sink(from: number): void {
    let place = from;
    for (;;) {
      const left = 2 * place + 1;
      const least = this.#before(left + 1, left) ? left + 1 : left;
      if (!this.#before(least, place)) return;
      this.#swap(place, least);
      place = least;
    }
  }

  #before(a: number, b: number): boolean {
    const first = this.#heap[a];
    const second = this.#heap[b];
    if (first === undefined || second === undefined) return false;
    return first.at < second.at || (first.at === second.at && first.order < second.order);
  }

  #swap(a: number, b: number): void {
    const first = this.#heap[a];
    const second = this.#heap[b];
    if (first === undefined || second === undefined) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }
}
