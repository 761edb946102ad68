/** Runs: how `job_metadata` shows them, and functions that make them. */
import type { FailureCause, Figures, FinishedRun, Metadata, Outcome, RunInProgress } from './types.ts';

/** `job_metadata` of a run that ended. */
export function metadataOf(figures: Figures): Metadata {
  return { ...figures, export_config_ids: null };
}

/** `job_metadata` while a run is in progress; `previous` is what it was before. */
export function metadataInProgress(run: RunInProgress, previous: Metadata | null): Metadata | null {
  switch (run.form) {
    case 'null':
      return null;
    case 'empty':
      return {};
    case 'previous':
      return previous;
    case 'partial':
      return { total_input_tokens: null, total_output_tokens: null, turns: 1, error: null, export_config_ids: null };
    default:
      return run.form satisfies never;
  }
}

/** Whether a run failed: it says so, or says nothing and carries an error text. */
export function hasFailed(figures: Figures): boolean {
  if (typeof figures.is_error === 'boolean') return figures.is_error;
  return typeof figures.error === 'string' && figures.error !== '';
}

/** A run that ended well, all figures present. */
export function succeeded(durationMs: number, input: number, output: number, turns: number): Outcome {
  const figures: Figures = {
    duration_ms: durationMs,
    is_error: false,
    error: null,
    total_input_tokens: input,
    total_output_tokens: output,
    turns,
  };
  return { figures, cause: null };
}

/** The same run, failed: with a text, or with none. */
export function failed(outcome: Outcome, cause: FailureCause, error: string | null): Outcome {
  return { figures: { ...outcome.figures, is_error: true, error }, cause };
}

/** The same run with some figures replaced, for unusual shapes. */
export function withFigures<R extends Outcome | FinishedRun>(run: R, figures: Partial<Figures>): R {
  return { ...run, figures: { ...run.figures, ...figures } };
}
