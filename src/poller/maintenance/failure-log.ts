/** What fails and lasts is logged once, not at every poll; what a person must act on is an error, and said again every hour. */
import { type ExporterError, type PollErrorCode, pollErrorCode } from '../../domain/errors.ts';
import type { Fields, Logger } from '../../domain/logger.ts';
import type { Clock } from '../../domain/time.ts';

/** What can fail again and again. */
export type Work =
  | 'Poll'
  | 'Discovery'
  | 'Reading histories'
  | 'Publication'
  | 'Maintenance of the state'
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

/** They do not pass by themselves: the key, its rights, a setting, the disk. */
const NEEDS_ACTION: ReadonlySet<string> = new Set(['unauthorized', 'forbidden', 'rejected', 'state']);
/** Of histories only these: one that is refused among healthy ones harms nothing else, and is given up after a day. */
const NEEDS_ACTION_FOR_HISTORIES: ReadonlySet<string> = new Set(['unauthorized', 'state']);
/** A project that was deleted is not found either, and leaves by itself soon: this one needs action once it has lasted. */
const NEEDS_ACTION_LATER: ReadonlySet<string> = new Set([...NEEDS_ACTION, 'not_found']);

/** What needs action is said again after this long, milliseconds. */
export const SAID_AGAIN_AFTER = 3_600_000;

/** A failure of theirs of which nothing was heard for this long has passed, though nobody said so. Milliseconds: longer than any retry waits. */
const FORGOTTEN_AFTER = 7_200_000;

/** A failure that comes and goes is logged again only after this long, milliseconds. */
const QUIET = 600_000;

/** Failures of one account for one reason that are logged; where more projects have it, the last line says so. */
const MOST_SAID = 10;

/** Sessions and projects kept for one failure: enough to tell when it is over. */
const MOST_KEPT = 1000;

export class FailureLog {
  readonly #logger: Logger;
  readonly #clock: Clock;
  /** Lasting failures by subject (`account/code`, `project/code` or `work/code`), with those that have them. */
  readonly #open = new Map<string, Set<string>>();
  /** Those of them that were logged, and when. Times are `Clock.elapsed`: a wall clock that is set back must silence nothing. */
  readonly #said = new Map<string, number>();
  /** When each failed last. */
  readonly #heard = new Map<string, number>();
  /** When each was logged last, though it was over meanwhile. */
  readonly #logged = new Map<string, number>();

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
  }

  /** Reports that `what` failed for `who` (a project id, a session, or the work itself where it is about neither). */
  failed(what: Work, account: string, who: string, error: ExporterError, fields: Fields): void {
    const code = pollErrorCode(error);
    const key = `${account}/${subjectOf(what, who, code)}/${code}`;
    const affected = this.#lasting(key, what) ?? new Set();
    if (affected.size < MOST_KEPT) affected.add(who);
    this.#open.set(key, affected);
    const details = { account, reason: code, error: error.message, fix: error.fix, ...fields };
    const saidAt = this.#said.get(key);
    const isAgain = saidAt !== undefined;
    if (isAgain ? !this.#isDueAgain(what, code, saidAt) : !this.#isDue(what, account, key, code)) {
      return this.#logger.debug(`${what} failed`, details);
    }
    this.#said.set(key, this.#clock.elapsed());
    this.#logged.set(causeOf(account, key, code), this.#clock.elapsed());
    this.#say(what, code, isAgain, this.#isLast(account, code) ? { ...details, ...OTHERS } : details);
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

  /** `who` is tried no more: its failures must not keep those of others from being logged. */
  gone(who: string): void {
    for (const [key, affected] of this.#open) {
      if (affected.delete(who) && affected.size === 0) this.#close(key);
    }
    for (const times of [this.#heard, this.#logged]) {
      for (const key of times.keys()) if (key.includes(`/${who}/`)) times.delete(key);
    }
  }

  #say(what: Work, code: PollErrorCode, isAgain: boolean, details: Fields): void {
    if (needsAction(what, code, isAgain)) {
      this.#logger.error(`${what} failed; this is logged every hour until it succeeds again`, details);
    } else this.#logger.warn(`${what} failed; this is logged once, until it succeeds again`, details);
  }

  #lasting(key: string, what: Work): Set<string> | undefined {
    const now = this.#clock.elapsed();
    if (TOGETHER.has(what) && now - (this.#heard.get(key) ?? now) > FORGOTTEN_AFTER) this.#close(key);
    this.#heard.set(key, now);
    return this.#open.get(key);
  }

  /** True where the failure that is over was logged. */
  #close(key: string): boolean {
    this.#open.delete(key);
    return this.#said.delete(key);
  }

  #isDueAgain(what: Work, code: PollErrorCode, saidAt: number): boolean {
    return needsAction(what, code, true) && this.#clock.elapsed() - saidAt >= SAID_AGAIN_AFTER;
  }

  #isDue(what: Work, account: string, key: string, code: PollErrorCode): boolean {
    const cause = causeOf(account, key, code);
    if (TOGETHER.has(what) && this.#said.has(cause)) return false;
    const last = this.#logged.get(cause);
    if (last !== undefined && this.#clock.elapsed() - last < QUIET) return false;
    return this.#saidOf(account, code) < MOST_SAID;
  }

  #isLast(account: string, code: PollErrorCode): boolean {
    return this.#saidOf(account, code) === MOST_SAID;
  }

  #saidOf(account: string, code: PollErrorCode): number {
    let said = 0;
    for (const key of this.#said.keys()) if (key.startsWith(`${account}/`) && key.endsWith(`/${code}`)) said += 1;
    return said;
  }
}

const OTHERS = { others: 'more projects may fail for this reason: the status page has them all' };

/** `isOld`: it has lasted for an hour. */
function needsAction(what: Work, code: PollErrorCode, isOld: boolean): boolean {
  if (TOGETHER.has(what)) return NEEDS_ACTION_FOR_HISTORIES.has(code);
  return (isOld ? NEEDS_ACTION_LATER : NEEDS_ACTION).has(code);
}

function causeOf(account: string, key: string, code: PollErrorCode): string {
  return ONE_CAUSE.has(code) ? `${account}//${code}` : key;
}

function subjectOf(what: Work, who: string, code: PollErrorCode): string {
  if (code === 'state') return '';
  if (TOGETHER.has(what)) return what;
  return SHARED.has(code) ? '' : who;
}
