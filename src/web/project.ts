/** `/projects/{id}`: the page of one project. Its figures are shown at once, its sessions by a scan that is shared and cached. */
import type { Request, Response } from 'express';

import type { Logger } from '../domain/logger.ts';
import type { StatusSource } from '../domain/serving.ts';
import type { SessionListSource } from '../domain/session-list.ts';
import type { ProjectDetail } from '../domain/status.ts';
import { HTML, send } from './answer.ts';
import { notFound } from './not-found.ts';
import { projectFragment, projectPage } from './page/project/page.ts';
import { parseSessionsView, queriesOf } from './page/project/presets.ts';
import type { SessionsParts } from './page/project/session-table.ts';

export type ProjectRouteParts = {
  readonly status: StatusSource;
  readonly sessions: SessionListSource;
  readonly telemetryPath: string;
  readonly logger: Logger;
};

/** `id`: of the project. `params`: which sessions are shown. */
export function sendProject(
  req: Request,
  res: Response,
  parts: ProjectRouteParts,
  id: string,
  params: URLSearchParams,
): Promise<void> {
  const { telemetryPath } = parts;
  return sendWith(req, res, parts, id, params, (detail, shown) => projectPage(detail, shown, { telemetryPath }));
}

/** What the page's script fetches. */
export function sendProjectFragment(
  req: Request,
  res: Response,
  parts: ProjectRouteParts,
  id: string,
  params: URLSearchParams,
): Promise<void> {
  return sendWith(req, res, parts, id, params, projectFragment);
}

async function sendWith(
  req: Request,
  res: Response,
  { status, sessions, logger }: ProjectRouteParts,
  id: string,
  params: URLSearchParams,
  render: (detail: ProjectDetail, parts: SessionsParts) => string,
): Promise<void> {
  const classes = sessions.classes();
  const view = parseSessionsView(params, classes);
  const lists = await sessions.lists(id, queriesOf(view)).catch((error: unknown) => {
    logger.warn('The sessions of a project could not be read', { project_id: id, error });
    return 'failed' as const;
  });
  const detail = status.project(id);
  if (detail === null || lists === 'unknown') return notFound(req, res);
  const { now } = detail;
  return send(req, res, { status: 200, type: HTML, body: render(detail, { view, lists, classes, now }) });
}
