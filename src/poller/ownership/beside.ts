/** What a process beside others makes of them: why it cannot have all projects, and what a discovery has changed. Pure. */
import { ExporterError } from '../../domain/errors.ts';
import type { StoredProject } from '../../domain/store.ts';

/** Why a single round cannot be had. `names`: of the others, as far as they are known. */
export function besideOthers(names: readonly string[]): ExporterError {
  const who =
    names.length === 0 ? 'Another process has the projects' : `Other exporters poll them: ${names.join(', ')}`;
  return new ExporterError(
    'startup',
    `A single round needs all projects for itself. ${who}.`,
    'Read /metrics of one of them, or stop them first.',
  );
}

/** The projects with those that were stored since in place of what was known of them; who left is gone. */
export function withChanges(
  projects: readonly StoredProject[],
  stored: readonly StoredProject[],
): readonly StoredProject[] {
  const byKey = new Map(projects.map((project) => [project.key, project]));
  for (const project of stored) {
    if (project.leftAt === null) byKey.set(project.key, project);
    else byKey.delete(project.key);
  }
  return [...byKey.values()];
}
