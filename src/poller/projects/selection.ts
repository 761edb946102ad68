/** Warns of a selection that matches none of an account's projects. */
import { ExporterError } from '../../domain/errors.ts';
import type { Project } from '../../domain/project.ts';
import type { Discovery } from '../../domain/source.ts';
import type { Deps } from '../context.ts';
import { SAID_AGAIN_AFTER } from '../maintenance/failure-log.ts';

/** Projects named in the message. */
const MOST_NAMED = 5;
/** Characters of a name in it. */
const LONGEST_NAME = 60;

/** Checks each discovery of an account. */
export class SelectionWatch {
  readonly #account: string;
  readonly #deps: Pick<Deps, 'logger' | 'observer' | 'clock'>;
  /** When it was logged, on the monotonic clock; null: the selection matches. */
  #saidAt: number | null = null;

  constructor(account: string, deps: Pick<Deps, 'logger' | 'observer' | 'clock'>) {
    this.#account = account;
    this.#deps = deps;
  }

  /** What is wrong, as an error to be shown, not thrown; null: nothing. It is logged every hour, until the selection matches again. */
  check(discovery: Discovery, matching: readonly Project[]): ExporterError | null {
    const unmatched = nothingSelected(this.#account, discovery, matching);
    if (unmatched === null) this.#saidAt = null;
    else this.#say(unmatched);
    this.#deps.observer.selectionJudged(this.#account, unmatched);
    return unmatched;
  }

  #say({ message, fix }: ExporterError): void {
    const now = this.#deps.clock.elapsed();
    if (this.#saidAt !== null && now - this.#saidAt < SAID_AGAIN_AFTER) return;
    this.#saidAt = now;
    const fields = { account: this.#account, reason: message, fix };
    this.#deps.logger.error('No project of the account is selected', fields);
  }
}

/** Null where a project is selected, or the account shows none at all. */
function nothingSelected(
  account: string,
  { projects, unreadable }: Discovery,
  matching: readonly Project[],
): ExporterError | null {
  if (matching.length > 0 || projects.length === 0 || unreadable.length > 0) return null;
  const named = projects.slice(0, MOST_NAMED).map(({ name }) => `"${name.slice(0, LONGEST_NAME)}"`);
  const what = projects.length === 1 ? 'the only project' : `any of the ${projects.length} projects`;
  const more = projects.length > MOST_NAMED ? ` and ${projects.length - MOST_NAMED} more` : '';
  return new ExporterError(
    'config',
    `projects.include and projects.exclude of account ${account} do not select ${what} that its key can see`,
    `Change them: they are globs on names or ids, and the key sees ${named.join(', ')}${more}.`,
  );
}
