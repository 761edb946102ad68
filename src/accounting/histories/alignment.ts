/**
 * Which stops of a history were counted already: aligns the runs that are known of a session with its stops
 * (docs/accounting.md, H3). Pure.
 */
import type { CountedRun, HistoryRecord, Row } from '../../domain/row.ts';
import { type Figures, type Run, sameRun } from '../../domain/session.ts';
import { MINUTE, type Micros, SECOND } from '../../domain/time.ts';
import { creditsOf } from './credits.ts';

/** What a history says beside what is known. Indexes count its stops from 0. */
export type Alignment = {
  /** Stops accounted for: those before the base, and one for each credit. */
  readonly place: number;
  /** The stop of each credit; NO_STOP where it has none. */
  readonly matches: readonly number[];
  /** Stops that the list did not show, oldest first. */
  readonly hidden: readonly number[];
  /** The stop of the last look is where it was. */
  readonly isContinued: boolean;
  /** False where a smaller number had to be taken. */
  readonly isExact: boolean;
};

/** Aligns what is recorded of a session with its history. `updatedAt`: of the history; before the epoch it holds no run that counts. */
export function align(row: Row, stops: readonly Run[], updatedAt: Micros, epoch: Micros): Alignment {
  const { history } = row;
  const counted = creditsOf(history);
  const base = baseOf(row, stops, updatedAt);
  const matches = matchCredits(history.since?.credits ?? [], stops, base.at, true);
  const number = updatedAt < epoch ? 0 : Math.max(0, stops.length - base.at - counted);
  return {
    place: Math.max(stops.length, base.at + counted),
    matches,
    hidden: newestUnmatched(stops.length, base.at, matches, number),
    isContinued: history.place === null || isWhereItWas(history, stops),
    isExact: base.isExact && !matches.includes(NO_STOP),
  };
}

/** Of the stops from `base` on that no credit has, the newest `number`. */
function newestUnmatched(length: number, base: number, matches: readonly number[], number: number): readonly number[] {
  const taken = new Set(matches);
  const found: number[] = [];
  for (let at = length - 1; at >= base && found.length < number; at--) if (!taken.has(at)) found.unshift(at);
  return found;
}

/** Where the new stops begin. */
type Base = { readonly at: number; readonly isExact: boolean };

/** A run takes at least this long, and clocks may differ by a minute: what a young session can have run (H2). */
const SHORTEST_RUN: Micros = SECOND / 10;
const YOUNG_SLACK: Micros = MINUTE;

/** Stops before the base were accounted for at the last look, or are older than what is known of the session. */
function baseOf(row: Row, stops: readonly Run[], updatedAt: Micros): Base {
  const { history } = row;
  const length = stops.length;
  const uncounted = Math.max(0, length - creditsOf(history));
  if (history.place !== null) {
    return isWhereItWas(history, stops) ? { at: history.place, isExact: true } : { at: uncounted, isExact: false };
  }
  if (history.blind) return { at: uncounted, isExact: false };
  const young = history.since?.young ?? null;
  const fits = young === null || lengthOf(stops) <= updatedAt - young + YOUNG_SLACK;
  if (young !== null && fits) return { at: 0, isExact: true };
  const base = creditsOf(history) > 0 ? beforeCredits(history, stops) : afterLast(row.figures, stops);
  return { at: base.at, isExact: base.isExact && fits };
}

/** The stop at the place of the last look is still the run that it was. */
function isWhereItWas({ stop }: HistoryRecord, stops: readonly Run[]): boolean {
  if (stop === null) return true;
  const now = stops[stop.index];
  return now !== undefined && sameRun(now.figures, stop.figures);
}

/** How long a session ran in all, microseconds, by its stops. */
function lengthOf(stops: readonly Run[]): Micros {
  return stops.reduce((sum, { figures }) => sum + Math.max(SHORTEST_RUN, figures.durationUs ?? 0), 0);
}

/** The first look at a session that has credits: the base is after the run recorded before them, or just before the oldest of them. */
function beforeCredits(history: HistoryRecord, stops: readonly Run[]): Base {
  const { credits, earlier, anchor } = history.since ?? { credits: [], earlier: 0, anchor: null };
  const uncounted = Math.max(0, stops.length - creditsOf(history));
  const matches = matchCredits(credits, stops, 0, false);
  const oldest = matches.includes(NO_STOP) ? uncounted : Math.max(0, matches[0] ?? 0);
  if (anchor === null) {
    const first = credits[0];
    const isExact = first === undefined || findLast(stops, first.figures, oldest) < 0;
    return { at: earlier > 0 ? Math.max(0, Math.min(oldest - earlier, uncounted)) : oldest, isExact };
  }
  const found = findLast(stops, anchor, Math.min(oldest, stops.length));
  const at = found >= 0 ? found + 1 : oldest - earlier;
  const isExact = found >= 0 && findLast(stops, anchor, found) < 0;
  return { at: earlier > 0 ? Math.max(0, Math.min(at, uncounted)) : at, isExact };
}

/** The first look at a session without credits: the base is after the recorded run; where that is not found, nothing is new. */
function afterLast(recorded: Figures | null, stops: readonly Run[]): Base {
  if (recorded === null) return { at: stops.length, isExact: true };
  const found = findLast(stops, recorded, stops.length);
  if (found < 0) return { at: stops.length, isExact: false };
  return { at: found + 1, isExact: findLast(stops, recorded, found) < 0 };
}

/** The last stop below `end` that is the same run; -1: none. */
function findLast(stops: readonly Run[], run: Figures, end: number): number {
  for (let i = Math.min(end, stops.length) - 1; i >= 0; i--) {
    if (sameRun((stops[i] as Run).figures, run)) return i;
  }
  return -1;
}

/** In place of a stop's index: the credit has none. */
export const NO_STOP = -1;

/**
 * The stop of each credit: from the newest on, the latest stop from `from` on that is the same run and comes before the next credit's.
 * `nullsLast`: a stop that agrees only by its nulls, or the credit's, is taken only where no other is left.
 */
function matchCredits(
  credits: readonly CountedRun[],
  stops: readonly Run[],
  from: number,
  nullsLast: boolean,
): readonly number[] {
  const matches = credits.map(() => NO_STOP);
  let last = stops.length - 1;
  for (let i = credits.length - 1; i >= 0; i--) {
    const at = stopOf((credits[i] as CountedRun).figures, stops, from, last, nullsLast);
    if (at < from) continue;
    matches[i] = at;
    last = at - 1;
  }
  return matches;
}

function stopOf(run: Figures, stops: readonly Run[], from: number, last: number, nullsLast: boolean): number {
  const latest = (fits: (figures: Figures) => boolean): number => {
    let at = last;
    while (at >= from && !fits((stops[at] as Run).figures)) at -= 1;
    return at >= from ? at : NO_STOP;
  };
  if (!nullsLast) return latest((figures) => sameRun(figures, run));
  const told = latest((figures) => sameRun(figures, run) && haveInCommon(figures, run));
  return told === NO_STOP ? latest((figures) => sameRun(figures, run)) : told;
}

/** False where two runs agree only because one lacks what the other says. That it failed or not tells few runs apart. */
function haveInCommon(a: Figures, b: Figures): boolean {
  return TELLING.some((key) => a[key] !== null && b[key] !== null);
}

const TELLING = ['durationUs', 'inputTokens', 'outputTokens', 'turns'] as const;
