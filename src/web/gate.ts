/** Limits how many scrapes are served at once. */
import type { ServerResponse } from 'node:http';

export class ScrapeGate {
  readonly #most: number;
  readonly #longestMs: number;
  /** Answers under way, with the time at which they began, oldest first. */
  readonly #open = new Map<ServerResponse, number>();

  /** `longestMs`: an answer that takes longer gives way when the gate is full, so that slow readers cannot keep it shut. */
  constructor(most: number, longestMs: number) {
    this.#most = most;
    this.#longestMs = longestMs;
  }

  /** False: full. Else the answer holds a place until it is closed. */
  enter(res: ServerResponse): boolean {
    const now = performance.now();
    if (this.#open.size >= this.#most) this.#closeSlow(now);
    if (this.#open.size >= this.#most) return false;
    this.#open.set(res, now);
    res.once('close', () => this.#open.delete(res));
    return true;
  }

  #closeSlow(now: number): void {
    for (const [res, since] of this.#open) {
      if (now - since < this.#longestMs) return;
      this.#open.delete(res);
      res.destroy();
    }
  }
}
