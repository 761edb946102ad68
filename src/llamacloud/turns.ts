/**
 * Whose request goes next when not all can: a queue of two lanes. Head polls, discovery and histories are urgent; sweeps get every
 * fifth request while both wait. Within a lane projects take turns.
 */
import type { Priority } from '../domain/source.ts';

/** `project` is the project's id; discovery takes its turn under the empty one. */
export type Turn = { readonly priority: Priority; readonly project: string };

/** Urgent requests that go before a waiting sweep has its one. */
const URGENT_PER_SWEEP = 4;

export class Turns<T extends Turn> {
  #urgent = new Lane<T>();
  #sweep = new Lane<T>();
  #urgentInRow = 0;

  get isEmpty(): boolean {
    return this.#urgent.isEmpty && this.#sweep.isEmpty;
  }

  add(entry: T): void {
    this.#laneOf(entry).add(entry);
  }

  /** True where it was still waiting. */
  remove(entry: T): boolean {
    return this.#laneOf(entry).remove(entry);
  }

  /** Takes the next entry out; null when none waits. */
  next(): T | null {
    const sweepIsDue = !this.#sweep.isEmpty && (this.#urgent.isEmpty || this.#urgentInRow >= URGENT_PER_SWEEP);
    if (sweepIsDue) {
      this.#urgentInRow = 0;
      return this.#sweep.next();
    }
    this.#urgentInRow = this.#sweep.isEmpty ? 0 : this.#urgentInRow + 1;
    return this.#urgent.next();
  }

  /** Takes all entries out. */
  drain(): T[] {
    return [...this.#urgent.drain(), ...this.#sweep.drain()];
  }

  #laneOf(entry: T): Lane<T> {
    return entry.priority === 'sweep' ? this.#sweep : this.#urgent;
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
