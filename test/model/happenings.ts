/** What happens to the sessions and projects of the world, and what of it the oracle has to know. */
import type { Switchboard } from '../../src/simulator/faults/switchboard.ts';
import { failed, metadataOf, succeeded, withFigures } from '../../src/simulator/world/runs.ts';
import type { Outcome, Session } from '../../src/simulator/world/types.ts';
import type { World } from '../../src/simulator/world/world.ts';
import { visibleRun } from './knowledge.ts';
import type { Operation } from './operations.ts';
import type { Oracle } from './oracle.ts';
import type { VirtualClock } from './virtual-clock.ts';

type Talk = Extract<Operation, { op: 'talk' }>;

/** Operations that change one session. */
type Change = 'start' | 'finish' | 'cancel' | 'complete' | 'touch' | 'delete' | 'restore' | 'lag' | 'malform';

export class Happenings {
  readonly #world: World;
  readonly #oracle: Oracle;
  readonly #faults: Switchboard;
  readonly #clock: VirtualClock;
  /** Distinct figures for every run, so that two of them are alike only where that is wanted. */
  #nthRun = 0;
  #nthProject = 0;
  /** No session was ever shown older or otherwise than it was, or went, and no two runs are alike. */
  isIntact = true;
  /** Projects with a session that lags now: a sweep of theirs proves nothing. */
  readonly lagging = new Set<string>();

  constructor(world: World, oracle: Oracle, faults: Switchboard, clock: VirtualClock) {
    this.#world = world;
    this.#oracle = oracle;
    this.#faults = faults;
    this.#clock = clock;
  }

  /** From now on the API shows the truth, and every run has ended. */
  calm(): void {
    this.catchUp();
    for (const session of this.live()) {
      this.#world.setWire(session.id, null);
      if (session.running !== null) this.#finish(session);
      else if (session.runs.length > 0 && visibleRun(session) < 0) this.#world.runOnce(session.id, this.#outcome());
    }
    for (const project of this.#world.projects.all()) this.#world.restoreProject(project.id);
  }

  addProject(): string {
    this.#nthProject += 1;
    return this.#world.addProject({ name: `project ${this.#nthProject} "quoted"\n` }).id;
  }

  addSession(projectId: string, runs: number): void {
    const session = this.#world.addSession(projectId, {});
    this.#oracle.began(session);
    for (let i = 0; i < runs; i++) this.#run(session, this.#outcome());
  }

  /** Time passes with the runs and between them. */
  talk({ session: at, runs, pause, failed: bad, same }: Talk): void {
    const session = this.#pick(at);
    if (session === null || session.running !== null) return;
    const last = same ? session.runs.at(-1) : undefined;
    if (last !== undefined || (same && runs > 1)) this.isIntact = false;
    const first = last ?? this.#outcome(bad);
    for (let i = 0; i < runs; i++) {
      if (i > 0) this.#clock.pass(pause * 1000);
      this.#run(session, same || i === 0 ? first : this.#outcome(bad));
    }
  }

  renameProject(projectId: string): void {
    this.#world.renameProject(projectId, `renamed "${this.#nthRun}"`);
  }

  change(op: Change, at: number): void {
    if (op === 'restore') return this.#restore(at);
    const session = this.#pick(at);
    if (session === null) return;
    const { id } = session;
    if (op !== 'finish' && op !== 'delete' && op !== 'lag') this.#oracle.touched(session);
    if (op === 'touch') this.#world.touch(id);
    else if (op === 'delete') this.#delete(session);
    else if (op === 'start' && session.running === null) this.#world.startRun(id);
    else if (op === 'finish' && session.running !== null) this.#finish(session);
    else if (op === 'cancel' && session.running !== null) this.#cancel(session);
    else if (op === 'complete') this.#complete(session);
    else if (op === 'malform') this.#malform(session);
    else if (op === 'lag') this.#lag(session);
  }

  /** In the next sweep a session runs while pages are read, and jumps above the cursor. */
  shift(at: number, projectId: string): void {
    const session = this.#pick(at);
    if (session === null || session.running !== null) return;
    const { figures, cause } = this.#outcome();
    const commands = [{ op: 'run', session: session.id, figures, cause }];
    this.#faults.add({
      match: { endpoint: 'list', project: projectId, token: true, times: 1 },
      fault: { kind: 'world', commands },
    } as never);
  }

  /** For an hour the list of the project stays as it is. */
  freeze(projectId: string): void {
    this.#world.freezeList(projectId, 3_600_000);
    this.lagging.add(projectId);
    this.allMayLag(projectId);
  }

  /** All sessions, of one project or of all, may be shown older than they are. */
  allMayLag(projectId: string | null): void {
    this.isIntact = false;
    for (const session of this.live()) {
      if (projectId === null || session.projectId === projectId) this.#oracle.mayLag(session);
    }
  }

  catchUp(): void {
    for (const project of this.#world.projects.all()) this.#world.catchUp(project.id);
    this.lagging.clear();
  }

  live(): readonly Session[] {
    return this.#world.projects.all().flatMap((p) => p.sessions.filter((s) => s.current !== null));
  }

  pick(at: number): Session | null {
    return this.#pick(at);
  }

  #pick(at: number): Session | null {
    const all = this.live();
    return all[at % Math.max(1, all.length)] ?? null;
  }

  #run(session: Session, outcome: Outcome): void {
    this.#clock.pass(outcome.figures.duration_ms ?? 0);
    this.#world.runOnce(session.id, outcome);
  }

  #finish(session: Session): void {
    const outcome = this.#outcome();
    this.#clock.pass(outcome.figures.duration_ms ?? 0);
    this.#world.finishRun(session.id, outcome);
  }

  /** A run is broken off and never was: the one before it is shown again. */
  #cancel(session: Session): void {
    const last = session.runs.at(-1);
    session.running = null;
    this.#world.showMetadata(session.id, last === undefined ? null : metadataOf(last.figures));
  }

  #delete(session: Session): void {
    this.isIntact = false;
    this.#world.delete(session.id);
  }

  #lag(session: Session): void {
    this.#world.lagSession(session.id, 3_600_000);
    this.isIntact = false;
    this.lagging.add(session.projectId);
    this.#oracle.mayLag(session);
  }

  /** Shown malformed in the first sweep, it is first seen after it. */
  #malform(session: Session): void {
    const { id, wire } = session;
    this.isIntact = false;
    this.#world.setWire(id, wire === null ? `{"session_id":"${id}","last_updated_at":"never"}` : null);
    this.#oracle.mayLag(session);
  }

  /** A run that is shown without its usage first, and is completed later. */
  #complete(session: Session): void {
    const last = session.runs.at(-1);
    if (session.running !== null) return;
    if (last !== undefined && last.figures.total_input_tokens === null) {
      this.#world.amendRun(session.id, withFigures(last, { total_input_tokens: ++this.#nthRun, turns: 3 }));
    } else {
      this.#run(session, withFigures(this.#outcome(), { total_input_tokens: null, turns: undefined }));
    }
  }

  #restore(at: number): void {
    const gone = this.#world.projects.all().flatMap((p) => p.sessions.filter((s) => s.current === null));
    const session = gone[at % Math.max(1, gone.length)];
    if (session !== undefined) this.#world.restore(session.id);
  }

  #outcome(bad = false): Outcome {
    this.#nthRun += 1;
    const outcome = succeeded(1000 + this.#nthRun / 4, this.#nthRun, 2 * this.#nthRun, 1 + (this.#nthRun % 5));
    return bad ? failed(outcome, 'timeout', `request ${this.#nthRun} timed out`) : outcome;
  }
}
