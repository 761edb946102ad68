/** A session as the API returns it, after validation. */
import type { Micros } from './time.ts';

/**
 * The figures of one run: what identifies it (docs/accounting.md, Figures). Absent and null are the same: null.
 * Two metadata are the same run state exactly when all six figures are equal.
 */
export type Figures = {
  /** Integer microseconds (`duration_ms` x 1000, rounded). */
  readonly durationUs: number | null;
  readonly isError: boolean | null;
  /** Base64url SHA-256 of `error`; null when there is none or it is empty. The text itself is never kept. */
  readonly errorHash: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly turns: number | null;
};

/** A finished run as shown: its figures, and the error text for as long as it takes to classify it. */
export type Run = { readonly figures: Figures; readonly errorText: string | null };

/** One validated item of the session list. */
export type Session = {
  readonly id: string;
  /** `last_updated_at`. */
  readonly updatedAt: Micros;
  /** The most recent finished run; null when the session never ran, or while a run is in progress (neither `duration_ms` nor `is_error`). */
  readonly run: Run | null;
  readonly indexIds: readonly string[];
};

/** True when both runs show the same six figures. */
export function sameFigures(a: Figures, b: Figures): boolean {
  return (
    a.durationUs === b.durationUs &&
    a.isError === b.isError &&
    a.errorHash === b.errorHash &&
    a.inputTokens === b.inputTokens &&
    a.outputTokens === b.outputTokens &&
    a.turns === b.turns
  );
}

/** Durations of one run may differ by this much between list and history: microseconds, or this share of the longer one. */
const DURATION_SLACK_US = 1000;
const DURATION_SLACK_SHARE = 0.001;

/**
 * True when both may be the same run in different words: list and history may round durations and word errors differently, and
 * a null agrees with anything (docs/accounting.md, Figures).
 */
export function sameRun(a: Figures, b: Figures): boolean {
  return (
    agree(a.isError, b.isError) &&
    agree(a.inputTokens, b.inputTokens) &&
    agree(a.outputTokens, b.outputTokens) &&
    agree(a.turns, b.turns) &&
    similar(a.durationUs, b.durationUs)
  );
}

function agree<T>(a: T | null, b: T | null): boolean {
  return a === null || b === null || a === b;
}

function similar(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return true;
  return Math.abs(a - b) <= Math.max(DURATION_SLACK_US, DURATION_SLACK_SHARE * Math.max(a, b));
}

/** True when `shown` has every recorded value and a value for at least one recorded null: the same run with fewer gaps. */
export function completes(recorded: Figures, shown: Figures): boolean {
  return (
    !sameFigures(recorded, shown) && IDENTITY.every((key) => recorded[key] === null || recorded[key] === shown[key])
  );
}

/** The six figures that identify a run. A figure that is added later is not among them, or old records would match nothing. */
const IDENTITY = ['durationUs', 'isError', 'errorHash', 'inputTokens', 'outputTokens', 'turns'] as const;

/** Nothing is known of the run: what a malformed stop shows. It is the same run as any. */
export const NO_FIGURES: Figures = {
  durationUs: null,
  isError: null,
  errorHash: null,
  inputTokens: null,
  outputTokens: null,
  turns: null,
};

/** A run failed if `is_error` is true, or is null beside a non-empty `error`. */
export function failed(f: Figures): boolean {
  return f.isError ?? f.errorHash !== null;
}

/** A run is without usage if either token count is null. */
export function withoutUsage(f: Figures): boolean {
  return f.inputTokens === null || f.outputTokens === null;
}
