/** The session list of one project, page by page. */
import { setImmediate } from 'node:timers/promises';
import { TokenExpiredError } from '../../domain/errors.ts';
import type { OnToken, PageRequest, SessionPage } from '../../domain/source.ts';
import type { Client } from '../client.ts';
import type { Arrival } from '../time/arrivals.ts';
import { jsonSink, PAGE_LIMIT } from '../transport/body.ts';
import { StatusError } from '../transport/failure.ts';
import { type PageParts, pageParts, sessionPage } from './sessions.ts';

/** What the API may answer to a page token that it no longer takes. */
const EXPIRED_STATUSES = new Set([400, 404, 410, 422]);

export type PageScope = { readonly organizationId: string | null; readonly pageSize: number };

/** Reads one page. @throws TokenExpiredError where the request carried a token and the API refused it. */
export async function readPage(
  client: Client,
  scope: PageScope,
  request: PageRequest,
  signal: AbortSignal,
  onToken: OnToken | undefined,
): Promise<SessionPage> {
  try {
    return await client.get(
      {
        endpoint: 'sessions',
        path: pathOf(scope, request),
        turn: { priority: request.priority, project: request.projectId },
        deadline: null,
        isExplained: request.token === null,
        read: (headers, arrival) =>
          jsonSink(headers, PAGE_LIMIT, (json) => readSessions(pageParts(json), arrival, onToken)),
      },
      signal,
    );
  } catch (error) {
    const isExpired = request.token !== null && error instanceof StatusError && EXPIRED_STATUSES.has(error.status);
    throw isExpired ? new TokenExpiredError(error.message, error) : error;
  }
}

/** What is asked for upon the token is on its way while the sessions are validated. */
async function readSessions(parts: PageParts, arrival: Arrival, onToken: OnToken | undefined): Promise<SessionPage> {
  if (parts.nextToken !== null && onToken !== undefined) {
    onToken(parts.nextToken);
    // undici makes sure of an idle connection before it writes to it, which takes it one turn of the event loop.
    await setImmediate();
    await setImmediate();
  }
  return sessionPage(parts, arrival);
}

function pathOf({ organizationId, pageSize }: PageScope, { projectId, token }: PageRequest): string {
  const organization = organizationId === null ? '' : `&organization_id=${encodeURIComponent(organizationId)}`;
  const page = token === null ? '' : `&page_token=${encodeURIComponent(token)}`;
  return `/api/v1/chat?project_id=${encodeURIComponent(projectId)}${organization}&page_size=${pageSize}${page}`;
}
