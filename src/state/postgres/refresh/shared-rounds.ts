/** Calls that share rounds of work: whoever calls waits for a round that began after the call, and at most one waits to begin. */
export class SharedRounds<Result> {
  readonly #work: () => Promise<Result>;
  #running: Promise<Result> | null = null;
  #next: Promise<Result> | null = null;

  constructor(work: () => Promise<Result>) {
    this.#work = work;
  }

  /** Resolves and rejects as the round does. Rounds never overlap. */
  join(): Promise<Result> {
    if (this.#next !== null) return this.#next;
    if (this.#running === null) return this.#begin();
    this.#next = this.#after(this.#running);
    return this.#next;
  }

  async #after(previous: Promise<Result>): Promise<Result> {
    await previous.catch(() => undefined);
    this.#next = null;
    return this.#begin();
  }

  #begin(): Promise<Result> {
    const round = this.#work();
    this.#running = round;
    const end = (): void => {
      if (this.#running === round) this.#running = null;
    };
    round.then(end, end);
    return round;
  }
}
