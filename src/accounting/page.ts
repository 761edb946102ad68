/** Enters the sessions of a page into a ledger: the rows before, the page and the rules in; changes, runs and totals out. Pure. */
import type { Project } from '../domain/project.ts';
import type { Row } from '../domain/row.ts';
import type { Rules } from '../domain/rules.ts';
import { fingerprint, type Session } from '../domain/session.ts';
import type { Stop } from '../domain/source.ts';
import type { Micros } from '../domain/time.ts';
import { detect, type Finding, previousAfter } from './detect.ts';
import { completesLastStop, lagsBehind, reconcile, type Then, wantsHistory } from './histories.ts';
import type { Ledger } from './ledger.ts';
import { followStale } from './stale.ts';
import { completeRun, countRun, countTouch } from './tally.ts';

/** What stays the same for all pages of a project: whom it is about, and by which rules. */
export type Account = {
  readonly project: Pick<Project, 'id' | 'name'>;
  readonly epoch: Micros;
  readonly rules: Rules;
};

/** One page as shown. `sweep`: true when a full sweep read it. */
export type Shown = { readonly sessions: readonly Session[]; readonly serverTime: Micros; readonly sweep: boolean };

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
  const horizon = { epoch: account.epoch, serverTime: page.serverTime };
  for (const session of page.sessions) {
    const before = ledger.row(session.id);
    const finding = detect(before, session, horizon);
    if (finding === 'stale') staleReads += 1;
    else if (finding !== 'unchanged') changedAt.push(session.updatedAt);
    if (before !== undefined && isSettled(before, finding, session, account.rules)) {
      seen.push(before.no);
      continue;
    }
    const stops = usable(before, finding, session, histories.get(session.id), {
      ...horizon,
      sweeps: ledger.totals.sweeps,
    });
    if (enterSession(ledger, { before, finding, session, page, account, stops })) unreconciled += 1;
    seen.push((ledger.row(session.id) as Row).no);
  }
  return { seen, staleReads, unreconciled, changedAt };
}

/** The history, or null where it is older than the list. */
function usable(
  before: Row | undefined,
  finding: Finding,
  session: Session,
  stops: Entry['stops'],
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

type Entry = {
  readonly before: Row | undefined;
  readonly finding: Finding;
  readonly session: Session;
  readonly page: Shown;
  readonly account: Account;
  /** Undefined: not asked for; null: could not be had. */
  readonly stops: readonly Stop[] | null | undefined;
};

/** True for the common case, in which nothing is to be written: an unchanged session whose row has nothing pending. */
function isSettled(row: Row, finding: Finding, session: Session, rules: Rules): boolean {
  return (
    finding === 'unchanged' &&
    row.missingSince === null &&
    row.deletedAt === null &&
    row.stale === null &&
    (!rules.indexes || sameIndexes(row.indexIds, session.indexIds))
  );
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
  const { counters } = ledger.totals;
  const unreconciled = entry.stops ? countStops(ledger, entry, entry.stops) : countShown(ledger, entry);
  const row = recorded(before ?? blank(session, ledger.takeNumber()), entry, account.rules);
  const counted = ledger.totals.counters !== counters;
  ledger.write(
    counted && row.figures === null ? { ...row, figures: entry.stops?.at(-1)?.figures ?? null } : row,
    page.serverTime,
  );
  return unreconciled;
}

/** Believes the list: `last_run` accounting, and the fallback of `every_run`. */
function countShown(ledger: Ledger, { before, finding, session, account, stops }: Entry): false {
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

/** Believes the history: `every_run` accounting. */
function countStops(ledger: Ledger, entry: Entry, stops: readonly Stop[]): boolean {
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

function blank(session: Session, no: number): Row {
  return {
    no,
    id: session.id,
    updatedAt: session.updatedAt,
    figures: null,
    previous: null,
    stale: null,
    missingSince: null,
    deletedAt: null,
    stops: null,
    lastStop: null,
    indexIds: null,
  };
}

function revived(row: Row): Row {
  return row.missingSince === null && row.deletedAt === null ? row : { ...row, missingSince: null, deletedAt: null };
}

/** The row after the session was shown. */
function recorded(before: Row, { finding, session, stops }: Entry, rules: Rules): Row {
  const replaces = finding === 'run' || finding === 'completed';
  return {
    ...revived(before),
    updatedAt: session.updatedAt,
    // A copy: what a page brings must die with it, or V8 comes to allocate all figures of all pages in the old generation.
    figures: session.run === null ? before.figures : { ...session.run.figures },
    previous: replaces ? previousAfter(before, finding) : before.previous,
    stale: null,
    ...reachedStops(before, finding, stops),
    indexIds: rules.indexes ? [...session.indexIds].toSorted() : before.indexIds,
  };
}

/** Where the history was read up to. A run that was counted from the list loses the place: it is searched by its figures next time. */
function reachedStops(before: Row, finding: Finding, stops: Entry['stops']): Pick<Row, 'stops' | 'lastStop'> {
  if (stops) {
    const last = stops.at(-1);
    return { stops: stops.length, lastStop: last === undefined ? null : fingerprint(last.figures) };
  }
  const believed = finding === 'run' || finding === 'completed';
  return believed ? { stops: null, lastStop: null } : { stops: before.stops, lastStop: before.lastStop };
}

function sameIndexes(recordedIds: readonly string[] | null, shown: readonly string[]): boolean {
  if (recordedIds === null || recordedIds.length !== shown.length) return false;
  const sorted = [...shown].toSorted();
  return recordedIds.every((id, i) => id === sorted[i]);
}
