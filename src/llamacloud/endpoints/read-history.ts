/** One attempt to read the history of a session: the result or the failure, and the bytes it cost. */
import type { Observer } from '../../domain/observer.ts';
import type { HistoryAnswer, HistoryRequest } from '../../domain/source.ts';
import type { Client } from '../client.ts';
import type { ConnectionSettings } from '../transport/connection.ts';
import { attemptError, historyError } from '../transport/failure.ts';
import { historySink } from './history.ts';

/** A history may take this many request timeouts in all, as long as something of it comes within each. */
const TIMEOUTS = 10;

export type HistoryScope = {
  readonly account: string;
  readonly organizationId: string | null;
  readonly requestTimeoutMs: number;
  readonly connection: ConnectionSettings;
};

/** Rejects with the signal's reason only. */
export async function readHistory(
  client: Client,
  observer: Observer,
  scope: HistoryScope,
  request: HistoryRequest,
  signal: AbortSignal,
): Promise<HistoryAnswer> {
  let bytes = 0;
  const onBytes = (read: number): void => void (bytes += read);
  try {
    const history = await client.getOnce(
      {
        endpoint: 'session',
        path: pathOf(scope, request),
        turn: { priority: 'history', project: request.projectId },
        deadline: { idle: scope.requestTimeoutMs, total: TIMEOUTS * scope.requestTimeoutMs },
        isExplained: false,
        read: (headers, { serverTime }) => historySink(headers, { sessionId: request.sessionId, serverTime, onBytes }),
      },
      signal,
    );
    return { bytes, history };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    return { bytes, error: historyError(attemptError('[GET] of a history', error, scope)) };
  } finally {
    observer.historyRead(scope.account, bytes);
  }
}

function pathOf(scope: HistoryScope, { projectId, sessionId }: HistoryRequest): string {
  const organization =
    scope.organizationId === null ? '' : `&organization_id=${encodeURIComponent(scope.organizationId)}`;
  return `/api/v1/chat/${encodeURIComponent(sessionId)}?project_id=${encodeURIComponent(projectId)}${organization}`;
}
