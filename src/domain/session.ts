/** What the API says about a session, after validation. */
import type { Micros } from './time.ts';

/**
 * The figures of one run: what identifies it (design.md, "Figures"). Absent and null are the same: null.
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

/** Figures as one short text, equal exactly when the figures are: what a row remembers of a run before the present one. */
export function fingerprint(f: Figures): string {
  return [f.durationUs, f.isError, f.errorHash, f.inputTokens, f.outputTokens, f.turns].map((x) => x ?? '').join('|');
}

/** design.md, "Figures": a run failed if `is_error` is true, or is null beside a non-empty `error`. */
export function failed(f: Figures): boolean {
  return f.isError ?? f.errorHash !== null;
}

/** A run is without usage if either token count is null. */
export function withoutUsage(f: Figures): boolean {
  return f.inputTokens === null || f.outputTokens === null;
}
