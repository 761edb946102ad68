/** What the exporter may and must have counted of each project, from the world's truth alone: it shares no code with the accounting. */
import type { Row } from '../../src/domain/row.ts';
import { projectTruth } from '../../src/simulator/world/truth.ts';
import type { FinishedRun, Session } from '../../src/simulator/world/types.ts';
import type { World } from '../../src/simulator/world/world.ts';
import type { OddHistory } from './faults.ts';
import { type Before, Knowledge, tokensOf } from './knowledge.ts';

/** Runs and input tokens. */
export type Sum = { readonly runs: number; readonly tokens: number };

/** What the exporter says of a project. */
export type Said = {
  /** Its number in the state: another one means that it was forgotten, and is new. */
  readonly key: number;
  readonly epoch: number;
  readonly wholeSweeps: number;
  readonly unreconciled: number;
  /** Histories given up so far. */
  readonly givenUp: number;
};

type Project = {
  readonly key: number;
  low: number;
  high: number;
  wholeSweeps: number;
  /** Sessions that were deleted with a history still to be read: each counts as unreconciled. */
  deletedUnverified: number;
  /** Sessions that existed when the project was forgotten may all be counted again. */
  readonly sessions: Map<string, Knowledge>;
  /** Its histories were not read for a while: runs that the list hid then are lost. */
  hadLastRun: boolean;
};

export class Oracle {
  readonly #world: World;
  readonly #projects = new Map<string, Project>();
  readonly #harms = new Map<string, OddHistory['harm']>();
  /** Stops do not tell the tokens of their runs, or not at once. */
  readonly #hidesTokens: boolean;

  constructor(world: World, hidesTokens: boolean) {
    this.#world = world;
    this.#hidesTokens = hidesTokens;
  }

  /** After each step, for each project that is polled. True when the project is new to the exporter. */
  observe(projectId: string, said: Said, rows: { get(id: string): Row | undefined }, everyRun: boolean): boolean {
    const known = this.#projects.get(projectId);
    const isNew = known?.key !== said.key;
    const project = isNew ? begin(said) : known;
    this.#projects.set(projectId, project);
    project.low = Math.min(project.low, said.epoch);
    project.high = Math.max(project.high, said.epoch);
    project.hadLastRun ||= !everyRun;
    const before: Before = { now: this.#world.clock.now(), epoch: project, isKnown: project.wholeSweeps >= 2 };
    for (const session of this.#sessions(projectId)) {
      const knowledge = this.#knowledge(project, session);
      if (knowledge.observe(rows.get(session.id), before)) project.deletedUnverified += 1;
    }
    project.wholeSweeps = said.wholeSweeps;
    return isNew;
  }

  /** A session began. */
  began(session: Session): void {
    const project = this.#projects.get(session.projectId);
    if (project === undefined) return;
    project.sessions.set(session.id, new Knowledge(session, project.wholeSweeps >= 2));
  }

  touched(session: Session): void {
    this.#known(session)?.touched();
  }

  /** Its history is not to be trusted from now on. */
  harmed(session: Session, harm: OddHistory['harm']): void {
    this.#harms.set(session.id, harm);
    this.#known(session)?.harmed(harm);
  }

  /** It may be shown older than it is; or it was shown malformed, so that it may be old when it is seen. */
  mayLag(session: Session): void {
    const knowledge = this.#known(session);
    if (knowledge !== undefined) knowledge.mayLag = true;
  }

  /** A complete sweep of these sessions succeeded, and nothing in it was altered. */
  swept(sessions: readonly Session[]): void {
    for (const session of sessions) this.#known(session)?.swept();
  }

  most(projectId: string): Sum {
    const project = this.#projects.get(projectId);
    if (project === undefined) return { runs: 0, tokens: 0 };
    const bounds = [...project.sessions.values()].map((known) => {
      const { runs } = known.session;
      const counting = known.most(project.low);
      const allowance = known.harm === 'twice' ? Math.max(known.allowance, runs.length) : known.allowance;
      const largest = Math.max(0, ...runs.map(tokensOf));
      const misplaced = known.harm === 'none' ? 0 : runs.length;
      return { runs: counting.length + allowance, tokens: sum(counting) + Math.max(allowance, misplaced) * largest };
    });
    return total(bounds);
  }

  /** What must be counted. The exporter says that it is exact until `exactUntil`: Infinity at rest, 0 if it says nothing. */
  least(projectId: string, said: Said, exactUntil: number): Sum {
    const project = this.#projects.get(projectId);
    if (project === undefined) return { runs: 0, tokens: 0 };
    const isExact = !project.hadLastRun && this.vague(projectId, said) === 0;
    const bounds = [...project.sessions.values()].map((known) => {
      const places = known.least(project.high, isExact ? exactUntil : 0);
      const isTold = isExact && exactUntil === Number.POSITIVE_INFINITY && !this.#hidesTokens;
      const tokens = places.map((at) => (isTold ? tokensOf(known.session.runs[at]) : (known.shown.get(at) ?? 0)));
      return { runs: places.length, tokens: tokens.reduce((a, b) => a + b, 0) };
    });
    return total(bounds);
  }

  /** Times that the exporter could not tell and took the smaller number, but for histories that it could not have. */
  vague(projectId: string, { unreconciled, givenUp }: Said): number {
    return unreconciled - givenUp - (this.#projects.get(projectId)?.deletedUnverified ?? 0);
  }

  /** Sessions that are listed now and that the exporter has not recorded. */
  missing(projectId: string): readonly string[] {
    const project = this.#projects.get(projectId);
    const live = this.#sessions(projectId).filter((session) => session.current !== null);
    return live.filter(({ id }) => project?.sessions.get(id)?.row === undefined).map(({ id }) => id);
  }

  /** Truth of what the gauges show once all is at rest. */
  gauges(projectId: string): ReturnType<typeof projectTruth> {
    return projectTruth(this.#world.projects.known(projectId));
  }

  #known(session: Session): Knowledge | undefined {
    const project = this.#projects.get(session.projectId);
    return project === undefined ? undefined : this.#knowledge(project, session);
  }

  #knowledge(project: Project, session: Session): Knowledge {
    const known = project.sessions.get(session.id);
    if (known !== undefined) return known;
    const made = new Knowledge(session, false);
    made.harmed(this.#harms.get(session.id) ?? 'none');
    project.sessions.set(session.id, made);
    return made;
  }

  #sessions(projectId: string): readonly Session[] {
    return this.#world.projects.known(projectId).sessions;
  }
}

function begin({ key, epoch, wholeSweeps }: Said): Project {
  const sessions = new Map<string, Knowledge>();
  return { key, low: epoch, high: epoch, wholeSweeps, deletedUnverified: 0, sessions, hadLastRun: false };
}

function sum(runs: readonly FinishedRun[]): number {
  return runs.reduce((tokens, run) => tokens + tokensOf(run), 0);
}

function total(sums: readonly Sum[]): Sum {
  return sums.reduce((a, b) => ({ runs: a.runs + b.runs, tokens: a.tokens + b.tokens }), { runs: 0, tokens: 0 });
}
