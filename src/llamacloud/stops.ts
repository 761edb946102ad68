/** The `stop` events of one session: what `every_run` accounting counts by. */
import { type ErrorCode, ExporterError } from '../domain/errors.ts';
import type { Logger } from '../domain/logger.ts';
import type { Stop } from '../domain/source.ts';
import type { Client } from './client.ts';
import { historySink } from './history.ts';

/** A history may take this many request timeouts in all, as long as something of it comes within each. */
const TIMEOUTS = 10;

/** Failures that asking again will not mend. */
const LOST: ReadonlySet<ErrorCode> = new Set(['not_found', 'server_error', 'rejected', 'malformed']);

export type StopsRequest = { readonly projectId: string; readonly sessionId: string };

export type StopsScope = {
  readonly account: string;
  readonly organizationId: string | null;
  readonly requestTimeoutMs: number;
};

/**
 * Null where the history cannot be had and will not be by asking again: the list has to be believed. What may pass (rate limit,
 * connection, timeout) and what a person must mend (401, 403) rejects.
 */
export async function readStops(
  client: Client,
  logger: Logger,
  scope: StopsScope,
  request: StopsRequest,
  signal: AbortSignal,
): Promise<readonly Stop[] | null> {
  try {
    return await client.get(
      {
        endpoint: 'session',
        path: pathOf(scope, request),
        // A page waits for its histories, so they are as urgent as the most urgent page.
        turn: { priority: 'head', project: request.projectId },
        deadline: { idle: scope.requestTimeoutMs, total: TIMEOUTS * scope.requestTimeoutMs },
        read: (headers) => historySink(headers, request.sessionId),
      },
      signal,
    );
  } catch (error) {
    if (!(error instanceof ExporterError) || !LOST.has(error.code)) throw error;
    const { account } = scope;
    logger.warn('A history cannot be read, the session list is believed instead', {
      account,
      project_id: request.projectId,
      error: error.message,
    });
    return null;
  }
}

function pathOf(scope: StopsScope, { projectId, sessionId }: StopsRequest): string {
  const organization =
    scope.organizationId === null ? '' : `&organization_id=${encodeURIComponent(scope.organizationId)}`;
  return `/api/v1/chat/${encodeURIComponent(sessionId)}?project_id=${encodeURIComponent(projectId)}${organization}`;
}
