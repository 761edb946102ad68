/** What a shown session adds to the counters: by the list, or by its history (design.md, rules 1 and 8). */
import { fingerprint, type Run, type Session } from '../domain/session.ts';
import type { Stop } from '../domain/source.ts';
import type { Entry } from './entry.ts';
import { completesLastStop, reconcile } from './histories.ts';
import type { Ledger } from './ledger.ts';
import { type Counted, completeRun, countRun, countTouch } from './tally.ts';

/** Believes the list: `last_run` accounting, and the fallback of `every_run`. */
export function countShown(ledger: Ledger, { before, finding, session, account, stops }: Entry): false {
  const run = session.run;
  if (run === null) return false;
  const { counters } = ledger;
  // Its history was read already and ended with this run: it was counted then.
  const known = stops === null && before?.lastStop === fingerprint(run.figures);
  if ((finding === 'first' || finding === 'run') && !known)
    ledger.counters = countRun(counters, counted(run, session), account);
  if (finding === 'completed' && before?.figures)
    ledger.counters = completeRun(counters, before.figures, counted(run, session), account);
  if (finding === 'touch') ledger.counters = countTouch(counters);
  return false;
}

/** Believes the history: `every_run` accounting. True when it could not be reconciled. */
export function countStops(ledger: Ledger, entry: Entry, stops: readonly Stop[]): boolean {
  const { before, finding, session, page, account } = entry;
  const then = { epoch: account.epoch, serverTime: page.serverTime, sweeps: ledger.totals.sweeps };
  const { runs, unreconciled } = reconcile(before, finding, session, stops, then);
  for (const stop of runs) {
    ledger.counters = countRun(ledger.counters, counted(stop, session), account);
  }
  const uncounted = before !== undefined && (before.stops === null || completesLastStop(before, finding));
  if (finding === 'completed' && uncounted && before.figures && session.run) {
    const run = counted(session.run, session);
    ledger.counters = completeRun(ledger.counters, before.figures, run, account);
  }
  if (finding === 'touch' && runs.length === 0) ledger.counters = countTouch(ledger.counters);
  return unreconciled;
}

function counted(run: Run, session: Session): Counted {
  return { ...run, sessionId: session.id, updatedAt: session.updatedAt };
}
