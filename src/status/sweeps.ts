/** Progress of running sweeps, and how many pages each project has. */
import type { ProjectStatus } from '../domain/status.ts';

type Running = {
  readonly pages: number;
  readonly expected: number | null;
  /** Seconds since the sweep began, at the last page. */
  readonly seconds: number;
  /** The first report of this sweep: a resumed one starts with pages that cost this process no time. */
  readonly first: { readonly pages: number; readonly seconds: number };
  /** `Clock.elapsed` at the last page, milliseconds. */
  readonly reportedAt: number;
};

export class Sweeps {
  readonly #running = new Map<string, Running>();
  /** Pages read by a sweep that just ended, until it is known whether it was complete. */
  readonly #ended = new Map<string, number>();
  readonly #pages = new Map<string, number>();

  /** `elapsed`: the clock's, in milliseconds. */
  progressed(projectId: string, pages: number, expected: number | null, seconds: number, elapsed: number): void {
    const before = this.#running.get(projectId);
    const first = before !== undefined && before.pages <= pages ? before.first : { pages, seconds };
    this.#running.set(projectId, { pages, expected, seconds, first, reportedAt: elapsed });
    if (expected !== null && expected > 0) this.#pages.set(projectId, expected);
  }

  ended(projectId: string): void {
    const running = this.#running.get(projectId);
    if (running !== undefined) this.#ended.set(projectId, running.pages);
    this.#running.delete(projectId);
  }

  /** The sweep that ended, or ends with this, was complete: its pages are the project's. */
  completed(projectId: string): void {
    const pages = this.#running.get(projectId)?.pages ?? this.#ended.get(projectId);
    if (pages !== undefined && pages > 0) this.#pages.set(projectId, pages);
    this.#ended.delete(projectId);
  }

  drop(projectId: string): void {
    this.#running.delete(projectId);
    this.#ended.delete(projectId);
    this.#pages.delete(projectId);
  }

  /** Pages of the last complete sweep; null: not known yet. */
  pages(projectId: string): number | null {
    return this.#pages.get(projectId) ?? null;
  }

  /** Null at rest. */
  status(projectId: string, elapsed: number): ProjectStatus['sweep'] {
    const sweep = this.#running.get(projectId);
    if (sweep === undefined) return null;
    const share = sweep.expected === null || sweep.expected === 0 ? 0 : Math.min(1, sweep.pages / sweep.expected);
    return { progress: share, pages: sweep.pages, secondsLeft: secondsLeft(sweep, elapsed) };
  }
}

/** Pages left at the pace of this process so far, less the time since the last page; null: no pace or no end known. */
function secondsLeft(sweep: Running, elapsed: number): number | null {
  if (sweep.expected === null || sweep.pages > sweep.expected) return null;
  const isFirst = sweep.pages === sweep.first.pages;
  const pages = isFirst ? sweep.pages : sweep.pages - sweep.first.pages;
  const seconds = isFirst ? sweep.seconds : sweep.seconds - sweep.first.seconds;
  if (pages <= 0) return null;
  const waited = Math.max(0, elapsed - sweep.reportedAt) / 1000;
  return Math.max(0, (seconds / pages) * (sweep.expected - sweep.pages) - waited);
}
