/** The list of a project's sessions: one scan at a time in the process, its lists kept for a polling interval. */

import type { PolledProject } from '../../domain/project.ts';
import type { Row } from '../../domain/row.ts';
import type { SessionList, SessionListAnswer, SessionListSource, SessionQuery } from '../../domain/session-list.ts';
import type { Clock } from '../../domain/time.ts';
import type { ProjectView } from '../../domain/view.ts';
import type { CostOf } from './found.ts';
import { scan } from './scan.ts';

/** Clients that may wait for one scan, the one that began it included. */
const MOST_CLIENTS = 20;
/** Lists that are kept, each of at most 100 sessions. */
const MOST_KEPT = 200;

/** What depends on the configuration. */
export type SessionListRules = {
  /** How long a list is kept, milliseconds. */
  readonly keptMs: number;
  /** Error classes in order of precedence. */
  readonly classes: readonly string[];
  /** How a run of the project is priced. */
  readonly costOf: (project: PolledProject) => CostOf;
};

/** What a list needs of a project as it is shown now. */
type Listed = Pick<ProjectView, 'project' | 'clockAhead'>;

/** Live rows of a project with a number of at least `from`, ascending, at most `limit`. */
export type ProjectRows = (projectId: string, from: number, limit: number) => Promise<readonly Row[]>;

type Kept = { readonly list: SessionList; readonly at: number };
type Found = ReadonlyMap<string, SessionList>;
type Running = { readonly keys: readonly string[]; readonly found: Promise<Found>; clients: number };

export class SessionLists implements SessionListSource {
  readonly #clock: Clock;
  readonly #viewOf: (id: string) => Listed | null;
  #rules: SessionListRules = { keptMs: 0, classes: [], costOf: () => () => null };
  #rows: ProjectRows = async () => [];
  /** Oldest first. */
  readonly #kept = new Map<string, Kept>();
  #running: Running | null = null;

  /** `viewOf`: the project as it is shown now; null: it is not. */
  constructor(clock: Clock, viewOf: (id: string) => Listed | null) {
    this.#clock = clock;
    this.#viewOf = viewOf;
  }

  /** Where the rows are, once the state is open. */
  setRows(rows: ProjectRows): void {
    this.#rows = rows;
  }

  /** At the start and after a reload: what was found under other rules is looked for again. */
  setRules(rules: SessionListRules): void {
    this.#rules = rules;
    this.#kept.clear();
  }

  classes(): readonly string[] {
    return this.#rules.classes;
  }

  async lists(projectId: string, queries: readonly SessionQuery[]): Promise<SessionListAnswer> {
    const view = this.#viewOf(projectId);
    if (view === null) return 'unknown';
    const keys = queries.map((query) => JSON.stringify([projectId, query]));
    const kept = pick(keys, (key) => this.#fresh(key));
    if (kept !== null) return kept;
    this.#running ??= this.#begin(view, queries, keys);
    const running = this.#running;
    const isShared = keys.every((key) => running.keys.includes(key));
    if (!isShared || running.clients >= MOST_CLIENTS) return 'busy';
    running.clients += 1;
    const found = await running.found;
    return pick(keys, (key) => found.get(key)) ?? 'busy';
  }

  #fresh(key: string): SessionList | undefined {
    const kept = this.#kept.get(key);
    const isFresh = kept !== undefined && this.#clock.elapsed() - kept.at < this.#rules.keptMs;
    return isFresh ? kept.list : undefined;
  }

  #begin(view: Listed, queries: readonly SessionQuery[], keys: readonly string[]): Running {
    const found = this.#scan(view, queries, keys).finally(() => {
      this.#running = null;
    });
    return { keys, found, clients: 0 };
  }

  async #scan(view: Listed, queries: readonly SessionQuery[], keys: readonly string[]): Promise<Found> {
    const { project, clockAhead } = view;
    const rules = this.#rules;
    const lists = await scan(queries, {
      slices: (from, limit) => this.#rows(project.id, from, limit),
      costOf: rules.costOf(project),
      // Sessions carry times of the server.
      now: this.#clock.now() - clockAhead,
    });
    const found = new Map(lists.map((list, i) => [keys[i] ?? '', list]));
    if (rules === this.#rules) this.#keep(found);
    return found;
  }

  #keep(found: Found): void {
    const at = this.#clock.elapsed();
    for (const [key, list] of found) {
      this.#kept.delete(key);
      this.#kept.set(key, { list, at });
      const [oldest] = this.#kept.keys();
      if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    }
  }
}

/** The list of each key; null unless every one is there. */
function pick(keys: readonly string[], get: (key: string) => SessionList | undefined): readonly SessionList[] | null {
  const lists = keys.map(get).filter((list) => list !== undefined);
  return lists.length === keys.length ? lists : null;
}
