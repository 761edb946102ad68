/** Removes what is old enough: tombstones of each project soon after it was taken in and then every hour, and projects that left. */
import { LostError } from '../../domain/errors.ts';
import { HOUR, type Micros } from '../../domain/time.ts';
import type { Deps } from '../context.ts';
import type { Worker } from '../polling/worker.ts';
import { forgottenBefore } from '../projects/project-changes.ts';
import type { Registry } from '../projects/registry.ts';

/** Milliseconds. */
const EVERY = HOUR / 1000;
/** Between two slices. */
const PAUSE = 20;
/** Projects in one go: what was taken in together is not purged together. */
const AT_ONCE = 100;

/** Nothing is purged while `serverTime` is null: our own clock may be wrong. */
export type PurgeTimes = {
  /** Server time now. */
  readonly serverTime: () => Micros | null;
  /** Whether this process is the one to remove projects that left. */
  readonly discovers: () => boolean;
};

export class Purging {
  readonly #registry: Registry;
  readonly #deps: Deps;
  readonly #times: PurgeTimes;
  /** `Clock.elapsed` at which it was done last. */
  readonly #purged = new WeakMap<Worker, number>();
  #departedPurged = Number.NEGATIVE_INFINITY;

  constructor(registry: Registry, deps: Deps, times: PurgeTimes) {
    this.#registry = registry;
    this.#deps = deps;
    this.#times = times;
  }

  get isDue(): boolean {
    return this.#times.serverTime() !== null && (this.#isDepartedDue() || this.#dueWorkers().length > 0);
  }

  /** Does what is due, or a part of it. Rejects with the error of the state; what failed is tried again an hour later. */
  async run(signal: AbortSignal): Promise<void> {
    const now = this.#times.serverTime();
    if (now === null) return;
    const before = forgottenBefore(now);
    for (const worker of this.#dueWorkers().slice(0, AT_ONCE)) {
      this.#purged.set(worker, this.#deps.clock.elapsed());
      const { recorder } = worker.ctx;
      await this.#untilDone(() => (recorder.isClosed ? false : recorder.purge(before, now)), signal);
    }
    if (!this.#isDepartedDue()) return;
    this.#departedPurged = this.#deps.clock.elapsed();
    await this.#untilDone(() => this.#deps.store.purgeDeparted(before), signal);
  }

  /** Before the first poll of a project has succeeded here its account's server time may be our own. */
  #dueWorkers(): readonly Worker[] {
    const isDue = (worker: Worker): boolean =>
      worker.ctx.state.stats.up === true && this.#isHourAfter(this.#purged.get(worker));
    return this.#registry.workers().filter(isDue);
  }

  #isDepartedDue(): boolean {
    return this.#times.discovers() && this.#isHourAfter(this.#departedPurged);
  }

  #isHourAfter(last = Number.NEGATIVE_INFINITY): boolean {
    return this.#deps.clock.elapsed() - last >= EVERY;
  }

  /** A slice at a time; between two of them others have the state. What another process has by now is its task. */
  async #untilDone(slice: () => Promise<boolean> | boolean, signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted && (await slice())) await this.#deps.clock.sleep(PAUSE, signal);
    } catch (error) {
      if (!(error instanceof LostError)) throw error;
    }
  }
}
