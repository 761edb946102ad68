/** The only worker of a project: polls it periodically, never twice at once, and continues after a failure. */
import { formatDuration } from '../../domain/duration.ts';
import { ExporterError } from '../../domain/errors.ts';
import type { PollKind } from '../../domain/polls.ts';
import type { SessionPage } from '../../domain/source.ts';
import type { Context } from '../context.ts';
import { mayPollHead } from '../head/overlap.ts';
import { followName } from '../projects/adopt.ts';
import { elapsedAt } from '../projects/restored.ts';
import { afterPoll } from '../publish/after-poll.ts';
import { SWEEPS_TO_KNOW_ALL } from '../record/record-page.ts';
import type { BetweenPages } from '../sweep/sweep.ts';
import { pollOnce } from './poll.ts';
import { SharedTimer } from './shared-timer.ts';
import { pollsSkipped } from './stats.ts';

/** While a sweep runs its project is published at most this often, milliseconds. */
const PUBLISH_EVERY = 1000;

export class Worker {
  readonly ctx: Context;
  readonly #stop: AbortController;
  readonly #timer: SharedTimer;
  #done: Promise<void> = Promise.resolve();
  /** Monotonic milliseconds: when the next poll is due, when the last full sweep began, when a sweep may publish again. */
  #dueAt: number;
  /** The part of an interval that the next poll comes after: the project's phase once, the whole interval from then on. */
  #phase: number;
  #sweptAt: number | null = null;
  #publishAt = 0;
  /** The kind of the poll that runs now, a head poll within a sweep included; null: none. */
  #running: PollKind | null = null;
  /** A counter of the project has just begun, and must be scraped before the first poll raises it. */
  readonly beganAtZero: boolean;

  /** `phase`: see `phaseOf`. */
  constructor(ctx: Context, beganAtZero: boolean, phase: number, parent: AbortSignal) {
    this.beganAtZero = beganAtZero;
    this.ctx = ctx;
    this.#phase = phase;
    this.#stop = new AbortController();
    this.#timer = new SharedTimer(ctx.deps.clock);
    this.#dueAt = ctx.deps.clock.elapsed();
    if (parent.aborted) this.#stop.abort(parent.reason);
    parent.addEventListener('abort', () => this.#stop.abort(parent.reason), { signal: this.#stop.signal });
  }

  /** Polls from `delayMs` from now on, until stopped; a counter that has just begun is shown at 0 for an interval first. */
  start(delayMs: number): void {
    const { clock, timing } = this.ctx.deps;
    const { state } = this.ctx;
    const delay = this.beganAtZero ? Math.max(delayMs, timing.poll / 1000) : delayMs;
    this.#dueAt = Math.max(clock.elapsed() + delay, state.quietUntil);
    if (delay > 0) state.quietUntil = this.#dueAt;
    this.#done = this.#loop().catch((error: unknown) => {
      if (!this.#stop.signal.aborted) throw error;
    });
  }

  /** Milliseconds until the next poll; 0 while it is due or runs. */
  get dueIn(): number {
    return Math.max(0, this.#dueAt - this.ctx.deps.clock.elapsed());
  }

  /** Stops between two pages; resolves when the last commit is done. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('stopped'));
    await this.#done;
  }

  /** One poll of the given kind: what the loop does each time, and what `once` and tests call. */
  async poll(kind: PollKind): Promise<ExporterError | null> {
    await followName(this.ctx);
    if (kind === 'full') this.#sweptAt = this.ctx.deps.clock.elapsed();
    this.#running = kind;
    try {
      return await pollOnce(this.ctx, kind, this.#between(), this.#stop.signal);
    } finally {
      this.#running = null;
      this.#timer.off();
    }
  }

  /** Says when the poll that runs has waited for its turn for longer than two intervals, and counts those that came due meanwhile. */
  noteDelay(): void {
    const kind = this.#running;
    if (kind === null) return;
    const { deps, plan, state } = this.ctx;
    const { id } = state.project;
    const waited = plan.source.waited(id);
    if (waited < (2 * deps.timing.poll) / 1000 || !this.#skipOverrun(kind)) return;
    deps.observer.pollDelayed(plan.source.account, id, kind, delayed(waited));
    void afterPoll(this.ctx, this.#stop.signal).catch(() => {}); // rejects only where polling is stopped
  }

  /** The next full poll begins a new sweep, not the rest of one that was broken off. */
  forgetSweep(): void {
    const { state } = this.ctx;
    state.cursors = { ...state.cursors, sweep: null };
  }

  async #loop(): Promise<void> {
    const { clock, timing } = this.ctx.deps;
    while (!this.#stop.signal.aborted && !this.ctx.recorder.isClosed) {
      await clock.sleep(Math.max(0, this.#dueAt - clock.elapsed()), this.#stop.signal);
      if (await followName(this.ctx)) {
        this.#dueAt = clock.elapsed() + timing.poll / 1000;
        this.ctx.state.quietUntil = this.#dueAt;
        continue;
      }
      const kind = this.nextKind();
      this.#arm(kind);
      // Where heads are read, a sweep that fails again and again must not keep them from it.
      if (kind === 'full' && this.#mayPollHead()) await this.poll('head');
      await this.poll(kind);
      this.#skipOverrun(kind);
    }
  }

  /** Head polls where the order is proven; a full sweep when it is due, was broken off, or not all sessions are known for sure. */
  nextKind(): PollKind {
    const { state, deps } = this.ctx;
    if (!this.#mayPollHead() || state.sweep !== null || state.cursors.sweep !== null) return 'full';
    if (state.totals.sweeps < SWEEPS_TO_KNOW_ALL) return 'full';
    const interval = deps.timing.fullSweep / 1000;
    return deps.clock.elapsed() - (this.#sweptAt ?? this.#restoredSweptAt()) >= interval ? 'full' : 'head';
  }

  /** The last full sweep of an earlier process, on this process' monotonic clock. */
  #restoredSweptAt(): number {
    const { state, deps } = this.ctx;
    this.#sweptAt = elapsedAt(state.cursors.lastFullSweep ?? 0, deps.clock);
    return this.#sweptAt;
  }

  #arm(kind: PollKind): void {
    this.#skipOverrun(kind);
    this.#dueAt += (this.#phase * this.ctx.deps.timing.poll) / 1000;
    this.#phase = 1;
  }

  /** Polls that came due while one ran are counted, never queued. True where there were any. */
  #skipOverrun(kind: PollKind): boolean {
    const { state, deps } = this.ctx;
    const interval = deps.timing.poll / 1000;
    const late = Math.floor((deps.clock.elapsed() - this.#dueAt) / interval);
    if (late < 1) return false;
    state.stats = pollsSkipped(state.stats, kind, late);
    this.#dueAt += late * interval;
    return true;
  }

  #between(): BetweenPages {
    return {
      awaitPage: (page) => this.#awaitPage(page),
      headDue: () => this.#headDue(),
      runDue: async () => {
        if (this.#headDue()) await this.#pollDueHead();
      },
      pageTaken: () => this.#pageTaken(),
    };
  }

  #headDue(): boolean {
    return this.#mayPollHead() && this.ctx.deps.clock.elapsed() >= this.#dueAt;
  }

  #mayPollHead(): boolean {
    return mayPollHead(this.ctx.state.cursors, this.ctx.deps.timing);
  }

  /** A sweep's page can wait long for its turn at the limiter; head polls do not wait for it. */
  async #awaitPage(page: Promise<SessionPage>): Promise<SessionPage> {
    while (this.#mayPollHead()) {
      const first = await this.#timer.first(page, this.#dueAt);
      if (first !== null) return first;
      await this.#pollDueHead();
    }
    return await page;
  }

  async #pollDueHead(): Promise<void> {
    this.#stop.signal.throwIfAborted();
    this.#arm('head');
    const around = this.#running;
    this.#running = 'head';
    try {
      await pollOnce(this.ctx, 'head', this.#between(), this.#stop.signal);
    } finally {
      this.#running = around;
    }
  }

  async #pageTaken(): Promise<void> {
    const { deps } = this.ctx;
    const since = deps.clock.elapsed();
    if (since < this.#publishAt) return;
    await this.ctx.recorder.flush();
    await afterPoll(this.ctx, this.#stop.signal);
    // A rescan of a very large project takes long: it must not take most of a sweep's time.
    this.#publishAt = deps.clock.elapsed() + Math.max(PUBLISH_EVERY, 10 * (deps.clock.elapsed() - since));
  }
}

function delayed(waitedMs: number): ExporterError {
  const time = formatDuration(Math.round(waitedMs / 1000) * 1000);
  return new ExporterError(
    'rate_limited',
    `No request of this project has been let through for ${time}.`,
    "Look at the account's API budget on the status page: if it stays low, raise polling.interval or select fewer projects.",
  );
}
