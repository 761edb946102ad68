/** Credits: runs counted from the list since the history was read last (docs/accounting.md, H1). Pure. */
import {
  type CountedRun,
  FIGURE_BITS,
  type Fillable,
  type HistoryRecord,
  type Row,
  type Since,
} from '../../domain/row.ts';
import { type Figures, NO_FIGURES } from '../../domain/session.ts';
import type { Micros } from '../../domain/time.ts';

/** Credits kept with their figures; older ones are only counted. */
const MOST_CREDITS = 32;

const NOTHING_SINCE: Since = { credits: [], earlier: 0, anchor: null, young: null };

/** What is remembered of a young session that was just seen for the first time. */
export function firstSince(young: Micros): Since {
  return { ...NOTHING_SINCE, young };
}

export function hasCredits(row: Row): boolean {
  return creditsOf(row.history) > 0;
}

/** The number of credits, those without figures included. */
export function creditsOf({ since }: Pick<HistoryRecord, 'since'>): number {
  return since === null ? 0 : since.earlier + since.credits.length;
}

/** What is remembered after `run` was counted from the list. `recorded`: the figures before it. */
export function withCredit(history: HistoryRecord, recorded: Figures | null, run: CountedRun): Since {
  const since = history.since ?? NOTHING_SINCE;
  const isFirst = creditsOf(history) === 0 && history.place === null;
  const credits = [...since.credits, run];
  const dropped = Math.max(0, credits.length - MOST_CREDITS);
  return {
    ...since,
    anchor: isFirst ? recorded : since.anchor,
    credits: dropped === 0 ? credits : credits.slice(dropped),
    earlier: since.earlier + dropped,
  };
}

const KEYS = Object.keys(FIGURE_BITS) as (keyof typeof FIGURE_BITS)[];
const ALL_BITS: Fillable = ~0;

/** The figures that are null, as bits. */
export function nullsOf(figures: Figures): Fillable {
  return KEYS.reduce((bits, key) => (figures[key] === null ? bits | FIGURE_BITS[key] : bits), 0);
}

/** A run that has just been counted: all of its nulls may still be added. */
export function countedRun(figures: Figures): CountedRun {
  return { figures, fillable: nullsOf(figures) };
}

/** The run with values from `shown` for its nulls; what it has by now cannot be added any more. */
export function filledFrom<R extends CountedRun>(run: R, shown: Figures): R {
  const figures = mergedWith(run.figures, shown, ALL_BITS);
  return { ...run, figures, fillable: run.fillable & nullsOf(figures) };
}

/** The run where what `shown` has a value for may not be added any more. */
export function closedTo<R extends CountedRun>(run: R, shown: Figures): R {
  return { ...run, fillable: run.fillable & nullsOf(shown) };
}

/** The figures as the counters have them: a null that may not be added any more is taken to be in them, with the value of `shown`. */
export function asCounted({ figures, fillable }: CountedRun, shown: Figures): Figures {
  return mergedWith(figures, shown, ~fillable);
}

/** The figures that are among `bits`; the others are null. */
export function onlyOf(figures: Figures, bits: Fillable): Figures {
  return mergedWith(NO_FIGURES, figures, bits);
}

/** The figures with values from `shown` for those nulls that are among `bits`. The error belongs to the outcome. */
function mergedWith(figures: Figures, shown: Figures, bits: Fillable): Figures {
  const take = <K extends keyof Figures>(key: K, bit: Fillable): Figures[K] =>
    figures[key] === null && (bits & bit) !== 0 ? shown[key] : figures[key];
  return {
    durationUs: take('durationUs', FIGURE_BITS.durationUs),
    isError: take('isError', FIGURE_BITS.isError),
    errorHash: take('errorHash', FIGURE_BITS.isError),
    inputTokens: take('inputTokens', FIGURE_BITS.inputTokens),
    outputTokens: take('outputTokens', FIGURE_BITS.outputTokens),
    turns: take('turns', FIGURE_BITS.turns),
  };
}
