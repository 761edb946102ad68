/** Figures of one run as this model has them, and in the exporter's words. */
import type { Figures, Run } from '../../../src/domain/session.ts';

/** Duration in milliseconds, outcome, input tokens; null: not told. */
export type RunFigures = {
  readonly ms: number | null;
  readonly failed: boolean | null;
  readonly tokens: number | null;
};

/** What a malformed stop shows. */
export const NOTHING: RunFigures = { ms: null, failed: null, tokens: null };

/** A run has this many output tokens for each input token, so that both sums can be checked. */
export const OUTPUT_PER_INPUT = 2;

/** The run as the exporter reads it; null: none is shown. */
export function asRun(shown: RunFigures): Run;
export function asRun(shown: RunFigures | null): Run | null;
export function asRun(shown: RunFigures | null): Run | null {
  if (shown === null) return null;
  const { ms, failed, tokens } = shown;
  const isNothing = ms === null && failed === null && tokens === null;
  const figures: Figures = {
    durationUs: ms === null ? null : Math.round(ms * 1000),
    isError: failed,
    errorHash: null,
    inputTokens: tokens,
    outputTokens: tokens === null ? null : OUTPUT_PER_INPUT * tokens,
    turns: isNothing ? null : 1,
  };
  return { figures, errorText: null };
}

/** Whether both can be one run: the model's own reading of the rule (docs/accounting.md, Figures). */
export function canBeOneRun(a: RunFigures, b: RunFigures): boolean {
  const agree = <T>(x: T | null, y: T | null): boolean => x === null || y === null || x === y;
  if (!agree(a.failed, b.failed) || !agree(a.tokens, b.tokens)) return false;
  if (a.ms === null || b.ms === null) return true;
  return Math.abs(a.ms - b.ms) <= Math.max(1, Math.max(a.ms, b.ms) / 1000);
}

/** For traces: seconds, `!` for a failure, tokens. */
export function told(figures: RunFigures | null): string {
  if (figures === null) return 'no run';
  const seconds = figures.ms === null ? '?' : `${figures.ms / 1000} s`;
  return `${seconds}${figures.failed === true ? '!' : ''}/${figures.tokens ?? '-'}`;
}
