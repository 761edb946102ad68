import type { Logger } from '../../domain/logger.ts';
import type { Format } from '../../domain/serving.ts';
import type { Clock, Micros } from '../../domain/time.ts';
import type { Board } from './board.ts';
import { Breather } from './breather.ts';

/** Publications begin at least this far apart, milliseconds. */
const SPACING_MS = 1000;
/** After a publication the rest lasts at least this many times what it took: it has a quarter of the time at most. */
const REST_FACTOR = 3;

/** Carries out the publications of a board: one at a time, paced, going on after a failure. */
export class Publication {
  readonly #board: Board;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #published: (at: Micros) => void;
  #last: Promise<void> = Promise.resolve();
  #notBefore = Number.NEGATIVE_INFINITY;
  #wanted = Promise.withResolvers<void>();

  /** `published` is told after each publication when it was, on our clock. */
  constructor(board: Board, clock: Clock, log: Logger, published: (at: Micros) => void) {
    this.#board = board;
    this.#clock = clock;
    this.#log = log;
    this.#published = published;
  }

  /** Asks for a publication as soon as the pace allows; several calls before it are one. */
  want(): void {
    this.#wanted.resolve();
  }

  /** Publishes what is wanted until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.want(), { once: true });
    await Promise.all([this.#ticks(signal), this.#publications(signal)]);
  }

  /** Publishes after the publication that is under way, whatever the pace; `format`, if given, is kept from then on. */
  now(format: Format | null): Promise<void> {
    const next = this.#last.then(() => this.#publish(format));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #publish(format: Format | null): Promise<void> {
    const begun = this.#clock.elapsed();
    const breather = new Breather(this.#clock);
    if (format !== null) this.#board.open(format);
    try {
      await this.#board.publish(this.#clock.now(), breather);
    } finally {
      this.#notBefore = Math.max(begun + SPACING_MS, this.#clock.elapsed() + REST_FACTOR * breather.busyMs());
    }
    this.#published(this.#clock.now());
  }

  async #publications(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#wanted.promise;
      await this.#sleep(this.#notBefore - this.#clock.elapsed(), signal);
      this.#wanted = Promise.withResolvers();
      if (!signal.aborted && this.#board.isDue(this.#clock.now())) await this.#tryOnce();
    }
  }

  async #tryOnce(): Promise<void> {
    try {
      await this.now(null);
    } catch (error) {
      this.#log.error('The metrics could not be rendered; the last ones stay', { error });
    }
  }

  /** Time alone may withdraw gauges. */
  async #ticks(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#sleep(SPACING_MS, signal);
      if (this.#board.isDue(this.#clock.now())) this.want();
    }
  }

  /** Ends early, without an error, when the signal aborts. */
  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (ms <= 0) return;
    try {
      await this.#clock.sleep(ms, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
