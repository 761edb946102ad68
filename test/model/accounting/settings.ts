/** The 36 settings of the one-session model, each with what the rules allow to go wrong in it, and how often. */
import { PLAIN, type Setting, USUAL, type Weights } from './setting.ts';

const LONG_PAUSES: Weights = { ...USUAL, poll: 60, end: 30, history: 2, ask: 1 };
const DELETIONS: Weights = { ...USUAL, poll: 30, hide: 6, unhide: 8, wait: 5 };
const SHORTENED: Weights = { ...USUAL, shorten: 4, makeWhole: 5, wait: 3 };
const LIST = { list: true, history: false };
const HISTORY = { list: false, history: true };
const BOTH = { list: true, history: true };

const LAG_BOTH = { list: 2, history: 2 };
const WITH_COMPLETIONS: Weights = { ...USUAL, completeList: 6, completeHistory: 6 };
const WITH_REST: Weights = { ...USUAL, rest: 3, restart: 3 };
const SWITCHED: Weights = { ...USUAL, accounting: 8, restart: 2 };
const LOSSES: Weights = { ...USUAL, shorten: 4, wait: 2, rest: 2 };

/**
 * After a row followed a stale read, a history that lags as well, or a less stale read, tells a known run again, or lacks the newest one
 * beside an older run that looks the same (docs/accounting.md, L3).
 */
const LAGS_TWICE = {
  'too many runs': 0.003,
  'too many tokens': 0.002,
  'missing tokens': 0.001,
  'missing runs': 0.0005,
};
/** Stops that say nothing agree with any run, so tokens are given to another one. */
const MISPLACED_TOKENS = { 'too many tokens': 0.001, 'missing tokens': 0.005 };
/** A shortened history has an identical run at the place of the last look. */
const SAME_AT_THE_PLACE = { 'missing runs': 0.003 };
/** A history that was shortened and is whole again. */
const COUNTED_AGAIN = { 'too many runs': 0.012, 'too many tokens': 0.003 };
/** List and history of one answer that are of different moments. */
const TOLD_APART = { 'too many runs': 0.004, 'too many tokens': 0.002 };
/** A run without a stop takes the stop of another one. */
const NO_STOP = { 'too many runs': 0.001, 'too many tokens': 0.001 };

const CHANGES = {
  plain: {},
  identical: { kinds: 2 },
  one: { kinds: 1 },
  lag: { lag: { list: 3, history: 3 }, kinds: 4, exceptions: LAGS_TWICE },
  historyLag: { lag: { list: 0, history: 3 }, kinds: 4 },
  rest: { kinds: 3, weights: WITH_REST },
  form: { otherForm: true, kinds: 5, failures: true },
  near: { alike: true, kinds: 3, otherForm: true },
  nullsInList: { nulls: LIST, kinds: 5, completesAtRest: LIST, weights: { ...USUAL, completeList: 8 } },
  nullsInHistory: { nulls: HISTORY, kinds: 5, completesAtRest: HISTORY, weights: { ...USUAL, completeHistory: 8 } },
  nullsAndLag: {
    nulls: HISTORY,
    kinds: 5,
    lag: LAG_BOTH,
    completesAtRest: HISTORY,
    weights: { ...USUAL, completeHistory: 8 },
    exceptions: LAGS_TWICE,
  },
  nullsInBoth: {
    nulls: BOTH,
    kinds: 3,
    completesAtRest: BOTH,
    weights: WITH_COMPLETIONS,
  },
  nullsInBothAndLag: {
    nulls: BOTH,
    kinds: 3,
    lag: LAG_BOTH,
    completesAtRest: BOTH,
    weights: WITH_COMPLETIONS,
    exceptions: LAGS_TWICE,
  },
  malformedStops: { malformedStops: true, kinds: 4, exceptions: MISPLACED_TOKENS },
  givenUp: { kinds: 3, failedHistories: 0.3, weights: { ...USUAL, wait: 5, restart: 3, rest: 2 } },
  shortened: { kinds: 3, weights: LOSSES, exceptions: SAME_AT_THE_PLACE },
  shortenedAtTheEnd: { kinds: 3, losesTail: true, weights: LOSSES, exceptions: SAME_AT_THE_PLACE },
  wholeAgain: { kinds: 3, weights: SHORTENED, exceptions: COUNTED_AGAIN },
  wholeAgainDistinct: { kinds: 30, weights: SHORTENED, exceptions: COUNTED_AGAIN },
  nullsInHistoryDistinct: {
    nulls: HISTORY,
    kinds: 30,
    completesAtRest: HISTORY,
    young: 1,
    weights: { ...USUAL, completeHistory: 8 },
  },
  nullsInBothDistinct: {
    nulls: BOTH,
    kinds: 30,
    completesAtRest: BOTH,
    young: 1,
    weights: { ...USUAL, completeHistory: 6, completeList: 6 },
  },
  switched: { kinds: 4, weights: SWITCHED },
  switchedWithNulls: {
    kinds: 4,
    nulls: BOTH,
    completesAtRest: BOTH,
    weights: { ...USUAL, accounting: 8, completeList: 6, completeHistory: 6 },
  },
  switchedWithLag: { kinds: 4, lag: LAG_BOTH, weights: SWITCHED, exceptions: LAGS_TWICE },
  switchedAtRest: { kinds: 4, weights: { ...USUAL, accounting: 5, rest: 3 } },
  deleted: { kinds: 4, weights: DELETIONS },
  deletedAndSwitched: { kinds: 4, weights: { ...DELETIONS, accounting: 5 } },
  long: { kinds: 6, steps: 90 },
  halvesApart: { kinds: 3, halvesApart: true, exceptions: TOLD_APART },
  halvesApartAndLag: { kinds: 4, halvesApart: true, lag: LAG_BOTH, exceptions: TOLD_APART },
  withoutStop: { withoutStop: 0.2, kinds: 30, steps: 40, exceptions: NO_STOP },
  manyCredits: { kinds: 8, steps: 60, weights: LONG_PAUSES },
  manyCreditsAtRest: { kinds: 8, steps: 60, weights: { ...LONG_PAUSES, rest: 2 } },
  toldAsStop: { otherForm: true, toldAsStop: true, kinds: 4 },
  toldAsStopWithNulls: {
    nulls: HISTORY,
    toldAsStop: true,
    kinds: 4,
    completesAtRest: HISTORY,
    weights: { ...USUAL, completeHistory: 5 },
  },
  everything: {
    kinds: 3,
    failures: true,
    otherForm: true,
    nulls: BOTH,
    lag: LAG_BOTH,
    failedHistories: 0.1,
    completesAtRest: BOTH,
    exceptions: { ...LAGS_TWICE, ...SAME_AT_THE_PLACE },
    weights: {
      ...USUAL,
      completeList: 4,
      completeHistory: 4,
      accounting: 3,
      restart: 3,
      hide: 2,
      unhide: 3,
      wait: 2,
      shorten: 1,
      rest: 1,
    },
  },
} as const satisfies Readonly<Record<string, Partial<Setting>>>;

export type SettingName = keyof typeof CHANGES;
export const SETTING_NAMES = Object.keys(CHANGES) as readonly SettingName[];

export function settingOf(name: SettingName): Setting {
  return { ...PLAIN, ...CHANGES[name] };
}
