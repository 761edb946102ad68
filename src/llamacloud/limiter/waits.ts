/** Since when each project has not been let through: its requests wait for their turn, or are refused and repeated. */

/** Of one project. */
type Wait = {
  /** When it was let through last, or began to wait. */
  readonly since: number;
  /** Requests that wait for their turn. */
  readonly waiting: number;
  /** A request was refused, and none was served since. */
  readonly isRefused: boolean;
};

/** Times are milliseconds of a clock that never steps back. That an answer takes long is no wait. */
export class Waits {
  readonly #waits = new Map<string, Wait>();

  /** A request waits for its turn: a first attempt, or one more after a refusal. */
  begin(project: string, now: number): void {
    const wait = this.#waits.get(project) ?? { since: now, waiting: 0, isRefused: false };
    this.#waits.set(project, { ...wait, waiting: wait.waiting + 1 });
  }

  /** A request is sent; it may be refused yet. */
  sent(project: string, now: number): void {
    const wait = this.#waits.get(project);
    if (wait !== undefined) this.#put(project, { ...wait, waiting: wait.waiting - 1 }, now);
  }

  /** A request waits no longer, since its poll was stopped: none is repeated either. */
  left(project: string, now: number): void {
    this.sent(project, now);
    if (this.#waits.get(project)?.waiting === 0) this.#waits.delete(project);
  }

  /** A request was refused and will be repeated; it had been waiting, or on its way, since `askedAt`. */
  refused(project: string, askedAt: number): void {
    const wait = this.#waits.get(project) ?? { since: askedAt, waiting: 0, isRefused: true };
    this.#waits.set(project, { ...wait, since: Math.min(wait.since, askedAt), isRefused: true });
  }

  /** A request was answered, and not refused. */
  served(project: string, now: number): void {
    const wait = this.#waits.get(project);
    if (wait !== undefined) this.#put(project, { ...wait, isRefused: false }, now);
  }

  /** Milliseconds; 0: it does not wait. */
  of(project: string, now: number): number {
    const wait = this.#waits.get(project);
    return wait === undefined ? 0 : now - wait.since;
  }

  /** Where nothing is refused, the project was let through now. */
  #put(project: string, wait: Wait, now: number): void {
    if (wait.isRefused) this.#waits.set(project, wait);
    else if (wait.waiting > 0) this.#waits.set(project, { ...wait, since: now });
    else this.#waits.delete(project);
  }
}
