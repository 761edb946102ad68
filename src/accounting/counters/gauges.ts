/** The gauges: sums over live sessions, moved by the difference between a row before and after. */
import type { Row } from '../../domain/row.ts';
import { type Figures, failed } from '../../domain/session.ts';
import type { Micros } from '../../domain/time.ts';
import type { Extreme, Gauges } from '../../domain/totals.ts';

/** What the gauges show of a row: its recorded run, or the stale reading that they follow; null for a tombstone. */
export type Shown = { readonly no: number; readonly updatedAt: Micros; readonly figures: Figures | null };

export function shownOf(row: Row | null): Shown | null {
  if (row === null || row.deletedAt !== null) return null;
  const from = row.stale?.followed ? row.stale : row;
  return { no: row.no, updatedAt: from.updatedAt, figures: from.figures };
}

export const NO_SESSIONS: Gauges = {
  ok: 0,
  error: 0,
  neverRun: 0,
  inputTokens: 0,
  outputTokens: 0,
  turns: 0,
  durationUs: 0,
  durationCount: 0,
  longest: null,
  newest: null,
};

/** Gauges in the making: moved in place, since a first sweep moves them once for each session. */
export type MovingGauges = { -readonly [K in keyof Gauges]: Gauges[K] };

/** Moves the gauges by the change of a session's contribution; null: it had or has none. */
export function moveGauges(gauges: MovingGauges, before: Shown | null, after: Shown | null): void {
  if (before !== null) addSums(gauges, before.figures, -1);
  if (after !== null) addSums(gauges, after.figures, 1);
  const [was, is] = [before?.updatedAt ?? null, after?.updatedAt ?? null];
  gauges.longest = moveExtreme(gauges.longest, before?.no, duration(before), duration(after), after?.no);
  gauges.newest = moveExtreme(gauges.newest, before?.no, was, is, after?.no);
}

function duration(shown: Shown | null): number | null {
  return shown?.figures?.durationUs ?? null;
}

function addSums(g: MovingGauges, figures: Figures | null, sign: 1 | -1): void {
  if (figures === null) {
    g.neverRun += sign;
    return;
  }
  if (failed(figures)) g.error += sign;
  else g.ok += sign;
  g.inputTokens += sign * (figures.inputTokens ?? 0);
  g.outputTokens += sign * (figures.outputTokens ?? 0);
  g.turns += sign * (figures.turns ?? 0);
  g.durationUs += sign * (figures.durationUs ?? 0);
  if (figures.durationUs !== null) g.durationCount += sign;
}

/** A maximum does not invert: when its holder shrinks or goes, it is lost until a rescan finds the next. */
function moveExtreme(
  extreme: Extreme,
  noBefore: number | undefined,
  before: number | null,
  after: number | null,
  no: number | undefined,
): Extreme {
  if (extreme === 'lost') return 'lost';
  const held = extreme?.value ?? Number.NEGATIVE_INFINITY;
  if (after !== null && no !== undefined && after >= held)
    return after > held || noBefore === extreme?.no ? { no, value: after } : extreme;
  const wasHolder = extreme !== null && before !== null && noBefore === extreme.no;
  return wasHolder ? 'lost' : extreme;
}

/** The extremes found by a rescan so far; start from null. */
export function rescan(
  found: { longest: Extreme; newest: Extreme },
  rows: readonly Row[],
): { longest: Extreme; newest: Extreme } {
  let { longest, newest } = found;
  for (const row of rows) {
    const shown = shownOf(row);
    longest = moveExtreme(longest, undefined, null, duration(shown), shown?.no);
    newest = moveExtreme(newest, undefined, null, shown?.updatedAt ?? null, shown?.no);
  }
  return { longest, newest };
}
