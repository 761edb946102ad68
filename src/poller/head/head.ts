/** The head poll: reads the list from the top until an item is older than what was read before. */
import type { ExporterError } from '../../domain/errors.ts';
import type { SessionPage } from '../../domain/source.ts';
import type { Micros } from '../../domain/time.ts';
import type { Context } from '../context.ts';
import * as stats from '../polling/stats.ts';
import { recordPageOf } from '../record/record-page.ts';
import { Order } from '../sweep/order.ts';
import { Tokens } from '../sweep/page-tokens.ts';

export type HeadRead = {
  /** When the read started and ended, in server time. */
  readonly startedAt: Micros;
  readonly endedAt: Micros;
  /** Whether the pages were ordered newest first. */
  readonly newestFirst: boolean;
  /** False where an item without a readable id was dropped: it may be any session. */
  readonly isWhole: boolean;
};

/** Reads and commits page by page down to `until`, or to the end of the list. A page with a fault fails it, once all was read. */
export async function readHead(ctx: Context, until: Micros, signal: AbortSignal): Promise<HeadRead> {
  const { plan, state } = ctx;
  const tokens = new Tokens(plan.maxPages, 0);
  const order = new Order();
  let token: string | null = null;
  let startedAt: Micros | null = null;
  let isWhole = true;
  let fault: ExporterError | null = null;
  for (;;) {
    const page = await plan.source.page({ projectId: state.project.id, token, priority: 'head' }, signal);
    startedAt ??= page.requestedAt;
    fault ??= page.fault;
    isWhole &&= page.invalid.every((item) => item.id !== null);
    for (const session of page.sessions) order.note(session.updatedAt);
    const seen = await takeHeadPage(ctx, page);
    if (page.nextToken === null || page.sessions.some((session) => session.updatedAt < until)) {
      if (fault !== null) throw fault;
      return { startedAt, endedAt: page.serverTime, newestFirst: order.newestFirst, isWhole };
    }
    tokens.next(page.nextToken);
    tokens.taken(seen);
    token = page.nextToken;
  }
}

/** A head poll's page is committed at once. Answers the numbers of its sessions. */
async function takeHeadPage(ctx: Context, page: SessionPage): Promise<readonly number[]> {
  const { state, recorder } = ctx;
  const result = await recorder.page('now', (ledger) => recordPageOf(ctx, ledger, page, false));
  state.sweep?.seen.addAll(result.seen);
  state.stats = stats.pageEntered(state.stats, { ...result, misses: 0 }, page.invalid);
  return result.seen;
}
