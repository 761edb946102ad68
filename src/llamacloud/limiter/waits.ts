/** Since when each project has not been let through: its requests wait for their turn, or are refused and repeated. */

type Wait = { readonly since: number; readonly isRefused: boolean };

/** Times are milliseconds of a clock that never steps back. */
export class Waits {
  readonly #waits = new Map<string, Wait>();

  /** A request waits for its turn: a first attempt, or one more after a refusal. */
  begin(project: string, now: number): void {
    this.#waits.set(project, { since: this.#waits.get(project)?.since ?? now, isRefused: false });
  }

  /** The request that ends next was refused, and will be repeated. */
  refused(project: string): void {
    const wait = this.#waits.get(project);
    if (wait !== undefined) this.#waits.set(project, { ...wait, isRefused: true });
  }

  /** A request ended: where it was not refused, the project was let through. */
  ended(project: string): void {
    if (this.#waits.get(project)?.isRefused !== true) this.end(project);
  }

  /** The project waits no more. */
  end(project: string): void {
    this.#waits.delete(project);
  }

  /** Milliseconds; 0: it does not wait. */
  of(project: string, now: number): number {
    const wait = this.#waits.get(project);
    return wait === undefined ? 0 : now - wait.since;
  }
}
