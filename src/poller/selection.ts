/** A selection that matches none of an account's projects: no failure, but hardly what was meant. Pure. */
import { ExporterError } from '../domain/errors.ts';
import type { Project } from '../domain/project.ts';
import type { Discovery } from '../domain/source.ts';

/** Projects named in the message. */
const MOST_NAMED = 5;
/** Characters of a name in it. */
const LONGEST_NAME = 60;

/** Null where a project is selected, or the account shows none at all. Otherwise an error of code `config`, to be shown, not thrown. */
export function nothingSelected(
  account: string,
  { projects, unreadable }: Discovery,
  matching: readonly Project[],
): ExporterError | null {
  if (matching.length > 0 || projects.length === 0 || unreadable.length > 0) return null;
  const named = projects.slice(0, MOST_NAMED).map(({ name }) => `"${name.slice(0, LONGEST_NAME)}"`);
  const more = projects.length > MOST_NAMED ? ` and ${projects.length - MOST_NAMED} more` : '';
  return new ExporterError(
    'config',
    `projects.include and projects.exclude of account ${account} select none of the ${projects.length} projects that its key can see`,
    `Change them: they are globs on names or ids, and the key sees ${named.join(', ')}${more}.`,
  );
}
