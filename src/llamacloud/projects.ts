/** Discovery: the projects that the account's key can see. */
import type { Logger } from '../domain/logger.ts';
import type { Project } from '../domain/project.ts';
import type { Discovery } from '../domain/source.ts';
import type { Micros } from '../domain/time.ts';
import { jsonSink, PAGE_LIMIT, UnreadableBody } from './body.ts';
import type { Client } from './client.ts';
import { ProjectItem, ProjectList } from './schema.ts';
import { parseTimestamp } from './timestamp.ts';

/** What was wrong with the entries of a list. */
type Flaws = { dropped: number; undated: number };

export type Discover = (signal: AbortSignal) => Promise<Discovery>;

/** Discovers by list, or by id where the settings name one project. */
export function createDiscovery(
  client: Client,
  scope: { readonly organizationId: string | null; readonly projectId: string | null },
  warn: (flaws: Readonly<Flaws>) => void,
): Discover {
  const query = scope.organizationId === null ? '' : `?organization_id=${encodeURIComponent(scope.organizationId)}`;
  const isSingle = scope.projectId !== null;
  const path = isSingle
    ? `/api/v1/projects/${encodeURIComponent(scope.projectId)}${query}`
    : `/api/v1/projects${query}`;
  return (signal) =>
    client.get(
      {
        endpoint: isSingle ? 'project' : 'projects',
        path,
        turn: { priority: 'discovery', project: '' },
        deadline: null,
        read: (headers, { serverTime }) =>
          jsonSink(headers, PAGE_LIMIT, (json) => readProjects(isSingle ? [json] : json, serverTime, warn)),
      },
      signal,
    );
}

/** One bad entry does not hide the others: it is dropped. @throws UnreadableBody where there is no list, or nothing good in it. */
function readProjects(json: unknown, serverTime: Micros, warn: (flaws: Readonly<Flaws>) => void): Discovery {
  const list = ProjectList.safeParse(json);
  if (!list.success) throw new UnreadableBody('its body is no list of projects');
  const flaws: Flaws = { dropped: 0, undated: 0 };
  const projects = new Map<string, Project>();
  for (const item of list.data) {
    const project = readProject(item, flaws);
    if (project !== null && !projects.has(project.id)) projects.set(project.id, project);
  }
  if (projects.size === 0 && flaws.dropped > 0) throw new UnreadableBody('no project in its body is well-formed');
  warn(flaws);
  return { projects: [...projects.values()], unreadable: [], serverTime };
}

/** A creation time that cannot be read is as good as none: the project counts from when it was first seen. */
function readProject(item: unknown, flaws: Flaws): Project | null {
  const parsed = ProjectItem.safeParse(item);
  if (!parsed.success) {
    flaws.dropped += 1;
    return null;
  }
  const { id, name, organization_id, is_default, created_at } = parsed.data;
  const createdAt = created_at ? parseTimestamp(created_at) : null;
  if (created_at && createdAt === null) flaws.undated += 1;
  return { id, name: name.toWellFormed(), organizationId: organization_id, isDefault: is_default ?? false, createdAt };
}

/** Warns of flawed lists once, not at every discovery: again only when the flaws have changed. */
export function warnOnce(logger: Logger, account: string): (flaws: Readonly<Flaws>) => void {
  let known = '';
  return (flaws) => {
    const seen = `${flaws.dropped} ${flaws.undated}`;
    const isNews = seen !== known && flaws.dropped + flaws.undated > 0;
    known = seen;
    if (isNews) logger.warn('The list of projects holds malformed entries', { account, ...flaws });
  };
}
