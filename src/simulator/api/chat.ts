/** The endpoints of chat sessions: the list, one session with its history, and its summary. */

import type { View } from '../faults/views.ts';
import { historyOf } from '../histories/history.ts';
import { historyText } from '../histories/text.ts';
import type { Project } from '../world/projects.ts';
import { pageOf } from '../world/replica.ts';
import type { Key, Version, VersionPage } from '../world/types.ts';
import type { World } from '../world/world.ts';
import type { Answer } from './answers.ts';
import { jsonAnswer, Refusal } from './answers.ts';
import { pageText, sessionText } from './json.ts';
import type { KeyScope } from './keys.ts';
import { sees } from './keys.ts';
import { pageNumber, writeToken } from './page-tokens.ts';
import { notFound, pageSizeOf, placeOf } from './queries.ts';
import type { Call } from './requests.ts';
import { listNameOf } from './requests.ts';

/** A request with a valid key, and the world as it sees it. */
export interface Visit {
  readonly world: World;
  readonly call: Call;
  readonly scope: KeyScope;
  readonly view: View;
}

/** Histories beyond this are streamed; smaller ones are sent with their length. */
const STREAMED_BYTES = 1_000_000;

/** `GET /api/v1/chat` */
export function listSessions(visit: Visit): Answer {
  const { world, call } = visit;
  const project = projectOf(visit);
  const limit = pageSizeOf(call.query, world);
  const list = listNameOf(call);
  const after = placeOf(call.query, list, world);
  const { items, more } = pageAt(visit, project, after, limit);
  const last = items.at(-1);
  const next = { list, issuedAt: world.clock.now(), page: pageNumber(call.pageToken) + 1, nonce: 0 };
  const token = more && last !== undefined ? writeToken({ ...next, after: keyOf(last) }) : null;
  const texts = items.map((version) => sessionText(visit.view.item(version)));
  return jsonAnswer(pageText(texts, token, project.isDefault ? 'null' : 'absent'));
}

/** `GET /api/v1/chat/{session_id}`: with the whole event history. */
export function getSession(visit: Visit): Answer {
  const version = shownVersion(visit);
  const { wire } = version.session;
  if (wire !== null) return jsonAnswer(wire);
  const history = visit.view.history(historyOf(version));
  const text = historyText(history);
  return jsonAnswer(history.bytes > STREAMED_BYTES ? text : [...text].join(''));
}

/** `GET /api/v1/chat/{session_id}/summary` */
export function getSummary(visit: Visit): Answer {
  return jsonAnswer(sessionText(visit.view.item(shownVersion(visit))));
}

function pageAt({ world, view }: Visit, project: Project, after: Key | null, limit: number): VersionPage {
  const page = view.stale === null ? world.page(project.id, after, limit) : pageOf(view.stale, after, limit);
  if (view.overlap === 0 || after === null) return page;
  return { ...page, items: [...project.replica.upTo(after, view.overlap), ...page.items] };
}

function shownVersion(visit: Visit): Version {
  const { world, call, view } = visit;
  const project = projectOf(visit);
  const id = call.sessionId ?? '';
  const session = world.findSession(id);
  if (session?.projectId !== project.id) throw missing(id);
  project.replica.expire(world.clock.now());
  const stale = view.stale === null ? undefined : [...view.stale].find((version) => version.id === id);
  const version = stale ?? (view.ahead ? session.current : session.shown);
  if (version === null) throw missing(id);
  return version;
}

/** The project asked for; without one, the session's own or the first that the key sees. */
function projectOf({ world, call, scope }: Visit): Project {
  const owner = call.sessionId === null ? undefined : world.findSession(call.sessionId)?.projectId;
  const asked = call.projectId ?? owner;
  const open = (project: Project | undefined): project is Project => project !== undefined && sees(scope, project);
  const project = asked === undefined ? world.projects.live().find(open) : world.projects.visible(asked);
  const organization = call.query.get('organization_id');
  if (!open(project) || (organization !== null && organization !== project.organizationId)) {
    throw notFound('Project', 'project_id', asked ?? '00000000-0000-0000-0000-000000000000');
  }
  return project;
}

function keyOf({ updatedAt, id }: Version): Key {
  return { updatedAt, id };
}

function missing(id: string): Refusal {
  return new Refusal(404, `Session ${id} not found`);
}
