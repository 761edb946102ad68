/** What follows a poll, and a second of a sweep: the project is published as it was committed. */
import { ExporterError } from '../domain/errors.ts';
import type { Context } from './context.ts';
import { publish } from './publish.ts';
import { findExtremes } from './rescan.ts';

/** Lost maxima are found again, then the project is published. Where the state fails here, the next poll tells. */
export async function settle(ctx: Context, signal: AbortSignal): Promise<void> {
  const { logger, fatal } = ctx.deps;
  try {
    await findExtremes(ctx, signal);
    await publish(ctx);
  } catch (cause) {
    if (signal.aborted) throw cause;
    const error = asExporterError(cause);
    if (error.code === 'startup') fatal(error);
    else logger.debug('Publication failed', { error: error.message });
  }
}

/** Whatever was thrown, as an error that a person may read. */
export function asExporterError(cause: unknown): ExporterError {
  if (cause instanceof ExporterError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  return new ExporterError(
    'state',
    `Unexpected fault while polling: ${text}`,
    'Please report it with the log at debug.',
    cause,
  );
}
