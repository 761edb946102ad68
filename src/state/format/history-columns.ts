/** The history record of a session as columns, and back. At rest it takes some ten bytes. */
import type { SQLInputValue } from 'node:sqlite';
import { type CountedRun, type HistoryRecord, type LastStop, NO_HISTORY, type Since } from '../../domain/row.ts';
import { type Figures, NO_FIGURES } from '../../domain/session.ts';

export type HistoryColumns = readonly [
  place: number | null,
  stop: string | null,
  flags: number | null,
  since: string | null,
  unverifiedFrom: number | null,
  dueAt: number | null,
  attempts: string | null,
];

const BLIND = 1;
const GIVEN_UP = 2;

/** `figures`: the recorded run of the row, which the stop mostly equals. */
export function toHistory(c: HistoryColumns, figures: Figures | null): HistoryRecord {
  const [place, stop, flags, since, unverifiedFrom, dueAt, attempts] = c;
  if (place === null && flags === null && since === null && unverifiedFrom === null && stop === null) return NO_HISTORY;
  return {
    place,
    stop: stop === null ? null : toStop(stop, figures),
    blind: ((flags ?? 0) & BLIND) !== 0,
    givenUp: ((flags ?? 0) & GIVEN_UP) !== 0,
    since: since === null ? null : toSince(JSON.parse(since) as StoredSince),
    unverified: toUnverified(unverifiedFrom, dueAt, attempts),
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
    unverified?.from ?? null,
    unverified?.dueAt ?? null,
    unverified === null ? null : JSON.stringify([unverified.since, unverified.changedAt, unverified.tries]),
  ];
}

function toUnverified(from: number | null, dueAt: number | null, attempts: string | null): HistoryRecord['unverified'] {
  if (from === null || dueAt === null) return null;
  const [since, changedAt, tries] =
    attempts === null ? [from, from, 0] : (JSON.parse(attempts) as [number, number, number]);
  return { from, since, changedAt, tries, dueAt };
}

type Kept = Exclude<keyof Figures, 'errorHash'>;

/** The letters of the figures in a stop, whose error is not kept. */
const LETTERS: Readonly<Record<Kept, string>> = {
  durationUs: 'd',
  isError: 'e',
  inputTokens: 'i',
  outputTokens: 'o',
  turns: 't',
};
const KEPT = Object.entries(LETTERS) as (readonly [Kept, string])[];
const KEPT_BY_LETTER = new Map(KEPT.map(([key, letter]) => [letter, key]));

/** Index and fillable bits; then what differs from the recorded run, by letter: mostly nothing, or a duration that is rounded otherwise. */
function stopText({ index, fillable, figures }: LastStop, recorded: Figures | null): string {
  const base = recorded ?? NO_FIGURES;
  const differing = KEPT.filter(([key]) => figures[key] !== base[key]);
  return [index, fillable, ...differing.map(([key, letter]) => letter + valueText(figures[key]))].join(' ');
}

function toStop(text: string, recorded: Figures | null): LastStop {
  const [index = '0', fillable = '0', ...differing] = text.split(' ');
  const figures: Record<string, unknown> = { ...(recorded ?? NO_FIGURES), errorHash: null };
  for (const part of differing) {
    const key = KEPT_BY_LETTER.get(part.charAt(0));
    if (key !== undefined) figures[key] = valueOf(key, part.slice(1));
  }
  return { index: Number(index), fillable: Number(fillable), figures: figures as Figures };
}

function valueText(value: number | boolean | null): string {
  return value === null ? '' : String(Number(value));
}

function valueOf(key: Kept, text: string): number | boolean | null {
  if (text === '') return null;
  return key === 'isError' ? text === '1' : Number(text);
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
export function storedFigures(stored: object): Figures {
  return { ...NO_FIGURES, ...stored };
}
