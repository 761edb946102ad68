/** What happens to the world: by operations, by faults, by lagging replicas; and what of it the oracle has to know. */
import type { RuleInput, Switchboard } from '../../src/simulator/faults/switchboard.ts';
import { failed, succeeded, withFigures } from '../../src/simulator/runs.ts';
import type { Outcome, Session } from '../../src/simulator/types.ts';
import type { World } from '../../src/simulator/world.ts';
import type { Operation } from './operations.ts';
import { type Oracle, visibleRun } from './oracle.ts';

export class Happenings {
  readonly #world: World;
  readonly #oracle: Oracle;
  readonly #faults: Switchboard;
  /** Distinct figures for every run, so that two of them are alike only where that is wanted. */
  #nthRun = 0;
  #nthProject = 0;
  /** No fault was ever switched on, and no session ever lagged. */
  intact = true;
  /** Projects with a session that lags now: a sweep of theirs proves nothing. */
  readonly lagging = new Set<string>();
  /** Projects that lost a session once: their gauges follow only after two sweeps. */
  readonly thinned = new Set<string>();

  constructor(world: World, oracle: Oracle, faults: Switchboard) {
    this.#world = world;
    this.#oracle = oracle;
    this.#faults = faults;
  }

  /** Requests so far that met a fault. */
  hits(): number {
    return this.#faults.list().reduce((sum, rule) => sum + rule.hits, 0);
  }

  /** Ends all troubles: from now on the API shows the truth, and every run has ended. */
  calm(): void {
    this.#faults.clear();
    this.catchUp();
    for (const session of this.#sessions()) {
      this.#world.setWire(session.id, null);
      if (session.running !== null) this.#world.finishRun(session.id, this.#outcome(false));
      else if (hidesItsRuns(session)) this.#world.runOnce(session.id, this.#outcome(false));
    }
    for (const project of this.#world.projects.all()) this.#world.restoreProject(project.id);
  }

  addProject(): string {
    this.#nthProject += 1;
    return this.#world.addProject({ name: `project ${this.#nthProject} "quoted"\n` }).id;
  }

  addSession(projectId: string, runs: number): void {
    const { id } = this.#world.addSession(projectId, {});
    for (let i = 0; i < runs; i++) this.#world.runOnce(id, this.#outcome(false));
  }

  run({ session: at, times, failed: bad, same }: Extract<Operation, { op: 'run' }>): void {
    const session = this.#session(at);
    if (session === null || session.running !== null) return;
    const last = same ? session.runs.at(-1) : undefined;
    for (let i = 0; i < times; i++) this.#world.runOnce(session.id, last ?? this.#outcome(bad));
  }

  renameProject(projectId: string): void {
    this.#world.renameProject(projectId, `renamed "${this.#nthRun}"`);
  }

  change(op: Exclude<Operation['op'], 'session' | 'run'>, at: number): void {
    if (op === 'restore') return this.#restore(at);
    const session = this.#session(at);
    if (session === null) return;
    const { id } = session;
    if (op === 'touch' || op === 'start') this.#oracle.touched(session);
    if (op === 'touch') this.#world.touch(id);
    else if (op === 'delete') this.#delete(session);
    else if (op === 'start' && session.running === null) this.#world.startRun(id);
    else if (op === 'finish' && session.running !== null) this.#world.finishRun(id, this.#outcome(false));
    else if (op === 'complete') this.#complete(session);
    else if (op === 'malform') this.#malform(session);
    else if (op === 'lag') {
      this.#world.lagSession(id, 3_600_000);
      this.intact = false;
      this.lagging.add(session.projectId);
      this.#oracle.lagged(id);
    }
  }

  #delete(session: Session): void {
    this.thinned.add(session.projectId);
    this.#world.delete(session.id);
  }

  /** Shown malformed in the first sweep, it is first seen after it: with every_run all of its history counts then. */
  #malform({ id, wire }: Session): void {
    this.#world.setWire(id, wire === null ? `{"session_id":"${id}","last_updated_at":"never"}` : null);
    this.#oracle.lagged(id);
  }

  /** A run that is shown without its usage first, and is completed later. */
  #complete(session: Session): void {
    const last = session.runs.at(-1);
    if (session.running !== null) return;
    if (last !== undefined && last.figures.total_input_tokens === null) {
      this.#world.amendRun(session.id, withFigures(last, { total_input_tokens: ++this.#nthRun, turns: 3 }));
    } else {
      this.#world.runOnce(
        session.id,
        withFigures(this.#outcome(false), { total_input_tokens: null, turns: undefined }),
      );
    }
  }

  #restore(at: number): void {
    const gone = this.#world.projects.all().flatMap((p) => p.sessions.filter((s) => s.current === null));
    const session = gone[at % Math.max(1, gone.length)];
    if (session !== undefined) this.#world.restore(session.id);
  }

  #outcome(bad: boolean): Outcome {
    this.#nthRun += 1;
    const outcome = succeeded(1000 + this.#nthRun / 4, this.#nthRun, 2 * this.#nthRun, 1 + (this.#nthRun % 5));
    return bad ? failed(outcome, 'timeout', `request ${this.#nthRun} timed out`) : outcome;
  }

  /** In the next sweep a session runs while pages are read, and jumps above the cursor. */
  shift(at: number, projectId: string): void {
    const session = this.#session(at);
    if (session === null || session.running !== null) return;
    const { figures, cause } = this.#outcome(false);
    const commands = [{ op: 'run', session: session.id, figures, cause }];
    this.#faults.add({
      match: { endpoint: 'list', project: projectId, token: true, times: 1 },
      fault: { kind: 'world', commands },
    } as never);
  }

  fault(fault: RuleInput['fault'], times: number, after: number): void {
    this.intact = false;
    if (fault.kind === 'stale_read') for (const session of this.#sessions()) this.#oracle.lagged(session.id);
    this.#faults.add({ match: { times, after }, fault });
  }

  catchUp(): void {
    for (const project of this.#world.projects.all()) this.#world.catchUp(project.id);
    this.lagging.clear();
  }

  #sessions(): readonly Session[] {
    return this.#world.projects.all().flatMap((p) => p.sessions.filter((s) => s.current !== null));
  }

  #session(at: number): Session | null {
    const all = this.#sessions();
    return all[at % Math.max(1, all.length)] ?? null;
  }
}

/** A run was broken off by a deletion: the session came back without metadata, as if it had never run. */
function hidesItsRuns(session: Session): boolean {
  return session.runs.length > 0 && visibleRun(session) < 0;
}
