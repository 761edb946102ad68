/** Enters the sessions of a page into a ledger: the rows before, the page and the rules in; changes, runs and totals out. Pure. */
import type { Row } from '../domain/row.ts';
import type { Session } from '../domain/session.ts';
import type { Stop } from '../domain/source.ts';
import type { Micros } from '../domain/time.ts';
import { countShown, countStops } from './count.ts';
import { detect, type Finding } from './detect.ts';
import type { Account, Entry, Shown } from './entry.ts';
import { lagsBehind, type Then, wantsHistory } from './histories.ts';
import type { Ledger } from './ledger.ts';
import { firstRow, isSettled, recorded, revived } from './record.ts';
import { followStale } from './stale.ts';

/** Histories by session id; null: it cannot be had, the list has to be believed. */
export type Histories = ReadonlyMap<string, readonly Stop[] | null>;

export const NO_HISTORIES: Histories = new Map();

/** What a page showed, beside what it changed in the ledger. */
export type PageResult = {
  /** Dense numbers of all sessions on the page. */
  readonly seen: readonly number[];
  readonly staleReads: number;
  readonly unreconciled: number;
  /** `last_updated_at` of every session that the page showed changed: a sweep looks among them for misses. */
  readonly changedAt: readonly Micros[];
};

/** The sessions of a page whose histories must be read before it is entered; empty with `last_run` accounting. */
export function historiesWanted(ledger: Ledger, page: Shown, account: Account): readonly string[] {
  if (account.rules.accounting === 'last_run') return [];
  const horizon = { epoch: account.epoch, serverTime: page.serverTime };
  const wanted = page.sessions.filter((s) => wantsHistory(detect(ledger.row(s.id), s, horizon), s, horizon));
  return [...new Set(wanted.map((session) => session.id))];
}

/** Enters every session of the page, in order. */
export function enterPage(ledger: Ledger, page: Shown, account: Account, histories: Histories): PageResult {
  const seen: number[] = [];
  const changedAt: Micros[] = [];
  let staleReads = 0;
  let unreconciled = 0;
  const then = { epoch: account.epoch, serverTime: page.serverTime, sweeps: ledger.totals.sweeps };
  for (const session of page.sessions) {
    const before = ledger.row(session.id);
    const finding = detect(before, session, then);
    if (finding === 'stale') staleReads += 1;
    else if (finding !== 'unchanged') changedAt.push(session.updatedAt);
    if (before !== undefined && isSettled(before, finding, session, account.rules)) {
      seen.push(before.no);
      continue;
    }
    const stops = usable(histories.get(session.id), before, finding, session, then);
    seen.push(before?.no ?? ledger.totals.nextNo);
    if (enterSession(ledger, { before, finding, session, page, account, stops })) unreconciled += 1;
  }
  return { seen, staleReads, unreconciled, changedAt };
}

/** The history, or null where it is older than the list: then the list is believed. */
function usable(
  stops: Entry['stops'],
  before: Row | undefined,
  finding: Finding,
  session: Session,
  then: Then,
): Entry['stops'] {
  return stops && lagsBehind(before, finding, session, stops, then) ? null : stops;
}

/** Takes note of sessions that were shown malformed: they exist, so a missing or deleted one is back as it was recorded. Answers their numbers. */
export function sight(ledger: Ledger, ids: readonly string[], serverTime: Micros): readonly number[] {
  const rows = ids.flatMap((id) => ledger.row(id) ?? []);
  for (const row of rows) if (revived(row) !== row) ledger.write(revived(row), serverTime);
  return rows.map((row) => row.no);
}

/**
 * Counts and records one session. Where the history counted a run that the list does not show yet, it is the recorded one from now on.
 * True when its history could not be reconciled.
 */
function enterSession(ledger: Ledger, entry: Entry): boolean {
  const { before, finding, session, page, account } = entry;
  if (before !== undefined && finding === 'stale') {
    const row = followStale(revived(before), session, ledger.totals.sweeps, page.sweep);
    if (row !== before) ledger.write(row, page.serverTime);
    return false;
  }
  const { counters } = ledger;
  const unreconciled = entry.stops ? countStops(ledger, entry, entry.stops) : countShown(ledger, entry);
  const row =
    before === undefined ? firstRow(entry, ledger.takeNumber(), account.rules) : recorded(before, entry, account.rules);
  const counted = ledger.counters !== counters;
  ledger.write(
    counted && row.figures === null ? { ...row, figures: entry.stops?.at(-1)?.figures ?? null } : row,
    page.serverTime,
  );
  return unreconciled;
}
