/** Turns the API's numbers of one run into the figures that identify it. */
import { hash } from 'node:crypto';
import type { Figures, Run } from '../../domain/session.ts';
import type { JobMetadata, Usage } from './schema.ts';

/** The finished run that the metadata describe; null while one is in progress (neither `duration_ms` nor `is_error`). */
export function runOf(metadata: JobMetadata): Run | null {
  const duration = metadata.duration_ms ?? null;
  const isError = metadata.is_error ?? null;
  if (duration === null && isError === null) return null;
  return runFrom(metadata, isError, metadata.error ?? null);
}

/** A run from its usage; an empty error text is no text. */
export function runFrom(usage: Usage, isError: boolean | null, error: string | null): Run {
  const errorText = error === '' ? null : error;
  return { figures: figuresOf(usage, isError, errorText), errorText };
}

function figuresOf(usage: Usage, isError: boolean | null, errorText: string | null): Figures {
  return {
    durationUs: microseconds(usage.duration_ms),
    isError,
    errorHash: errorText === null ? null : hashOf(errorText),
    inputTokens: count(usage.total_input_tokens),
    outputTokens: count(usage.total_output_tokens),
    turns: count(usage.turns),
  };
}

/** Every sweep shows the same few error texts again. At most 1 MB of them is kept, in memory only. */
const KNOWN_TEXTS = 1000;
const LONGEST_KNOWN = 500;
const known = new Map<string, string>();

function hashOf(errorText: string): string {
  const found = known.get(errorText);
  if (found !== undefined) return found;
  const hashed = hash('sha256', errorText, 'base64url');
  if (errorText.length > LONGEST_KNOWN) return hashed;
  if (known.size >= KNOWN_TEXTS) known.clear();
  known.set(errorText, hashed);
  return hashed;
}

function microseconds(milliseconds: number | null | undefined): number | null {
  return milliseconds === null || milliseconds === undefined ? null : count(Math.round(milliseconds * 1000));
}

/** JSON knows -0, which equals 0 everywhere but in a text of it. */
function count(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : value + 0;
}
