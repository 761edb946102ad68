/** `/api/v1/projects/{id}/sessions`: the sessions behind a project's figures, as JSON. */
import type { Request, Response } from 'express';

import type { SessionList, SessionListSource } from '../../domain/session-list.ts';
import { JSON_TYPE, send } from '../answer.ts';
import { parseSessionQuery, type QueryFault } from './session-query.ts';

/** Seconds after which a client that was refused may ask again: a scan of a million sessions takes a few. */
export const RETRY_SECONDS = '2';

/** `id`: of the project. `params`: as the client wrote them. */
export async function sendSessions(
  req: Request,
  res: Response,
  sessions: SessionListSource,
  id: string,
  params: URLSearchParams,
): Promise<void> {
  const parsed = parseSessionQuery(params, sessions.classes());
  if ('faults' in parsed) return sendJson(req, res, 400, { error: sentence(parsed.faults), faults: parsed.faults });
  const answer = await sessions.lists(id, [parsed.query]);
  if (answer === 'unknown') return sendJson(req, res, 404, { error: 'There is no such project.' });
  if (answer === 'busy') {
    const error = 'The sessions of a project are being listed already; try again in a moment.';
    return sendJson(req, res, 503, { error }, { 'Retry-After': RETRY_SECONDS });
  }
  const [list] = answer;
  return sendJson(req, res, 200, { projectId: id, ...(list ?? EMPTY) });
}

const EMPTY: Pick<SessionList, 'matched' | 'sessions'> = { matched: 0, sessions: [] };

function sentence(faults: readonly QueryFault[]): string {
  return faults
    .map(({ parameter, error, allowed }) => `"${parameter}" ${error}; allowed: ${allowed.join(', ')}.`)
    .join(' ');
}

function sendJson(
  req: Request,
  res: Response,
  status: number,
  value: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  return send(req, res, { status, type: JSON_TYPE, body: `${JSON.stringify(value)}\n`, headers });
}
