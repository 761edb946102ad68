/** What an answer to a request for a history changes: applied to the row as it is when it commits (docs/accounting.md, H5 and H6). */

import { isTriedLongEnough, longestWait } from '../../accounting/histories/unverified.ts';
import { retryLater, verify } from '../../accounting/histories/verify.ts';
import type { Ledger } from '../../accounting/ledger.ts';
import type { Row } from '../../domain/row.ts';
import type { HistoryAnswer } from '../../domain/source.ts';
import type { Micros } from '../../domain/time.ts';
import type { Context } from '../context.ts';

/** Rows given up in one commit. */
const SLICE = 500;

/** Commits what the answer comes to. Nothing where the session is no longer unverified, or was deleted meanwhile. `now`: server time. */
export async function recordAnswer(ctx: Context, sessionId: string, answer: HistoryAnswer, now: Micros): Promise<void> {
  const { deps, recorder, state } = ctx;
  await recorder.change(async (ledger) => {
    const row = await waiting(ctx, ledger, sessionId);
    if (row === null) return;
    if ('error' in answer) retryLater(ledger, row, 'failed', now, answer.error.code === 'not_found');
    else verify(ledger, row, answer.history, state.accounting(deps), now);
  });
}

async function waiting({ recorder }: Context, ledger: Ledger, sessionId: string): Promise<Row | null> {
  await recorder.load(ledger, [sessionId]);
  const row = ledger.row(sessionId);
  return row === undefined || row.deletedAt !== null || row.history.unverified === null ? null : row;
}

/** Gives up the sessions of a project that have been tried, or could not be, for a day since their newest change. True where there were any. */
export async function giveUpOverdue({ deps, recorder, state }: Context, now: Micros): Promise<boolean> {
  let any = false;
  for (let more = state.totals.verification.unverified > 0; more; ) {
    const due = await deps.store.dueRows(state.key, now, now + longestWait(deps.timing.poll), SLICE);
    const overdue = due.filter((row) => isTriedLongEnough(row.history, now));
    more = due.length === SLICE && overdue.length > 0;
    if (overdue.length === 0) break;
    any = true;
    await recorder.change(async (ledger) => {
      const ids = overdue.map((row) => row.id);
      await recorder.load(ledger, ids);
      for (const id of ids) {
        const row = ledger.row(id);
        if (row !== undefined && isTriedLongEnough(row.history, now)) retryLater(ledger, row, 'failed', now, false);
      }
    });
  }
  return any;
}
