/**
 * Whose request goes next when not all can. Head polls and discovery are urgent; sweeps and histories get every fifth request while
 * both kinds wait, in turns. Within a lane projects take turns.
 */
import type { Priority } from '../../domain/source.ts';

/** `project` is the project's id; discovery takes its turn under the empty one. */
export type Turn = { readonly priority: Priority; readonly project: string };

/** Urgent requests that go before a waiting sweep or history has its one. */
const URGENT_PER_OTHER = 4;

export class Turns<T extends Turn> {
  readonly #urgent = new Lane<T>();
  readonly #sweep = new Lane<T>();
  readonly #history = new Lane<T>();
  #urgentInRow = 0;
  #historyWasLast = false;

  get isEmpty(): boolean {
    return this.#urgent.isEmpty && this.#sweep.isEmpty && this.#history.isEmpty;
  }

  add(entry: T): void {
    this.#laneOf(entry).add(entry);
  }

  /** True where it was still waiting. */
  remove(entry: T): boolean {
    return this.#laneOf(entry).remove(entry);
  }

  /** Takes the next entry out; null when none waits, or only histories do and none may go. */
  next(mayBeHistory: boolean): T | null {
    const other = this.#otherLane(mayBeHistory);
    const otherIsDue = this.#urgent.isEmpty || this.#urgentInRow >= URGENT_PER_OTHER;
    if (other === null || !otherIsDue) {
      this.#urgentInRow = other === null ? 0 : this.#urgentInRow + 1;
      return this.#urgent.next();
    }
    this.#urgentInRow = 0;
    this.#historyWasLast = other === this.#history;
    return other.next();
  }

  /** Takes all entries out. */
  drain(): T[] {
    return [...this.#urgent.drain(), ...this.#sweep.drain(), ...this.#history.drain()];
  }

  /** The lane that gets the next request which is not for an urgent one; null: nobody there waits. */
  #otherLane(mayBeHistory: boolean): Lane<T> | null {
    const historyWaits = mayBeHistory && !this.#history.isEmpty;
    if (this.#sweep.isEmpty) return historyWaits ? this.#history : null;
    return historyWaits && !this.#historyWasLast ? this.#history : this.#sweep;
  }

  #laneOf({ priority }: Turn): Lane<T> {
    if (priority === 'sweep') return this.#sweep;
    return priority === 'history' ? this.#history : this.#urgent;
  }
}

/** The waiting entries of each project; the map's order is the order of turns. */
class Lane<T extends Turn> {
  #waiting = new Map<string, T[]>();

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  add(entry: T): void {
    const entries = this.#waiting.get(entry.project);
    if (entries === undefined) this.#waiting.set(entry.project, [entry]);
    else entries.push(entry);
  }

  remove(entry: T): boolean {
    const entries = this.#waiting.get(entry.project);
    const at = entries?.indexOf(entry) ?? -1;
    if (entries === undefined || at < 0) return false;
    entries.splice(at, 1);
    if (entries.length === 0) this.#waiting.delete(entry.project);
    return true;
  }

  next(): T | null {
    for (const [project, entries] of this.#waiting) {
      this.#waiting.delete(project);
      const entry = entries.shift() as T;
      if (entries.length > 0) this.#waiting.set(project, entries);
      return entry;
    }
    return null;
  }

  drain(): T[] {
    const all = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    return all;
  }
}
