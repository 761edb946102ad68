/** One poll of one project, head or full, and what follows it: statistics, the failure log, publishing. */
import { type ExporterError, LostError, pollErrorCode, TokenExpiredError } from '../../domain/errors.ts';
import type { PollKind } from '../../domain/polls.ts';
import type { Micros } from '../../domain/time.ts';
import type { Context } from '../context.ts';
import { type HeadRead, readHead } from '../head/head.ts';
import { headPoint, mayPollHead } from '../head/overlap.ts';
import { afterPoll, asExporterError } from '../publish/after-poll.ts';
import { closeSweep, type SweepDone } from '../sweep/close-sweep.ts';
import { type BetweenPages, sweepPages } from '../sweep/sweep.ts';
import { SweepRun } from '../sweep/sweep-run.ts';
import * as stats from './stats.ts';

/**
 * Polls once; resolves with the error of a failed poll, or null. Rejects only with the signal's reason.
 * `between` is used by full sweeps.
 */
export async function pollOnce(
  ctx: Context,
  kind: PollKind,
  between: BetweenPages,
  signal: AbortSignal,
): Promise<ExporterError | null> {
  const error = await attempt(ctx, kind, between, signal);
  if (error?.code !== 'startup') await afterPoll(ctx, signal);
  return error;
}

async function attempt(
  ctx: Context,
  kind: PollKind,
  between: BetweenPages,
  signal: AbortSignal,
): Promise<ExporterError | null> {
  const { state, plan, deps } = ctx;
  const since = deps.clock.elapsed();
  const seconds = (): number => (deps.clock.elapsed() - since) / 1000;
  const { id, name } = state.project;
  try {
    const endedAt = kind === 'head' ? await pollHead(ctx, signal) : await pollFull(ctx, between, signal);
    state.stats = stats.pollSucceeded(state.stats, kind, seconds(), endedAt);
    deps.failureLog.succeeded(plan.source.account, id);
    deps.observer.pollSucceeded(plan.source.account, id, kind, seconds());
    return null;
  } catch (cause) {
    if (signal.aborted) throw cause;
    const error = asExporterError(cause);
    if (cause instanceof LostError || ctx.recorder.isClosed) return error; // no failure: another process polls it by now
    state.stats = stats.pollFailed(state.stats, kind, seconds(), pollErrorCode(error));
    // A head poll between two pages of a sweep may fail: the sweep continues.
    if (kind === 'full' && state.sweep !== null && !mayResume(ctx, state.sweep, error)) state.sweep = null;
    deps.failureLog.failed('Poll', plan.source.account, id, error, { project: name, project_id: id, kind });
    deps.observer.pollFailed(plan.source.account, id, kind, error);
    if (error.code === 'startup') deps.fatal(error);
    return error;
  }
}

async function pollHead(ctx: Context, signal: AbortSignal): Promise<number> {
  const { state, deps } = ctx;
  const until = headPoint(state.cursors, deps.timing) ?? 0;
  const read = await readHead(ctx, until, signal);
  noteHead(ctx, read);
  return read.endedAt;
}

/** The watermark moves only on success; a list that turns out unordered is swept until a sweep proves its order again. */
function noteHead({ state }: Context, read: HeadRead): void {
  state.cursors = {
    ...state.cursors,
    watermark: read.startedAt,
    lastWholePoll: read.isWhole ? read.startedAt : state.cursors.lastWholePoll,
    lastSuccess: read.endedAt,
    newestFirst: state.cursors.newestFirst && read.newestFirst,
  };
}

async function pollFull(ctx: Context, between: BetweenPages, signal: AbortSignal): Promise<number> {
  const { state, deps } = ctx;
  state.sweep ??= resume(ctx);
  try {
    if (!state.sweep.complete) await sweepPages(ctx, state.sweep, watched(ctx, between), signal);
    const run = state.sweep;
    const done = await catchUp(ctx, run, signal);
    await closeSweep(ctx, run, done, signal);
    state.sweep = null;
    return done.endedAt;
  } finally {
    deps.observer.sweepEnded(state.project.id);
  }
}

/** A new sweep, or the one that an earlier process left. */
function resume({ state, deps }: Context): SweepRun {
  const run = new SweepRun(deps.clock.elapsed(), state.cursors.sweep);
  state.cursors = { ...state.cursors, sweep: null };
  return run;
}

/** Reports progress after each page. */
function watched({ state, deps }: Context, between: BetweenPages): BetweenPages {
  const pageTaken = async (): Promise<void> => {
    if (state.sweep !== null) {
      const soFar = (deps.clock.elapsed() - state.sweep.since) / 1000;
      deps.observer.sweepProgressed(state.project.id, state.sweep.pages, state.cursors.lastSweepPages, soFar);
    }
    await between.pageTaken();
  };
  return { ...between, pageTaken };
}

/**
 * Whether the next poll continues a sweep that failed (docs/accounting.md, L5). Where heads are polled, the top of the list is read all the
 * same; elsewhere the next sweep has to begin there. A place that fails twice is given up, so that it does not hide the others.
 */
function mayResume({ state, deps }: Context, run: SweepRun, error: ExporterError): boolean {
  if (error.code === 'pagination' || error.code === 'state' || run.fault !== null) return false;
  const failedBefore = run.failedHere();
  return run.complete || (mayPollHead(state.cursors, deps.timing) && !failedBefore);
}

/** A newest-first sweep of several pages ends with a read back to its own start: what jumped above its cursor is seen there. */
async function catchUp(ctx: Context, run: SweepRun, signal: AbortSignal): Promise<SweepDone> {
  const startedAt = run.startedAt ?? run.readAt;
  const isWhole = !run.droppedWithoutId;
  if (!run.order.newestFirst || run.pages < 2) return { endedAt: run.readAt, watermark: startedAt, isWhole };
  const read = await readBack(ctx, startedAt, signal);
  return { endedAt: read.endedAt, watermark: read.startedAt, isWhole: isWhole && read.isWhole };
}

/** A token that expires in it costs only this read. */
async function readBack(ctx: Context, until: Micros, signal: AbortSignal): Promise<HeadRead> {
  try {
    return await readHead(ctx, until, signal);
  } catch (error) {
    if (!(error instanceof TokenExpiredError)) throw error;
    return await readHead(ctx, until, signal);
  }
}
