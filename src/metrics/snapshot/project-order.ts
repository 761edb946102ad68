/** The order of projects in the exposition: a project keeps its slot, so that few chunks change. */
import type { ProjectView } from '../../domain/view.ts';
import type { Context } from '../families/sample.ts';
import { projectLabels } from '../render/lines.ts';

/** What is published of a project. */
export type Entry = {
  readonly view: ProjectView;
  readonly context: Context;
  /** The labels of every series of the project, as text. */
  readonly labels: string;
};

/** Projects per chunk. */
export const BLOCK = 100;

export function entryOf(view: ProjectView, context: Context): Entry {
  return { view, context, labels: projectLabels(view.project) };
}

export class ProjectOrder {
  readonly #slotOf = new Map<string, number>();
  readonly #free: number[] = [];
  readonly #entries: (Entry | null)[] = [];

  /** Number of blocks in use, those with freed slots included. */
  get blocks(): number {
    return Math.ceil(this.#entries.length / BLOCK);
  }

  get(projectId: string): Entry | null {
    const slot = this.#slotOf.get(projectId);
    return slot === undefined ? null : (this.#entries[slot] ?? null);
  }

  /** Puts an entry at the project's slot, else at a freed one, else at the end; answers its block. */
  set(entry: Entry): number {
    const id = entry.view.project.id;
    const slot = this.#slotOf.get(id) ?? this.#free.pop() ?? this.#entries.length;
    this.#slotOf.set(id, slot);
    this.#entries[slot] = entry;
    return Math.floor(slot / BLOCK);
  }

  /** Frees the project's slot; answers its block, null when the project was not there. */
  delete(projectId: string): number | null {
    const slot = this.#slotOf.get(projectId);
    if (slot === undefined) return null;
    this.#slotOf.delete(projectId);
    this.#entries[slot] = null;
    this.#free.push(slot);
    return Math.floor(slot / BLOCK);
  }

  /** Entries of a block, in order. */
  block(no: number): readonly Entry[] {
    return this.#entries.slice(no * BLOCK, (no + 1) * BLOCK).filter((entry) => entry !== null);
  }

  all(): readonly Entry[] {
    return this.#entries.filter((entry) => entry !== null);
  }
}
