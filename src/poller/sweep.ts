/** The full sweep: all pages of a project, the next one asked for as soon as its token is known (design.md, Polling). */
import type { Ledger } from '../accounting/ledger.ts';
import { pollErrorCode, TokenExpiredError } from '../domain/errors.ts';
import type { SessionPage } from '../domain/source.ts';
import type { Context } from './context.ts';
import { commit, enter, openLedger } from './enter.ts';
import { learnFromPage } from './overlap.ts';
import { ReadAhead } from './read-ahead.ts';
import * as stats from './stats.ts';
import { SweepRun } from './sweep-run.ts';
import { Tokens } from './tokens.ts';

/** One transaction of a sweep: at most so many pages, or changed rows (20 ms of work). */
const PAGES_PER_COMMIT = 10;
const ROWS_PER_COMMIT = 1000;
/** Above this latency a page is committed by itself, while the next one is under way. Milliseconds. */
const SLOW_PAGE = 50;

/** What runs between two pages: a due head poll, a publication. */
export type BetweenPages = {
  /** Resolves with the page, running head polls that come due meanwhile, each after a `flush`: two open ledgers would lose one's sums. */
  readonly awaitPage: (page: Promise<SessionPage>, flush: () => Promise<void>) => Promise<SessionPage>;
  /** True when a head poll is due: the next page is not asked for before it. */
  readonly headDue: () => boolean;
  /** Runs a head poll that is due, after a `flush`. */
  readonly runDue: (flush: () => Promise<void>) => Promise<void>;
  /** Publishes when it is time; what it commits comes after a `flush` too. */
  readonly pageTaken: (flush: () => Promise<void>) => Promise<void>;
};

/** Reads all pages from where the sweep stands; leaves `state.sweep` at the end of the list. */
export async function sweepPages(
  ctx: Context,
  run: SweepRun,
  between: BetweenPages,
  signal: AbortSignal,
): Promise<void> {
  try {
    await walk(ctx, run, between, signal);
  } catch (error) {
    if (!(error instanceof TokenExpiredError) || run.restarted) throw error;
    const again = new SweepRun(ctx.deps.clock.elapsed(), null);
    again.restarted = true;
    ctx.state.sweep = again;
    await walk(ctx, again, between, signal);
  }
}

async function walk(ctx: Context, run: SweepRun, between: BetweenPages, signal: AbortSignal): Promise<void> {
  const book = new Book(ctx, run);
  try {
    await walkPages(ctx, run, book, between, signal);
  } catch (error) {
    // What was read before the fault, or the stop, is good: it is committed, so that the sweep can go on from there.
    if (signal.aborted || pollErrorCode(error) !== 'state') await book.flush();
    throw error;
  }
}

async function walkPages(
  ctx: Context,
  run: SweepRun,
  book: Book,
  between: BetweenPages,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = ctx.deps;
  const tokens = new Tokens(ctx.plan.maxPages, run.pages);
  const pages = new ReadAhead(ctx, (token) => tokens.takes(token) && !between.headDue(), signal);
  for (let { token } = run; ; ) {
    const since = clock.elapsed();
    const page = await between.awaitPage(pages.read(token), () => book.flush());
    const slow = clock.elapsed() - since > SLOW_PAGE;
    if (page.nextToken !== null) tokens.next(page.nextToken);
    const seen = await takeSweepPage(ctx, run, book.ledger, page, signal);
    await book.turn(slow || !pages.isAhead);
    await between.pageTaken(() => book.flush());
    if (page.nextToken === null) return;
    tokens.taken(seen);
    if (!pages.isAhead) await between.runDue(() => book.flush());
    token = page.nextToken;
  }
}

/** Answers the numbers of the page's sessions. */
async function takeSweepPage(
  ctx: Context,
  run: SweepRun,
  ledger: Ledger,
  page: SessionPage,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const { state, deps } = ctx;
  const result = await enter(ctx, ledger, page, true, signal);
  const lesson = learnFromPage(state.cursors, result.changedAt, page.serverTime, deps.timing);
  run.turnPage(page);
  run.misses += lesson.found;
  state.cursors = lesson.cursors;
  state.readElapsed = deps.clock.elapsed();
  state.stats = stats.pageEntered(state.stats, { ...result, misses: lesson.missed }, page.invalid);
  run.seen.addAll(result.seen);
  return result.seen;
}

/** The ledger of the pages since the last commit. */
class Book {
  readonly #ctx: Context;
  readonly #run: SweepRun;
  #ledger: Ledger | null = null;
  #pages = 0;

  constructor(ctx: Context, run: SweepRun) {
    this.#ctx = ctx;
    this.#run = run;
  }

  /** Opened on the totals as they are when the first page after a commit arrives. */
  get ledger(): Ledger {
    this.#ledger ??= openLedger(this.#ctx);
    return this.#ledger;
  }

  /** After a page: commits when it is time, or `now`. */
  async turn(now: boolean): Promise<void> {
    this.#pages += 1;
    if (now || this.#pages >= PAGES_PER_COMMIT || this.ledger.size >= ROWS_PER_COMMIT) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#ledger === null) return;
    const ledger = this.#ledger;
    this.#ledger = null;
    this.#pages = 0;
    await commit(this.#ctx, ledger, null);
    this.#run.checkpoint(this.#ctx.deps.clock.elapsed());
  }
}
