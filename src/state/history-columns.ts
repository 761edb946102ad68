/** The history record of a session as columns, and back. At rest it takes some ten bytes. */
import type { SQLInputValue } from 'node:sqlite';
import { type CountedRun, type HistoryRecord, type LastStop, NO_HISTORY, type Since } from '../domain/row.ts';
import { type Figures, NO_FIGURES, sameFigures } from '../domain/session.ts';

export type HistoryColumns = readonly [
  place: number | null,
  stop: string | null,
  flags: number | null,
  since: string | null,
  unverifiedSince: number | null,
  dueAt: number | null,
  attempts: string | null,
];

const BLIND = 1;
const GIVEN_UP = 2;

/** `figures`: the recorded run of the row, which the stop mostly equals. */
export function toHistory(c: HistoryColumns, figures: Figures | null): HistoryRecord {
  const [place, stop, flags, since, unverifiedSince, dueAt, attempts] = c;
  if (place === null && flags === null && since === null && unverifiedSince === null && stop === null)
    return NO_HISTORY;
  return {
    place,
    stop: stop === null ? null : toStop(stop, figures),
    blind: ((flags ?? 0) & BLIND) !== 0,
    givenUp: ((flags ?? 0) & GIVEN_UP) !== 0,
    since: since === null ? null : toSince(JSON.parse(since) as StoredSince),
    unverified: toUnverified(unverifiedSince, dueAt, attempts),
  };
}

/** The values of the columns, in their order. */
export function historyValues(history: HistoryRecord, figures: Figures | null): SQLInputValue[] {
  if (history === NO_HISTORY) return [null, null, null, null, null, null, null];
  const { place, stop, blind, givenUp, since, unverified } = history;
  const flags = (blind ? BLIND : 0) | (givenUp ? GIVEN_UP : 0);
  return [
    place,
    stop === null ? null : stopText(stop, figures),
    flags === 0 ? null : flags,
    since === null ? null : JSON.stringify(since),
    unverified?.since ?? null,
    unverified?.dueAt ?? null,
    unverified === null ? null : JSON.stringify([unverified.changedAt, unverified.tries]),
  ];
}

function toUnverified(
  since: number | null,
  dueAt: number | null,
  attempts: string | null,
): HistoryRecord['unverified'] {
  if (since === null || dueAt === null) return null;
  const [changedAt, tries] = attempts === null ? [since, 0] : (JSON.parse(attempts) as [number, number]);
  return { since, dueAt, changedAt, tries };
}

/** Index and fillable bits; then nothing where the stop is the recorded run to the letter, else its figures. */
function stopText({ index, fillable, figures }: LastStop, recorded: Figures | null): string {
  const isRecorded = recorded !== null && sameFigures({ ...recorded, errorHash: null }, figures);
  return isRecorded ? `${index} ${fillable}` : `${index} ${fillable} ${JSON.stringify(figures)}`;
}

function toStop(text: string, recorded: Figures | null): LastStop {
  const [index = '0', fillable = '0', ...rest] = text.split(' ');
  const figures = rest.length === 0 ? (recorded ?? NO_FIGURES) : storedFigures(JSON.parse(rest.join(' ')) as object);
  return { index: Number(index), fillable: Number(fillable), figures: { ...figures, errorHash: null } };
}

type StoredSince = Omit<Since, 'credits' | 'anchor'> & {
  readonly credits: readonly { readonly figures: object; readonly fillable: number }[];
  readonly anchor: object | null;
};

function toSince(stored: StoredSince): Since {
  const credits = stored.credits.map(
    ({ figures, fillable }): CountedRun => ({ figures: storedFigures(figures), fillable }),
  );
  return { ...stored, credits, anchor: stored.anchor === null ? null : storedFigures(stored.anchor) };
}

/** Figures that an earlier version stored lack what it did not know: null. */
function storedFigures(stored: object): Figures {
  return { ...NO_FIGURES, ...stored };
}
