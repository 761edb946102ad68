/** Reads the histories of an account's sessions when they are due, and settles their accounts (docs/accounting.md, H4 and H5). */
import { LostError } from '../../domain/errors.ts';
import type { Row } from '../../domain/row.ts';
import type { HistoryAnswer } from '../../domain/source.ts';
import { type Micros, SECOND } from '../../domain/time.ts';
import type { AccountPlan, Context, Deps } from '../context.ts';
import { asExporterError } from '../publish/after-poll.ts';
import { publish } from '../publish/publish.ts';
import { ByteBudget } from './byte-budget.ts';
import { FailureStreak } from './failure-streak.ts';
import { Queue } from './queue.ts';
import { giveUpOverdue, recordAnswer } from './record-answer.ts';

/** Milliseconds between two looks at what is due. */
const TICK = 250;
const LONGEST_GRACE: Micros = 5 * SECOND;
/** After a failure a session rests for this many times what the attempt took: one that hangs and keeps changing is always due for longest. */
const REST_AFTER_FAILURE = 9;

export class Verifier {
  readonly #plan: AccountPlan;
  readonly #deps: Deps;
  readonly #queue: Queue;
  readonly #budget: ByteBudget;
  readonly #streak = new FailureStreak();
  readonly #running = new Set<Promise<void>>();
  /** While all histories fail alike: when the next one is tried, milliseconds of `Clock.elapsed`. */
  #probeAt = 0;

  /** `projects`: those of the account that are polled now. */
  constructor(plan: AccountPlan, projects: () => readonly Context[], deps: Deps) {
    this.#plan = plan;
    this.#deps = deps;
    this.#queue = new Queue(projects, deps, (ctx, error) => this.#failed(ctx, error));
    this.#budget = new ByteBudget(plan.historyMegabytesPerMinute, deps.clock);
  }

  /** Verifies until aborted; resolves once nothing is on its way any more. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        await this.#startDue(signal, this.#grace);
        // As soon as one has ended the next may begin.
        await Promise.race([this.#deps.clock.sleep(TICK, signal), ...this.#running]);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await Promise.all(this.#running);
    }
  }

  /** Verifies what is due now, for `once` and tests, and begins nothing after `withinMs`. What fails is due later. */
  async round(signal: AbortSignal, withinMs: number): Promise<void> {
    const { clock } = this.#deps;
    const until = clock.elapsed() + withinMs;
    for (;;) {
      if (clock.elapsed() < until) await this.#startDue(signal, 0);
      if (this.#running.size === 0) return;
      await Promise.race(this.#running);
      signal.throwIfAborted();
    }
  }

  /** Histories take at most half of the requests in flight, so that pages never wait for them. */
  get #most(): number {
    return this.#streak.isUnbroken ? 1 : Math.max(1, Math.floor(this.#plan.concurrency / 2));
  }

  /** The poll that comes when a session has rested for an interval may show that it has not: it goes first. Microseconds. */
  get #grace(): Micros {
    return Math.min(LONGEST_GRACE, this.#deps.timing.poll / 4);
  }

  async #startDue(signal: AbortSignal, grace: Micros): Promise<void> {
    const { clock } = this.#deps;
    while (this.#running.size < this.#most && !this.#budget.isSpent) {
      if (this.#streak.isUnbroken && clock.elapsed() < this.#probeAt) return;
      // Sessions that have failed already must not keep the others from showing that histories can be read.
      const next = await this.#queue.next(() => this.#plan.source.serverTime(), grace, this.#streak.isUnbroken);
      if (next === null) return;
      const task: Promise<void> = this.#verify(next.ctx, next.row, signal).finally(() => {
        this.#running.delete(task);
        this.#queue.done(next);
      });
      this.#running.add(task);
    }
  }

  /** Never rejects: what goes wrong is tried again later. */
  async #verify(ctx: Context, row: Row, signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    try {
      const request = { projectId: ctx.state.project.id, sessionId: row.id };
      const since = clock.elapsed();
      const answer = await this.#plan.source.history(request, signal);
      const tookMs = clock.elapsed() - since;
      this.#budget.spend(answer.bytes);
      const rest = Math.max(this.#budget.restOf(answer.bytes), 'error' in answer ? tookMs * REST_AFTER_FAILURE : 0);
      this.#queue.hold(ctx, row, clock.elapsed() + rest);
      await this.#record(ctx, row, answer, signal);
    } catch (error) {
      if (!signal.aborted && !ctx.recorder.isClosed) this.#failed(ctx, error);
    }
  }

  async #record(ctx: Context, row: Row, answer: HistoryAnswer, signal: AbortSignal): Promise<void> {
    const now = this.#plan.source.serverTime();
    await recordAnswer(ctx, row.id, answer, now);
    this.#deps.observer.historyTried(ctx.state.project.id, row.id, 'error' in answer ? answer.error : null);
    await publish(ctx);
    if ('error' in answer) return await this.#noteFailure(ctx, row, answer, now, signal);
    this.#streak.succeeded();
    this.#deps.failureLog.succeeded(this.#plan.source.account, historyOf(ctx, row));
  }

  async #noteFailure(
    ctx: Context,
    row: Row,
    { error }: Extract<HistoryAnswer, { error: unknown }>,
    now: Micros,
    signal: AbortSignal,
  ): Promise<void> {
    const { failureLog, logger, clock } = this.#deps;
    const { account } = this.#plan.source;
    // That a session is gone says nothing of the others.
    if (error.code !== 'not_found') this.#streak.failed(error.code);
    logger.debug('A history cannot be read', {
      account,
      project_id: ctx.state.project.id,
      session_id: row.id,
      error: error.message,
    });
    const fields = { counted_meanwhile: 'from the session list' };
    // That it fails is known of one that was given up before.
    if (row.history.givenUp) failureLog.gone(historyOf(ctx, row));
    else failureLog.failed('Reading histories', account, historyOf(ctx, row), error, fields);
    if (!this.#streak.isUnbroken) return;
    this.#probeAt = clock.elapsed() + this.#streak.waitMs;
    // Only one session at a time is tried now: those that have waited for a day are given up without.
    for (const other of this.#queue.projects()) {
      if (signal.aborted) return;
      if (await giveUpOverdue(other, now)) await publish(other);
    }
  }

  /** The state failed: the session is due still, and is read again after a pause. */
  #failed(ctx: Context, cause: unknown): void {
    const { failureLog, fatal, clock } = this.#deps;
    const error = asExporterError(cause);
    if (error.code === 'startup') fatal(error);
    this.#queue.pause(ctx, clock.elapsed() + STATE_PAUSE);
    if (error instanceof LostError) return; // another process verifies it by now
    const { id, name } = ctx.state.project;
    failureLog.failed('Reading histories', this.#plan.source.account, id, error, { project: name, project_id: id });
  }
}

/** Milliseconds. */
const STATE_PAUSE = 5000;

/** Under this name a history fails and recovers. */
function historyOf({ state }: Context, { id }: Row): string {
  return `history of ${state.key}/${id}`;
}
