/** One WARN per trouble, not one per poll: remembers what was said and says when it is over. */
import { type ExporterError, pollErrorCode } from '../domain/errors.ts';
import type { Fields, Logger } from '../domain/logger.ts';
import { type Clock, MINUTE, type Micros } from '../domain/time.ts';

/** Troubles of the whole account: one of its projects speaks for all. */
const SHARED: ReadonlySet<string> = new Set([
  'unauthorized',
  'rate_limited',
  'timeout',
  'connection',
  'server_error',
  'state',
]);

/** A trouble that comes and goes is mentioned again only after this long. */
const QUIET: Micros = 10 * MINUTE;

/** What can fail again and again. */
export type Work = 'Poll' | 'Discovery' | 'Upkeep of the state';

export class FailureLog {
  readonly #logger: Logger;
  readonly #clock: Clock;
  /** Open troubles by subject (`account/code` or `project/code`), with the projects or discovery that have them. */
  readonly #open = new Map<string, Set<string>>();
  readonly #said = new Map<string, Micros>();

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
  }

  /** Reports that `what` failed for `who` (a project id, or the work itself where it is about no project). */
  failed(what: Work, account: string, who: string, error: ExporterError, fields: Fields): void {
    const code = pollErrorCode(error);
    const key = `${account}/${SHARED.has(code) ? '' : who}/${code}`;
    const known = this.#open.get(key);
    this.#open.set(key, (known ?? new Set()).add(who));
    const details = { account, reason: code, error: error.message, cure: error.cure, ...fields };
    if (known !== undefined || !this.#mayWarn(key)) this.#logger.debug(`${what} failed`, details);
    else this.#logger.warn(`${what} failed; this is said once, until it succeeds again`, details);
  }

  /** Reports a success of `who`: closes its troubles. */
  succeeded(account: string, who: string): void {
    for (const [key, sufferers] of this.#open) {
      if (!key.startsWith(`${account}/`) || !sufferers.delete(who) || sufferers.size > 0) continue;
      this.#open.delete(key);
      this.#logger.info('Recovered', { account, reason: key.slice(key.lastIndexOf('/') + 1) });
    }
  }

  /** `who` is polled no more: what it suffered from must not keep others from complaining. */
  gone(who: string): void {
    for (const [key, sufferers] of this.#open) {
      if (sufferers.delete(who) && sufferers.size === 0) this.#open.delete(key);
    }
  }

  #mayWarn(key: string): boolean {
    const now = this.#clock.now();
    const last = this.#said.get(key);
    if (last !== undefined && now - last < QUIET) return false;
    this.#said.set(key, now);
    return true;
  }
}
