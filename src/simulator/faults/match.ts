/** Decides which requests a fault affects. */
import { z } from 'zod';
import { Refusal } from '../api/answers.ts';
import { pageNumber } from '../api/page-tokens.ts';
import { pageSizeOf, placeOf } from '../api/queries.ts';
import type { Call } from '../api/requests.ts';
import { ENDPOINTS, listNameOf } from '../api/requests.ts';
import type { World } from '../world/world.ts';

const endpoint = z.enum(ENDPOINTS);

/** Which requests a fault affects. What is left out matches everything. */
export const Match = z.strictObject({
  endpoint: z.union([endpoint, z.array(endpoint).min(1)]).optional(),
  /** Prefix of the path. */
  path: z.string().optional(),
  /** Id or name of the project asked for. */
  project: z.string().optional(),
  /** The session asked for by its id, or several. */
  session: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  /** Only requests with (true) or without (false) a page token. */
  token: z.boolean().optional(),
  /** Only the page of this number, counted from 1 along the tokens. */
  page: z.int().min(1).optional(),
  /** Only the page of a list that shows this session now. */
  shows: z.string().optional(),
  /** Leaves this many of the first matching requests alone. */
  after: z.int().min(0).default(0),
  /** Of the others, affects only every n-th. */
  every: z.int().min(1).default(1),
  /** Applies at most this many times; null: without end. */
  times: z.int().min(1).nullable().default(null),
  probability: z.number().min(0).max(1).default(1),
});
export type Match = z.output<typeof Match>;

/** Whether the request matches; counts and probability are not looked at here. */
export function matches(match: Match, call: Call, world: World): boolean {
  const { path, project, token, page, shows } = match;
  if (!isOneOf(match.endpoint, call.endpoint) || !isOneOf(match.session, call.sessionId)) return false;
  if (path !== undefined && !call.path.startsWith(path)) return false;
  if (token !== undefined && token !== (call.pageToken !== null)) return false;
  if (project !== undefined && !isProject(project, call.projectId, world)) return false;
  if (page !== undefined && (call.sessionId !== null || page !== pageNumber(call.pageToken))) return false;
  return shows === undefined || showsSession(shows, call, world);
}

function isOneOf(wanted: string | readonly string[] | undefined, value: string | null): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === 'string' ? wanted === value : value !== null && wanted.includes(value);
}

function isProject(wanted: string, id: string | null, world: World): boolean {
  return id !== null && (wanted === id || world.projects.visible(id)?.name === wanted);
}

function showsSession(id: string, call: Call, world: World): boolean {
  const projectId = world.findSession(id)?.projectId;
  if (call.endpoint !== 'list' || projectId === undefined || (call.projectId ?? projectId) !== projectId) return false;
  try {
    const after = placeOf(call.query, listNameOf(call), world);
    return world.page(projectId, after, pageSizeOf(call.query, world)).items.some((version) => version.id === id);
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
