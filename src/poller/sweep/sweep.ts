/** The full sweep: reads all pages of a project, requesting the next one as soon as its token is known. */
import { pollErrorCode, TokenExpiredError } from '../../domain/errors.ts';
import type { SessionPage } from '../../domain/source.ts';
import type { Context } from '../context.ts';
import { learnFromPage } from '../head/overlap.ts';
import * as stats from '../polling/stats.ts';
import { recordPageOf } from '../record/record-page.ts';
import type { When } from '../record/recorder.ts';
import { Tokens } from './page-tokens.ts';
import { ReadAhead } from './read-ahead.ts';
import { SweepRun } from './sweep-run.ts';

/** Above this latency a page is committed by itself, while the next one is under way. Milliseconds. */
const SLOW_PAGE = 50;

/** What runs between two pages: a due head poll, a publication. */
export type BetweenPages = {
  /** Resolves with the page, running head polls that come due meanwhile. */
  readonly awaitPage: (page: Promise<SessionPage>) => Promise<SessionPage>;
  /** True when a head poll is due: the next page is not asked for before it. */
  readonly headDue: () => boolean;
  /** Runs a head poll that is due. */
  readonly runDue: () => Promise<void>;
  /** Publishes when it is time. */
  readonly pageTaken: () => Promise<void>;
};

/** Reads all pages from where the sweep has got to; leaves `state.sweep` at the end of the list. An expired token starts it again, once. */
export async function sweepPages(
  ctx: Context,
  run: SweepRun,
  between: BetweenPages,
  signal: AbortSignal,
): Promise<void> {
  if (run.pages === 0) ctx.recorder.forgetLost();
  try {
    await walk(ctx, run, between, signal);
  } catch (error) {
    if (!(error instanceof TokenExpiredError) || run.restarted) throw error;
    const again = new SweepRun(ctx.deps.clock.elapsed(), null);
    again.restarted = true;
    ctx.state.sweep = again;
    ctx.recorder.forgetLost();
    await walk(ctx, again, between, signal);
  }
}

async function walk(ctx: Context, run: SweepRun, between: BetweenPages, signal: AbortSignal): Promise<void> {
  try {
    await walkPages(ctx, run, between, signal);
  } catch (error) {
    // What was read before the fault, or the stop, is good: it is committed, so that the sweep can resume from there.
    if (signal.aborted || pollErrorCode(error) !== 'state') await flush(ctx, run);
    if (!signal.aborted) ctx.recorder.throwLost();
    throw error;
  }
}

async function walkPages(ctx: Context, run: SweepRun, between: BetweenPages, signal: AbortSignal): Promise<void> {
  const { clock } = ctx.deps;
  const tokens = new Tokens(ctx.plan.maxPages, run.pages);
  const pages = new ReadAhead(ctx, (token) => tokens.takes(token) && !between.headDue(), signal);
  for (let { token } = run; ; ) {
    const since = clock.elapsed();
    const page = await between.awaitPage(pages.read(token));
    const slow = clock.elapsed() - since > SLOW_PAGE;
    if (page.nextToken !== null) tokens.next(page.nextToken);
    const seen = await takeSweepPage(ctx, run, page, slow || !pages.isAhead ? 'now' : 'batched');
    if (page.nextToken === null) return await end(ctx, run);
    await between.pageTaken();
    tokens.taken(seen);
    if (!pages.isAhead) await between.runDue();
    token = page.nextToken;
  }
}

/** Answers the numbers of the page's sessions. */
async function takeSweepPage(ctx: Context, run: SweepRun, page: SessionPage, when: When): Promise<readonly number[]> {
  const { state, deps, recorder } = ctx;
  recorder.throwLost();
  const result = await recorder.page(when, (ledger) => recordPageOf(ctx, ledger, page, true));
  const lesson = learnFromPage(state.cursors, result.changedAt, page.serverTime, deps.timing);
  run.turnPage(page);
  run.misses += lesson.found;
  state.cursors = lesson.cursors;
  state.stats = stats.pageEntered(state.stats, { ...result, misses: lesson.missed }, page.invalid);
  run.seen.addAll(result.seen);
  checkpoint(ctx, run);
  return result.seen;
}

/** The list was read to its end: all of it is committed, or the sweep fails. */
async function end(ctx: Context, run: SweepRun): Promise<void> {
  await flush(ctx, run);
  ctx.recorder.throwLost();
  if (run.fault !== null) throw run.fault;
}

async function flush(ctx: Context, run: SweepRun): Promise<void> {
  await ctx.recorder.flush();
  checkpoint(ctx, run);
}

/** The sweep may resume from here once all that was read so far is committed, and nothing of it was lost. */
function checkpoint({ recorder, deps }: Context, run: SweepRun): void {
  if (recorder.isClean && !recorder.hasLost) run.checkpoint(deps.clock.elapsed());
}
