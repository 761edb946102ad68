/** Discovery: the projects that the account's key can see. */
import type { Logger } from '../../domain/logger.ts';
import type { Project } from '../../domain/project.ts';
import type { Discovery } from '../../domain/source.ts';
import type { Micros } from '../../domain/time.ts';
import type { Client } from '../client.ts';
import type { Reading } from '../time/server-clock.ts';
import { parseTimestamp } from '../time/timestamp.ts';
import { jsonSink, PAGE_LIMIT, UnreadableBody } from '../transport/body.ts';
import { namedProjectError } from '../transport/failure.ts';
import { IdentifiedProject, ProjectItem, ProjectList } from './schema.ts';

/** What was wrong with the entries of a list: of `dropped` not even the id could be read. */
export type Flaws = { dropped: number; unreadable: number; undated: number };

/** An answer of discovery; `reading`: what it says of server time. */
export type Discovered = { readonly discovery: Discovery; readonly reading: Reading | null };

/** Which projects: a list, or by id where the settings name one. */
export type ProjectScope = { readonly organizationId: string | null; readonly projectId: string | null };

/** Asks once for the projects. `warn` hears of every answer's flaws. Rejects as the client does. */
export function askForProjects(
  client: Client,
  scope: ProjectScope,
  warn: (flaws: Readonly<Flaws>) => void,
): (signal: AbortSignal) => Promise<Discovered> {
  const query = scope.organizationId === null ? '' : `?organization_id=${encodeURIComponent(scope.organizationId)}`;
  const isSingle = scope.projectId !== null;
  const path = isSingle
    ? `/api/v1/projects/${encodeURIComponent(scope.projectId)}${query}`
    : `/api/v1/projects${query}`;
  return (signal) => {
    const answer = client.get(
      {
        endpoint: isSingle ? 'project' : 'projects',
        path,
        turn: { priority: 'discovery', project: '' },
        deadline: null,
        isExplained: true,
        read: (headers, { serverTime, reading }) =>
          jsonSink(headers, PAGE_LIMIT, (json) => {
            const { discovery, flaws } = readProjects(isSingle ? [json] : json, serverTime);
            warn(flaws);
            return { discovery, reading };
          }),
      },
      signal,
    );
    return isSingle ? answer.catch((error: unknown) => Promise.reject(namedProjectError(error))) : answer;
  };
}

/** One bad entry does not hide the others. @throws UnreadableBody where there is no list, or nothing in it that can be read. */
function readProjects(json: unknown, serverTime: Micros): { discovery: Discovery; flaws: Flaws } {
  const list = ProjectList.safeParse(json);
  if (!list.success) throw new UnreadableBody('its body is not a list of projects');
  const flaws: Flaws = { dropped: 0, unreadable: 0, undated: 0 };
  const projects = new Map<string, Project>();
  const malformed = new Set<string>();
  for (const item of list.data) {
    const project = readProject(item, flaws);
    if (project === null) noteMalformed(item, malformed, flaws);
    else if (!projects.has(project.id)) projects.set(project.id, project);
  }
  const unreadable = [...malformed].filter((id) => !projects.has(id));
  flaws.unreadable = unreadable.length;
  if (projects.size === 0 && unreadable.length === 0 && flaws.dropped > 0) {
    throw new UnreadableBody('no project in its body is well-formed');
  }
  return { discovery: { projects: [...projects.values()], unreadable, serverTime }, flaws };
}

/** A creation time that cannot be read is as good as none: the project counts from when it was first seen. */
function readProject(item: unknown, flaws: Flaws): Project | null {
  const parsed = ProjectItem.safeParse(item);
  if (!parsed.success) return null;
  const { id, name, organization_id, is_default, created_at } = parsed.data;
  const createdAt = created_at ? parseTimestamp(created_at) : null;
  if (created_at && createdAt === null) flaws.undated += 1;
  return { id, name: name.toWellFormed(), organizationId: organization_id, isDefault: is_default ?? false, createdAt };
}

function noteMalformed(item: unknown, malformed: Set<string>, flaws: Flaws): void {
  const { data } = IdentifiedProject.safeParse(item);
  if (data === undefined) flaws.dropped += 1;
  else malformed.add(data.id);
}

/** Warns of flawed lists once, not at every discovery: again only when the flaws have changed. */
export function warnOnce(logger: Logger, account: string): (flaws: Readonly<Flaws>) => void {
  let known = '';
  return (flaws) => {
    const seen = `${flaws.dropped} ${flaws.unreadable} ${flaws.undated}`;
    const isNews = seen !== known && flaws.dropped + flaws.unreadable + flaws.undated > 0;
    known = seen;
    if (isNews) logger.warn('The list of projects contains malformed entries', { account, ...flaws });
  };
}
