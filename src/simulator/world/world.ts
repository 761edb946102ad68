/** The world: everything that the simulated service knows, and everything that can happen to it. Read this first in `world/`. */

import { drawOutcome } from '../workload/conversations.ts';
import { STEADY } from '../workload/profiles.ts';
import { drawTitle } from '../workload/texts.ts';
import type { WorldClock } from './clock.ts';
import { SystemClock } from './clock.ts';
import type { RunStyle, SessionDetails, WorldOptions } from './options.ts';
import type { Project, ProjectDetails } from './projects.ts';
import { Projects } from './projects.ts';
import { Random } from './random.ts';
import type {
  FinishedRun,
  Key,
  Metadata,
  Micros,
  Outcome,
  ProgressForm,
  Session,
  StampRule,
  Version,
  VersionPage,
} from './types.ts';
import { begun, ended, newSession, touched } from './versions.ts';

const FORMS: readonly ProgressForm[] = ['null', 'empty', 'previous', 'partial'];
const STAMPS: readonly StampRule[] = ['start', 'end', 'both'];

/** Makes an empty world. Session and project ids, titles and figures follow from the seed. */
export function createWorld(options: Pick<WorldOptions, 'seed'> & Partial<WorldOptions>): World {
  return new World({
    clock: new SystemClock(),
    order: 'newest',
    pageSizeMax: 100,
    pageSizeDefault: 20,
    tokenTtlMs: null,
    tokenErrorStatus: 400,
    progress: 'any',
    stamp: 'both',
    ...options,
  });
}

/**
 * Everything that the simulated service knows. All operations are synchronous and act at once; a change of a session
 * gets the clock's time, and at least a microsecond more than the session's last change, unless `at` is given or
 * `stampsForward` is off.
 */
export class World {
  readonly options: WorldOptions;
  readonly clock: WorldClock;
  readonly projects = new Projects();
  readonly random: Random;
  /** Whether every change of a session gets a newer time; if not, the clock's time, however old it is. */
  stampsForward = true;
  /** Whether the workload pauses; runs in progress stay in progress. */
  resting = false;
  /** When the workload started; null before. Only what ended since can have been observed by a reader. */
  livesSince: Micros | null = null;
  readonly #sessions = new Map<string, Session>();

  constructor(options: WorldOptions) {
    this.options = options;
    this.clock = options.clock;
    this.random = new Random(options.seed).fork('world');
  }

  addProject(details: Partial<ProjectDetails> & Pick<ProjectDetails, 'name'>): Project {
    const id = details.id ?? this.random.uuid();
    const first = this.projects.all()[0];
    const organizationId = details.organizationId ?? first?.organizationId ?? this.random.uuid();
    const own = { id, organizationId, isDefault: first === undefined, createdAt: this.clock.now() };
    return this.projects.add({ ...own, ...details }, this.options.order);
  }

  removeProject(projectId: string): void {
    this.projects.known(projectId).removed = true;
  }

  /** Brings a removed project back, sessions and all. */
  restoreProject(projectId: string): void {
    this.projects.known(projectId).removed = false;
  }

  renameProject(projectId: string, name: string): void {
    const project = this.projects.known(projectId);
    project.name = name;
    project.updatedAt = this.clock.now();
  }

  /** A session with all that happened in it before; without runs it was never run. */
  addSession(projectId: string, details: Partial<SessionDetails> = {}, runs: readonly FinishedRun[] = []): Session {
    const project = this.projects.known(projectId);
    const id = details.id ?? `ses-${this.random.hex(16)}`;
    if (this.#sessions.has(id)) throw new Error(`The world has a session ${id} already.`);
    const title = details.title === undefined ? drawTitle(this.random) : details.title;
    const at = details.at ?? runs[0]?.startedAt ?? this.clock.now();
    const session = newSession({ id, projectId, title, indexIds: details.indexIds ?? null, at }, runs);
    this.#sessions.set(id, session);
    project.sessions.push(session);
    project.replica.follow(session);
    return session;
  }

  /** Any session that ever was; throws for an id the world never had. */
  session(sessionId: string): Session {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) throw new Error(`The world has no session ${sessionId}.`);
    return session;
  }

  /** The session with an id, if there is one. */
  findSession(sessionId: string): Session | undefined {
    return this.#sessions.get(sessionId);
  }

  /** Figures of a run of the average profile, drawn at random. */
  outcome(): Outcome {
    return drawOutcome(this.random, STEADY);
  }

  startRun(sessionId: string, style: RunStyle = {}, at?: Micros): void {
    const { session, from } = this.#live(sessionId);
    if (session.running !== null) throw new Error(`Session ${sessionId} runs already.`);
    const startedAt = at ?? this.#stamp(from);
    const form = style.form ?? this.#choose(this.options.progress, FORMS);
    const stamp = style.stamp ?? this.#choose(this.options.stamp, STAMPS);
    session.running = { startedAt, form, stamp };
    this.#change(session, begun(session, from, session.running, startedAt));
  }

  finishRun(sessionId: string, outcome: Outcome, at?: Micros): FinishedRun {
    const { session, from } = this.#live(sessionId);
    const { running } = session;
    if (running === null) throw new Error(`Session ${sessionId} has no run to finish.`);
    const soonest = this.stampsForward ? running.startedAt + 1 : 0;
    const finishedAt = at ?? Math.max(this.#stamp(from), soonest);
    return this.#finish(
      session,
      from,
      { ...outcome, startedAt: running.startedAt, finishedAt },
      running.stamp !== 'start',
    );
  }

  /** A whole run in one change, as a reader that polls rarely sees it. */
  runOnce(sessionId: string, outcome: Outcome, at?: Micros): FinishedRun {
    const { session, from } = this.#live(sessionId);
    const finishedAt = at ?? this.#stamp(from);
    const startedAt = finishedAt - Math.round((outcome.figures.duration_ms ?? 0) * 1000);
    return this.#finish(session, from, { ...outcome, startedAt, finishedAt }, true);
  }

  /** Completes or corrects the last finished run: the same run, other figures; the time moves. */
  amendRun(sessionId: string, outcome: Outcome, at?: Micros): void {
    const { session, from } = this.#live(sessionId);
    const last = session.runs.pop();
    if (last === undefined) throw new Error(`Session ${sessionId} has no run to amend.`);
    session.runs.push({ ...last, ...outcome });
    this.#change(session, ended(session, from, at ?? this.#stamp(from)));
    session.stamps[session.runs.length - 1] = session.current?.updatedAt ?? last.finishedAt;
  }

  /** Updates the session without a run. */
  touch(sessionId: string, at?: Micros): void {
    const { session, from } = this.#live(sessionId);
    this.#change(session, touched(session, from, from.metadata, at ?? this.#stamp(from)));
  }

  /** Shows any `job_metadata` without a run, so that whatever a reader counts from it is wrong. */
  showMetadata(sessionId: string, metadata: Metadata | null, at?: Micros): void {
    const { session, from } = this.#live(sessionId);
    this.#change(session, touched(session, from, metadata, at ?? this.#stamp(from)));
  }

  /** Deletes the session; a run in progress in it never ends. */
  delete(sessionId: string): void {
    const { session } = this.#live(sessionId);
    session.running = null;
    this.#change(session, null);
  }

  /** Brings a deleted session back as it was, its old time included. */
  restore(sessionId: string): void {
    const session = this.session(sessionId);
    if (session.current !== null || session.previous === null) throw new Error(`Session ${sessionId} is not deleted.`);
    this.#change(session, { ...session.previous, running: null });
  }

  /** Replaces what the wire shows of the session by raw JSON text; null ends it. */
  setWire(sessionId: string, text: string | null): void {
    this.session(sessionId).wire = text;
  }

  /** For some milliseconds readers see the session as it was before its last change, in the list and by its id. */
  lagSession(sessionId: string, forMs: number): void {
    const session = this.session(sessionId);
    this.projects.known(session.projectId).replica.lag(session, this.clock.now() + forMs * 1000);
  }

  /** For some milliseconds readers see the project's list as it is now, whatever changes. */
  freezeList(projectId: string, forMs: number): void {
    this.projects.known(projectId).replica.freeze(this.clock.now() + forMs * 1000);
  }

  /** Ends every lag of the project at once. */
  catchUp(projectId: string): void {
    this.projects.known(projectId).replica.catchUp();
  }

  /** One page of a project's list, as readers see it. */
  page(projectId: string, after: Key | null, limit: number): VersionPage {
    const { replica } = this.projects.known(projectId);
    replica.expire(this.clock.now());
    return replica.page(after, limit);
  }

  #live(sessionId: string): { session: Session; from: Version } {
    const session = this.session(sessionId);
    if (session.current === null) throw new Error(`Session ${sessionId} is deleted.`);
    return { session, from: session.current };
  }

  #finish(session: Session, from: Version, run: FinishedRun, stamps: boolean): FinishedRun {
    session.running = null;
    session.runs.push(run);
    session.stamps.push(stamps ? run.finishedAt : from.updatedAt);
    this.#change(session, ended(session, from, stamps ? run.finishedAt : null));
    return run;
  }

  #change(session: Session, next: Version | null): void {
    session.previous = session.current;
    session.current = next;
    this.projects.known(session.projectId).replica.follow(session);
  }

  #stamp(from: Version): Micros {
    const now = this.clock.now();
    return this.stampsForward ? Math.max(now, from.updatedAt + 1) : now;
  }

  #choose<T extends string>(option: T | 'any', all: readonly T[]): T {
    return option === 'any' ? this.random.pick(all) : option;
  }
}
