/**
 * The publisher of a member's own projects: what they show beside their totals is written to the database, from where all members serve it,
 * at most once a second and all in one statement.
 */
import type { Logger } from '../../../domain/logger.ts';
import type { Publisher } from '../../../domain/serving.ts';
import type { Clock } from '../../../domain/time.ts';
import type { ProjectView } from '../../../domain/view.ts';
import { type Clocks, shownOf } from './view.ts';

export type ShownWriterParts = {
  /** Writes under the fences; what is not owned any more is skipped. */
  readonly save: (shown: ReadonlyMap<number, object>) => Promise<void>;
  /** Keys of owned projects by the projects' ids. */
  readonly keyOf: (projectId: string) => number | undefined;
  /** The two clocks as they were seen last. */
  readonly clocks: () => Clocks;
  readonly clock: Clock;
  readonly logger: Logger;
};

const EVERY_MS = 1_000;

export class ShownWriter implements Publisher {
  readonly #parts: ShownWriterParts;
  #waiting = new Map<string, ProjectView>();
  /** What is being written now: should that fail, it waits again, unless its project has been given back or lost meanwhile. */
  readonly #beingWritten = new Set<Map<string, ProjectView>>();
  readonly #stop = new AbortController();
  #work: Promise<void> | null = null;
  #isFailing = false;

  constructor(parts: ShownWriterParts) {
    this.#parts = parts;
  }

  put(view: ProjectView): void {
    this.#waiting.set(view.project.id, view);
    this.#work ??= this.#run();
  }

  /** The project is given back: what it showed stays until its next owner writes. */
  drop(projectId: string): void {
    this.#waiting.delete(projectId);
    for (const views of this.#beingWritten) views.delete(projectId);
  }

  /** Writes what waits, if it can be written; to be called before projects are given back. Never rejects. */
  async flush(): Promise<void> {
    await this.#write();
  }

  /** Writes what waits, and nothing after it. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#work;
    await this.#write();
  }

  /** As long as something waits: a rest, then everything at once. */
  async #run(): Promise<void> {
    const { clock } = this.#parts;
    while (this.#waiting.size > 0 && !this.#stop.signal.aborted) {
      await clock.sleep(EVERY_MS, this.#stop.signal).catch(() => undefined);
      if (!this.#stop.signal.aborted) await this.#write();
    }
    this.#work = null;
  }

  async #write(): Promise<void> {
    const { save, keyOf, clocks, logger } = this.#parts;
    const views = this.#waiting;
    this.#waiting = new Map();
    const now = clocks();
    const shown = new Map([...views].flatMap(([id, view]) => withKey(keyOf(id), shownOf(view, now))));
    if (shown.size === 0) return;
    this.#beingWritten.add(views);
    try {
      await save(shown);
      this.#isFailing = false;
    } catch (error) {
      this.#waiting = new Map([...views, ...this.#waiting]);
      if (!this.#isFailing) logger.warn('Statistics of polls could not be written; it is retried', { error });
      this.#isFailing = true;
    } finally {
      this.#beingWritten.delete(views);
    }
  }
}

function withKey(key: number | undefined, shown: object): readonly (readonly [number, object])[] {
  return key === undefined ? [] : [[key, shown]];
}
