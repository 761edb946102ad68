/** One thing at a time for each project: while a commit is under way or in doubt, nothing else of the project is sent. */
export class Turns {
  readonly #last = new Map<number, Promise<void>>();

  /** Runs `work` once all that was asked for earlier for these projects has ended. */
  take<T>(keys: readonly number[], work: () => Promise<T>): Promise<T> {
    const earlier = keys.map((key) => this.#last.get(key) ?? Promise.resolve());
    const result = Promise.all(earlier).then(work);
    // A turn that failed has told its caller; the next one only waits for its end.
    const end: Promise<void> = result.then(
      () => this.#leave(keys, end),
      () => this.#leave(keys, end),
    );
    for (const key of keys) this.#last.set(key, end);
    return result;
  }

  #leave(keys: readonly number[], end: Promise<void>): void {
    for (const key of keys) if (this.#last.get(key) === end) this.#last.delete(key);
  }
}
