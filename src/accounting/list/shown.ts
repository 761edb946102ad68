/** Counts a session as the list shows it, and records it (docs/accounting.md, L1 to L3, H1). */
import { type HistoryRecord, NO_HISTORY, type Row } from '../../domain/row.ts';
import type { Rules } from '../../domain/rules.ts';
import { type Figures, failed, NO_FIGURES, type Run, type Session, sameRun } from '../../domain/session.ts';
import { DAY, type Micros } from '../../domain/time.ts';
import type { AccountingContext } from '../context.ts';
import { classify } from '../counters/classify.ts';
import { type Counted, countRun, countTouch, fillRun } from '../counters/tally.ts';
import { closedTo, countedRun, filledFrom, firstSince, nullsOf, withCredit } from '../histories/credits.ts';
import { afterChange } from '../histories/unverified.ts';
import type { Ledger } from '../ledger.ts';
import type { Finding } from './compare.ts';

/** A session on its way into the ledger. `serverTime`: of the answer that shows it; `knownAt`: start of the last poll before, server time. */
export type Showing = {
  readonly session: Session;
  readonly serverTime: Micros;
  readonly knownAt: Micros;
  readonly context: AccountingContext;
};

/** Counts and records a session that is shown for the first time. `young`: start of the last poll that would have shown it, or null. */
export function recordFirst(
  ledger: Ledger,
  showing: Showing,
  finding: 'baseline' | 'first',
  young: Micros | null,
): void {
  const { session, serverTime, context } = showing;
  const { run } = session;
  const counts = finding === 'first' && run !== null;
  if (counts) ledger.counters = countRun(ledger.counters, countedFrom(run, session), context);
  const history = firstHistory(showing, counts, young);
  const wanted = young !== null || counts || (run === null && session.updatedAt >= context.epoch - DAY);
  const row: Row = {
    no: ledger.takeNumber(),
    id: session.id,
    updatedAt: session.updatedAt,
    ...recordOf(run, context.rules),
    fillable: counts ? nullsOf(run.figures) : 0,
    stale: null,
    missingSince: null,
    deletedAt: null,
    indexIds: context.rules.indexes ? [...session.indexIds].toSorted() : null,
    history: wanted ? changed(history, showing) : history,
  };
  ledger.write(row, serverTime);
}

function firstHistory({ session: { run }, context }: Showing, counts: boolean, young: Micros | null): HistoryRecord {
  if (context.rules.accounting === 'last_run') return counts ? { ...NO_HISTORY, blind: true } : NO_HISTORY;
  const history = young === null ? NO_HISTORY : { ...NO_HISTORY, since: firstSince(young) };
  if (!counts || run === null) return history;
  return { ...history, since: withCredit(history, null, countedRun(copied(run.figures))) };
}

/** The row of a known session with what was shown of it; counts where it has to. Not for `unchanged` and `stale`. */
export function changedRow(ledger: Ledger, before: Row, finding: Finding, showing: Showing): Row {
  const { session, context } = showing;
  const { run } = session;
  const row: Row = { ...before, updatedAt: session.updatedAt, stale: null };
  if (finding === 'touch') ledger.counters = countTouch(ledger.counters);
  const after = run === null || finding === 'touch' ? row : withRun(ledger, row, finding, run, showing);
  if (context.rules.accounting === 'every_run') return { ...after, history: changed(after.history, showing) };
  const keepsStop = finding !== 'run' && finding !== 'old';
  return {
    ...after,
    history: { ...after.history, place: null, stop: keepsStop ? after.history.stop : null, since: null, blind: true },
  };
}

/** From now on the history has to be read; with `last_run` nothing is asked. */
export function changed(
  history: HistoryRecord,
  { serverTime, knownAt, context }: Omit<Showing, 'session'>,
): HistoryRecord {
  if (context.rules.accounting === 'last_run') return history;
  return { ...history, unverified: afterChange(history, serverTime, knownAt, context.interval) };
}

function withRun(ledger: Ledger, row: Row, finding: Finding, run: Run, { session, context }: Showing): Row {
  const counted = countedFrom(run, session);
  const record = recordOf(run, context.rules);
  if (finding === 'completed') {
    const before = { figures: row.figures ?? NO_FIGURES, fillable: row.fillable };
    ledger.counters = fillRun(ledger.counters, before, counted, context);
    const { fillable } = filledFrom(before, run.figures);
    return { ...row, ...record, fillable, history: completedHistory(row.history, run.figures) };
  }
  if (finding === 'old') return { ...row, ...record, fillable: 0 };
  if (finding === 'verified') {
    const { stop } = row.history;
    // What the stop has, or may not be given any more, is in the counters already; anything else is not, though the list may show it.
    return { ...row, ...record, fillable: stop === null ? 0 : stop.fillable & nullsOf(stop.figures) };
  }
  ledger.counters = countRun(ledger.counters, counted, context);
  const since = withCredit(row.history, row.figures, countedRun(copied(run.figures)));
  return { ...row, ...record, fillable: nullsOf(run.figures), history: { ...row.history, since } };
}

/** The run that the list completed: its credit has the values now; or, if the history ended with it, its stop must not add them again. */
function completedHistory(history: HistoryRecord, shown: Figures): HistoryRecord {
  const { since, stop } = history;
  const at = since?.credits.findLastIndex((credit) => sameRun(credit.figures, shown)) ?? -1;
  if (since !== null && at >= 0) {
    const credits = since.credits.map((credit, i) => (i === at ? filledFrom(credit, shown) : credit));
    return { ...history, since: { ...since, credits } };
  }
  return stop !== null && sameRun(stop.figures, shown) ? { ...history, stop: closedTo(stop, shown) } : history;
}

/** The recorded run and its error class. The figures are copied, so that a long-lived row does not keep its whole page in memory. */
function recordOf(run: Run | null, rules: Pick<Rules, 'errorClasses'>): Pick<Row, 'figures' | 'errorClass'> {
  if (run === null) return { figures: null, errorClass: null };
  return { figures: copied(run.figures), errorClass: failed(run.figures) ? classify(run.errorText, rules) : null };
}

function copied(figures: Figures): Figures {
  return { ...figures };
}

export function countedFrom(run: Run, session: Pick<Session, 'id' | 'updatedAt'>): Counted {
  return { ...run, sessionId: session.id, updatedAt: session.updatedAt };
}
