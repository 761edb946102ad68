/** The endpoints of projects: both versions of the list, and one project. */

import type { Project } from '../world/projects.ts';
import type { Answer } from './answers.ts';
import { jsonAnswer, Refusal } from './answers.ts';
import type { Visit } from './chat.ts';
import { pageText, projectText } from './json.ts';
import { sees } from './keys.ts';
import { pageNumber, writeToken } from './page-tokens.ts';
import { notFound, pageSizeOf, placeOf } from './queries.ts';

/** `GET /api/v1/projects`: all at once, as a plain array. */
export function listProjects(visit: Visit): Answer {
  return jsonAnswer(`[${visible(visit, 'project_name').map(projectText).join(',')}]`);
}

/** `GET /api/v2/projects`: in pages, by id; needs an organization or a key bound to projects. */
export function pageProjects(visit: Visit): Answer {
  const { world, call, scope } = visit;
  if (scope.projectIds === null && call.query.get('organization_id') === null) {
    throw new Refusal(400, 'organization_id is required unless the API key is scoped to a project');
  }
  const limit = pageSizeOf(call.query, world);
  const after = placeOf(call.query, 'projects', world);
  const all = visible(visit, 'name').sort((a, b) => (a.id < b.id ? -1 : 1));
  const left = all.filter((project) => after === null || project.id > after.id);
  const items = left.slice(0, limit);
  return jsonAnswer(
    pageText(items.map(projectText), tokenAfter(visit, items, left), 'null', `,"total_size":${all.length}`),
  );
}

/** `GET /api/v1/projects/{id}` */
export function getProject({ world, call, scope }: Visit): Answer {
  const project = world.projects.visible(call.projectId ?? '');
  if (project === undefined || !sees(scope, project)) throw notFound('Project', 'project_id', call.projectId ?? '');
  return jsonAnswer(projectText(project));
}

function visible({ world, call, scope }: Visit, nameParameter: string): Project[] {
  const organization = call.query.get('organization_id');
  const name = call.query.get(nameParameter);
  return world.projects.live().filter((project) => {
    if (organization !== null && organization !== project.organizationId) return false;
    return sees(scope, project) && (name === null || name === project.name);
  });
}

function tokenAfter({ world, call }: Visit, items: readonly Project[], left: readonly Project[]): string | null {
  const last = items.at(-1);
  if (last === undefined || items.length === left.length) return null;
  const after = { updatedAt: 0, id: last.id };
  return writeToken({
    list: 'projects',
    after,
    issuedAt: world.clock.now(),
    page: pageNumber(call.pageToken) + 1,
    nonce: 0,
  });
}
