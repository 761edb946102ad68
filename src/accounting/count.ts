/** What a shown session adds to the counters: by the list, or by its history (design.md, rules 1 and 8). */
import { fingerprint } from '../domain/session.ts';
import type { Stop } from '../domain/source.ts';
import type { Entry } from './entry.ts';
import { completesLastStop, reconcile } from './histories.ts';
import type { Ledger } from './ledger.ts';
import { completeRun, countRun, countTouch } from './tally.ts';

/** Believes the list: `last_run` accounting, and the fallback of `every_run`. */
export function countShown(ledger: Ledger, { before, finding, session, account, stops }: Entry): false {
  const run = session.run;
  if (run === null) return false;
  const { counters } = ledger.totals;
  const counted = { ...run, sessionId: session.id, updatedAt: session.updatedAt };
  // Its history was read already and ended with this run: it was counted then.
  const known = stops === null && before?.lastStop === fingerprint(run.figures);
  if ((finding === 'first' || finding === 'run') && !known) setCounters(ledger, countRun(counters, counted, account));
  if (finding === 'completed' && before?.figures)
    setCounters(ledger, completeRun(counters, before.figures, counted, account));
  if (finding === 'touch') setCounters(ledger, countTouch(counters));
  return false;
}

/** Believes the history: `every_run` accounting. True when it could not be reconciled. */
export function countStops(ledger: Ledger, entry: Entry, stops: readonly Stop[]): boolean {
  const { before, finding, session, page, account } = entry;
  const then = { epoch: account.epoch, serverTime: page.serverTime, sweeps: ledger.totals.sweeps };
  const { runs, unreconciled } = reconcile(before, finding, session, stops, then);
  for (const stop of runs) {
    const counted = { ...stop, sessionId: session.id, updatedAt: session.updatedAt };
    setCounters(ledger, countRun(ledger.totals.counters, counted, account));
  }
  const uncounted = before !== undefined && (before.stops === null || completesLastStop(before, finding));
  if (finding === 'completed' && uncounted && before.figures && session.run) {
    const counted = { ...session.run, sessionId: session.id, updatedAt: session.updatedAt };
    setCounters(ledger, completeRun(ledger.totals.counters, before.figures, counted, account));
  }
  if (finding === 'touch' && runs.length === 0) setCounters(ledger, countTouch(ledger.totals.counters));
  return unreconciled;
}

function setCounters(ledger: Ledger, counters: Ledger['totals']['counters']): void {
  ledger.totals = { ...ledger.totals, counters };
}
