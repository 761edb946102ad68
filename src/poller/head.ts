/** The head poll: reads the list from the top until an item is older than what was read before (design.md, Polling). */
import type { SessionPage } from '../domain/source.ts';
import type { Micros } from '../domain/time.ts';
import type { Context } from './context.ts';
import { commit, enter, openLedger } from './enter.ts';
import { Order } from './order.ts';
import * as stats from './stats.ts';
import { Tokens } from './tokens.ts';

/** When the read started and ended, in server time; whether the pages were ordered newest first. */
export type HeadRead = { readonly startedAt: Micros; readonly endedAt: Micros; readonly newestFirst: boolean };

/** Reads and commits page by page down to `until`, or to the end of the list. */
export async function readHead(ctx: Context, until: Micros, signal: AbortSignal): Promise<HeadRead> {
  const { plan, state } = ctx;
  const tokens = new Tokens(plan.maxPages, 0);
  const order = new Order();
  let token: string | null = null;
  let startedAt: Micros | null = null;
  for (;;) {
    const page = await plan.source.page({ projectId: state.project.id, token, priority: 'head' }, signal);
    startedAt ??= page.requestedAt;
    for (const session of page.sessions) order.note(session.updatedAt);
    const seen = await takeHeadPage(ctx, page, signal);
    if (page.nextToken === null || page.sessions.some((session) => session.updatedAt < until)) {
      return { startedAt, endedAt: page.serverTime, newestFirst: order.newestFirst };
    }
    tokens.next(page.nextToken);
    tokens.taken(seen);
    token = page.nextToken;
  }
}

/** A head poll's page is a transaction of its own. Answers the numbers of its sessions. */
async function takeHeadPage(ctx: Context, page: SessionPage, signal: AbortSignal): Promise<readonly number[]> {
  const { state, deps } = ctx;
  const ledger = openLedger(ctx);
  const result = await enter(ctx, ledger, page, false, signal);
  await commit(ctx, ledger, null);
  state.sweep?.seen.addAll(result.seen);
  state.readElapsed = deps.clock.elapsed();
  state.stats = stats.pageEntered(state.stats, { ...result, misses: 0 }, page.invalid);
  return result.seen;
}
