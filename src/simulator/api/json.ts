/** The JSON texts of sessions, projects and pages. */
import { isoMicros } from '../world/clock.ts';
import type { Project } from '../world/projects.ts';
import type { Version } from '../world/types.ts';

/** The JSON text of a session in a list or a summary. */
export function sessionText(version: Version): string {
  return version.session.wire ?? JSON.stringify(summaryOf(version));
}

/** The fields that a list, a summary and a full session share. The title comes with the first message, thus with the first run. */
export function summaryOf(version: Version): Record<string, unknown> {
  const { session } = version;
  const begun = version.finished > 0 || version.running !== null;
  return {
    session_id: session.id,
    generated_title: begun ? session.title : null,
    last_updated_at: isoMicros(version.updatedAt),
    index_ids: session.indexIds,
    job_metadata: version.metadata,
  };
}

/** The JSON text of a project. */
export function projectText(project: Project): string {
  return (
    project.wire ??
    JSON.stringify({
      id: project.id,
      name: project.name,
      organization_id: project.organizationId,
      is_default: project.isDefault,
      created_at: `${isoMicros(project.createdAt)}Z`,
      updated_at: `${isoMicros(project.updatedAt)}Z`,
    })
  );
}

/** The JSON text of a page. On the last page the token is null, or left out if `ends` is `absent`. */
export function pageText(items: readonly string[], token: string | null, ends: 'null' | 'absent', more = ''): string {
  const tail = token === null && ends === 'absent' ? '' : `,"next_page_token":${JSON.stringify(token)}`;
  return `{"items":[${items.join(',')}]${tail}${more}}`;
}
