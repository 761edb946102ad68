/** The publish loop: renders and shows pending changes, one publication at a time, and continues after a failure. */
import type { Logger } from '../../domain/logger.ts';
import type { Format } from '../../domain/serving.ts';
import type { Clock, Micros } from '../../domain/time.ts';
import type { SnapshotBuilder } from './snapshot-builder.ts';
import { TimeSlicer } from './time-slicer.ts';

/** How often the snapshot builder is looked at for what time alone changes, milliseconds. */
const TICK_MS = 1000;
/** The shortest rest after a publication, milliseconds. */
const SHORTEST_REST_MS = 100;
/** The longest rest that is there to save work only, milliseconds. */
const LONGEST_EASE_MS = 1000;

/** Each publication is followed by a rest that depends on how long it took. */
export class PublishLoop {
  readonly #builder: SnapshotBuilder;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #published: (at: Micros) => void;
  /** The publication that began or was queued last; `#last` is the same without its failure. */
  #latest: Promise<void> = Promise.resolve();
  #last: Promise<void> = Promise.resolve();
  #notBefore = Number.NEGATIVE_INFINITY;
  #wanted = Promise.withResolvers<void>();
  /** The publication that is queued by `caughtUp` and has not begun. */
  #queued: Promise<void> | null = null;
  #hasFailed = false;

  /** `published` is called after each publication with its time on our clock. */
  constructor(builder: SnapshotBuilder, clock: Clock, log: Logger, published: (at: Micros) => void) {
    this.#builder = builder;
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
    this.#latest = next;
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Resolves once all that has been put so far is shown, whatever the pace. Publishes only where something waits to be. */
  caughtUp(): Promise<void> {
    if (!this.#builder.isWaiting && !this.#hasFailed) return this.#latest;
    this.#queued ??= this.now(null);
    return this.#queued;
  }

  async #publish(format: Format | null): Promise<void> {
    this.#queued = null;
    const slicer = new TimeSlicer(this.#clock);
    if (format !== null) this.#builder.open(format);
    try {
      await this.#builder.publish(this.#clock.now(), slicer);
      this.#hasFailed = false;
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    } finally {
      this.#notBefore = this.#clock.elapsed() + restAfter(slicer.busyMs());
    }
    this.#published(this.#clock.now());
  }

  async #publications(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#wanted.promise;
      await this.#sleep(this.#notBefore - this.#clock.elapsed(), signal);
      this.#wanted = Promise.withResolvers();
      if (!signal.aborted && this.#builder.isDue(this.#clock.now())) await this.#tryOnce();
    }
  }

  /** A failure is logged once, until a publication succeeds. */
  async #tryOnce(): Promise<void> {
    const hadFailed = this.#hasFailed;
    try {
      await this.now(null);
    } catch (error) {
      if (hadFailed) return;
      this.#log.error('The metrics could not be rendered; the last ones stay', { error });
    }
  }

  /** Time alone may withdraw gauges. */
  async #ticks(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#sleep(TICK_MS, signal);
      if (this.#builder.isDue(this.#clock.now())) this.want();
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

/**
 * A publication has a tenth of the time as long as that makes nothing wait for more than a second, and a quarter of it at most. What
 * small installations poll is thereby shown at once.
 */
function restAfter(busyMs: number): number {
  return Math.max(SHORTEST_REST_MS, Math.min(9 * busyMs, LONGEST_EASE_MS), 3 * busyMs);
}
