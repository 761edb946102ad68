/** Recent problems: a bounded list in which repetitions are one entry, resolved when what failed works again. */
import { type ExporterError, pollErrorCode } from '../domain/errors.ts';
import type { Problem } from '../domain/status.ts';
import { DAY, type Micros } from '../domain/time.ts';

/** Most problems kept; beyond it resolved ones go first, then the ones that were not repeated for longest. */
const MOST = 200;
/** A resolved problem is still shown for this long, so that what went wrong at night is seen in the morning. */
const SHOWN_AFTER: Micros = DAY;
/** Longest message or fix that is kept, characters. */
const LONGEST_TEXT = 500;

/** What of a subject failed: a success of the same lane heals it. */
export type Lane = 'head' | 'full' | 'any';

/** Who has a problem: an account by name, a project by id; empty for the state and the configuration. */
export type Subject = { readonly scope: Problem['scope']; readonly subject: string };

type Entry = {
  readonly about: Subject;
  readonly code: Problem['code'];
  readonly message: string;
  readonly fix: string;
  readonly firstAt: Micros;
  readonly lastAt: Micros;
  readonly count: number;
  /** The lanes in which it still lasts; none: resolved. */
  readonly lanes: ReadonlySet<Lane>;
};

export class ProblemLog {
  /** In the order of their last occurrence, oldest first. */
  readonly #entries = new Map<string, Entry>();

  /** Notes a failure. Successive failures of one subject with one code are one problem with a count. */
  report(about: Subject, lane: Lane, error: ExporterError, at: Micros): void {
    const code = error.code === 'config' ? 'config' : pollErrorCode(error);
    const key = [about.scope, about.subject, code].join('\n');
    const known = this.#entries.get(key);
    const open = known !== undefined && known.lanes.size > 0 ? known : null;
    this.#entries.delete(key);
    this.#entries.set(key, {
      about,
      code,
      message: clip(error.message),
      fix: clip(error.fix),
      firstAt: open?.firstAt ?? at,
      lastAt: at,
      count: (open?.count ?? 0) + 1,
      lanes: new Set([...(open?.lanes ?? []), lane]),
    });
    if (this.#entries.size > MOST) this.#forgetOne();
  }

  /** What failed in `lane` works again; `any`: all of the subject's problems are over. */
  resolve(about: Subject, lane: Lane): void {
    this.#each(about, (key, entry) => {
      const lanes = new Set(lane === 'any' ? [] : entry.lanes);
      lanes.delete(lane);
      if (lanes.size < entry.lanes.size) this.#entries.set(key, { ...entry, lanes });
    });
  }

  /** The subject is gone, and its problems with it. */
  drop(about: Subject): void {
    this.#each(about, (key) => this.#entries.delete(key));
  }

  /** When an open problem of the subject occurred last; null: it has none. */
  lastOpen(about: Subject): Micros | null {
    let last: Micros | null = null;
    this.#each(about, (_, entry) => {
      if (entry.lanes.size > 0) last = Math.max(last ?? 0, entry.lastAt);
    });
    return last;
  }

  /** Open problems first, the latest first among them; resolved ones of the last day after them. */
  list(now: Micros): readonly Problem[] {
    for (const [key, entry] of this.#entries) {
      if (entry.lanes.size === 0 && entry.lastAt < now - SHOWN_AFTER) this.#entries.delete(key);
    }
    const latestFirst = [...this.#entries.values()].reverse();
    const open = latestFirst.filter((entry) => entry.lanes.size > 0);
    const over = latestFirst.filter((entry) => entry.lanes.size === 0);
    return [...open, ...over].map(toProblem);
  }

  #each(about: Subject, act: (key: string, entry: Entry) => void): void {
    for (const [key, entry] of this.#entries) {
      if (entry.about.scope === about.scope && entry.about.subject === about.subject) act(key, entry);
    }
  }

  #forgetOne(): void {
    const keys = [...this.#entries];
    const key = (keys.find(([, entry]) => entry.lanes.size === 0) ?? keys[0])?.[0];
    if (key !== undefined) this.#entries.delete(key);
  }
}

/** An instant as ISO 8601 UTC. */
export function iso(at: Micros): string {
  return new Date(at / 1000).toISOString();
}

function toProblem(entry: Entry): Problem {
  return {
    ...entry.about,
    code: entry.code,
    message: entry.message,
    fix: entry.fix,
    firstAt: iso(entry.firstAt),
    lastAt: iso(entry.lastAt),
    count: entry.count,
    resolved: entry.lanes.size === 0,
  };
}

function clip(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}...` : text;
}
