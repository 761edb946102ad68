/** After a poll, and every second of a sweep: publishes the project as committed, and finds lost maxima again. */
import { ExporterError } from '../../domain/errors.ts';
import type { Context } from '../context.ts';
import { publish } from './publish.ts';
import { findExtremes } from './rescan.ts';

/** Publishes what is in memory first, so that a state that fails from here on hides nothing. Rejects only with the signal's reason. */
export async function afterPoll(ctx: Context, signal: AbortSignal): Promise<void> {
  const { state, plan, deps } = ctx;
  const { failureLog, fatal } = deps;
  const { id, name } = state.project;
  try {
    await publish(ctx);
    if (await findExtremes(ctx, signal)) await publish(ctx);
    failureLog.succeeded(plan.source.account, publicationOf(id));
  } catch (cause) {
    if (signal.aborted) throw cause;
    if (ctx.recorder.isClosed) return;
    const error = asExporterError(cause);
    if (error.code === 'startup') fatal(error);
    failureLog.failed('Publication', plan.source.account, publicationOf(id), error, { project: name, project_id: id });
  }
}

function publicationOf(projectId: string): string {
  return `publication of ${projectId}`;
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
