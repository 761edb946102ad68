/** What the world of the one-session model can be like. */
import type { Kind } from './verdict.ts';

/** Four numbers from 0 to below 1 that decide what a step does. */
export type Dice = readonly [number, number, number, number];

export const OPERATIONS = [
  'start',
  'end',
  'cancel',
  'touch',
  'poll',
  'history',
  'ask',
  'answer',
  'completeList',
  'completeHistory',
  'shorten',
  'makeWhole',
  'accounting',
  'restart',
  'hide',
  'unhide',
  'wait',
  'rest',
  'create',
  'epoch',
] as const;
export type OperationName = (typeof OPERATIONS)[number];

/** How likely each operation is beside the others. */
export type Weights = Readonly<Partial<Record<OperationName, number>>>;

export type Setting = {
  /** Different figures that runs have. */
  readonly kinds: number;
  /** Figures that differ by little. */
  readonly alike: boolean;
  /** List and history round durations differently. */
  readonly otherForm: boolean;
  readonly failures: boolean;
  /** Which of both leave tokens out at first. */
  readonly nulls: { readonly list: boolean; readonly history: boolean };
  readonly malformedStops: boolean;
  /** Share of runs without a stop. */
  readonly withoutStop: number;
  /** Shares of runs in progress that show the run before, and whose start moves the session's time. */
  readonly showsPreviousWhileRunning: number;
  readonly startIsShown: number;
  /** Versions by which answers may lag. */
  readonly lag: { readonly list: number; readonly history: number };
  /** The two halves of an answer with a history may be of different moments. */
  readonly halvesApart: boolean;
  /** The answer's own run is told as its newest stop tells it. */
  readonly toldAsStop: boolean;
  /** Share of histories that cannot be had. */
  readonly failedHistories: number;
  /** Shortened histories lose their newest stops too. */
  readonly losesTail: boolean;
  /** Share of schedules whose session is first shown after two sweeps. */
  readonly young: number;
  /** At rest what was null is told. */
  readonly completesAtRest: { readonly list: boolean; readonly history: boolean };
  readonly steps: number;
  readonly weights: Weights;
  /** Largest share of schedules, by kind, that may end so: the exceptions of docs/accounting.md. Kinds left out must not happen. */
  readonly exceptions: Readonly<Partial<Record<Kind, number>>>;
};

/** An ordinary life, looked at now and then. */
export const USUAL: Weights = { start: 10, end: 16, cancel: 4, touch: 5, poll: 22, history: 16, ask: 4, answer: 5 };

const NEITHER = { list: false, history: false };

/** Nothing goes wrong, and almost no two runs are alike. */
export const PLAIN: Setting = {
  kinds: 40,
  alike: false,
  otherForm: false,
  failures: false,
  nulls: NEITHER,
  malformedStops: false,
  withoutStop: 0,
  showsPreviousWhileRunning: 0.3,
  startIsShown: 0.8,
  lag: { list: 0, history: 0 },
  halvesApart: false,
  toldAsStop: false,
  failedHistories: 0,
  losesTail: false,
  young: 0.5,
  completesAtRest: NEITHER,
  steps: 30,
  weights: USUAL,
  exceptions: {},
};
