/** Globs over project names and ids, and over names of metrics. */
import picomatch from 'picomatch';

import type { Project } from '../../domain/project.ts';
import type { FamilyGlob } from '../../domain/rules.ts';

export type ProjectMatcher = (project: Pick<Project, 'id' | 'name'>) => boolean;

/** A name may be 10 kB long and the matcher backtracks: what is looked at is this many characters. */
const LOOKED_AT = 256;
const MOST_STARS = 4;

/** `bash`: a star also crosses slashes, for a project's name is no path. `s`: it crosses line ends. */
const OPTIONS = { bash: true, dot: true, noextglob: true, nonegate: true, flags: 's' } as const;

export const GLOB_WANTED = `a glob of 1 to 256 characters with at most ${MOST_STARS} stars, like "prod-*"; leave out by "exclude", not by "!"`;

/** True for a glob that we take. */
export function isGlob(text: string): boolean {
  if (text === '' || text.length > LOOKED_AT || text.startsWith('!')) return false;
  if (text.replaceAll(/\*+/g, '*').split('*').length - 1 > MOST_STARS) return false;
  try {
    picomatch(text, OPTIONS);
    return true;
  } catch {
    return false;
  }
}

/** Matches a project whose name or id any of the globs matches. */
export function anyGlob(globs: readonly string[]): ProjectMatcher {
  const matchers = globs.map((glob) => picomatch(glob, OPTIONS));
  return ({ id, name }) => matchers.some((matches) => matches(name.slice(0, LOOKED_AT)) || matches(id));
}

/** It gives every other series of a project its account and team, so it is never left out. */
const ALWAYS_SHOWN = 'llamacloud_project_info';

export const FAMILY_WANTED = `a glob on names of metrics, like "llamacloud_chat_run_*_tokens"; ${ALWAYS_SHOWN} always stays`;

/** True for a glob on names of metrics that we take. */
export function isFamilyGlob(text: string): boolean {
  return text !== ALWAYS_SHOWN && isGlob(text);
}

/** Matches the names of the metrics that are left out. */
export function familyGlob(glob: string): FamilyGlob {
  const matches = picomatch(glob, OPTIONS);
  return { glob, matches: (family) => family !== ALWAYS_SHOWN && matches(family) };
}
