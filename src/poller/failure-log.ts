/** One WARN per failure that lasts, not one per poll: remembers what was logged, and logs when it is over. */
import { type ExporterError, type PollErrorCode, pollErrorCode } from '../domain/errors.ts';
import type { Fields, Logger } from '../domain/logger.ts';
import type { Clock } from '../domain/time.ts';

/** What can fail again and again. */
export type Work =
  | 'Poll'
  | 'Discovery'
  | 'Reading histories'
  | 'Publication'
  | 'Upkeep of the state'
  | 'Sharing the projects';

/** Failures of the whole account: one of its projects speaks for all. */
const SHARED: ReadonlySet<string> = new Set([
  'unauthorized',
  'rate_limited',
  'timeout',
  'connection',
  'server_error',
  'state',
]);

/** Of these it does not matter which one fails: a reason is said once for all of them. */
const TOGETHER: ReadonlySet<Work> = new Set(['Reading histories']);

/** Where polls and histories fail with one of these it is for the same cause: the key, or the network. */
const ONE_CAUSE: ReadonlySet<string> = new Set(['unauthorized', 'connection']);

/** A failure of theirs of which nothing was heard for this long has passed, though nobody said so. Milliseconds: longer than any retry waits. */
const FORGOTTEN_AFTER = 7_200_000;

/** A failure that comes and goes is logged at WARN again only after this long, milliseconds. */
const QUIET = 600_000;

export class FailureLog {
  readonly #logger: Logger;
  readonly #clock: Clock;
  /** Lasting failures by subject (`account/code`, `project/code` or `work/code`), with those that have them. */
  readonly #open = new Map<string, Set<string>>();
  /** Those of them that were logged at WARN. */
  readonly #said = new Set<string>();
  /** `Clock.elapsed` of the last failure by subject. */
  readonly #heard = new Map<string, number>();
  /** `Clock.elapsed` of the last WARN by subject: a wall clock that is set back must not silence the next one. */
  readonly #warned = new Map<string, number>();

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
  }

  /** Reports that `what` failed for `who` (a project id, a session, or the work itself where it is about neither). */
  failed(what: Work, account: string, who: string, error: ExporterError, fields: Fields): void {
    const code = pollErrorCode(error);
    const key = `${account}/${subjectOf(what, who, code)}/${code}`;
    const known = this.#lasting(key, what);
    this.#open.set(key, (known ?? new Set()).add(who));
    const details = { account, reason: code, error: error.message, cure: error.cure, ...fields };
    const cause = ONE_CAUSE.has(code) ? `${account}//${code}` : key;
    const isSaid = this.#said.has(key) || (TOGETHER.has(what) && this.#said.has(cause));
    if (isSaid || !this.#mayWarn(cause)) return this.#logger.debug(`${what} failed`, details);
    this.#said.add(key);
    this.#logger.warn(`${what} failed; this is said once, until it succeeds again`, details);
  }

  /** Reports a success of `who`: ends its failures. */
  succeeded(account: string, who: string): void {
    for (const [key, affected] of this.#open) {
      if (!key.startsWith(`${account}/`) || !affected.delete(who) || affected.size > 0) continue;
      const fields = { account, reason: key.slice(key.lastIndexOf('/') + 1) };
      if (this.#close(key)) this.#logger.info('Recovered', fields);
      else this.#logger.debug('Recovered', fields);
    }
  }

  /** `who` is polled no more: its failures must not keep those of others from being logged. */
  gone(who: string): void {
    for (const [key, affected] of this.#open) {
      if (affected.delete(who) && affected.size === 0) this.#close(key);
    }
  }

  #lasting(key: string, what: Work): Set<string> | undefined {
    const now = this.#clock.elapsed();
    if (TOGETHER.has(what) && now - (this.#heard.get(key) ?? now) > FORGOTTEN_AFTER) this.#close(key);
    this.#heard.set(key, now);
    return this.#open.get(key);
  }

  /** True where the failure that is over was logged at WARN. */
  #close(key: string): boolean {
    this.#open.delete(key);
    return this.#said.delete(key);
  }

  #mayWarn(key: string): boolean {
    const now = this.#clock.elapsed();
    const last = this.#warned.get(key);
    if (last !== undefined && now - last < QUIET) return false;
    this.#warned.set(key, now);
    return true;
  }
}

function subjectOf(what: Work, who: string, code: PollErrorCode): string {
  if (code === 'state') return '';
  if (TOGETHER.has(what)) return what;
  return SHARED.has(code) ? '' : who;
}
