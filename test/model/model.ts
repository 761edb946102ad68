import { ManualClock } from '../../src/simulator/clock.ts';
import type { RuleInput } from '../../src/simulator/faults/switchboard.ts';
import { failed, succeeded, withFigures } from '../../src/simulator/runs.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import type { Outcome, Session } from '../../src/simulator/types.ts';
import { createWorld, type World } from '../../src/simulator/world.ts';
import { ModelExporter } from './exporter.ts';
import { FAULTS, type Operation } from './operations.ts';
import { Oracle, visibleRun } from './oracle.ts';
import { VirtualClock } from './virtual-clock.ts';

const START = '2026-06-01T12:00:00.000Z';
const SECOND = 1_000_000;

export type Setting = {
  readonly seed: string;
  readonly order: 'newest' | 'oldest' | 'id';
  readonly accounting: 'last_run' | 'every_run';
};

/** A world, its API, the exporter and the oracle; carries out operations and knows what must hold. */
export class Model {
  readonly world: World;
  readonly oracle: Oracle;
  readonly exporter: ModelExporter;
  readonly #clock: VirtualClock;
  readonly #simulator: Simulator;
  /** Distinct figures for every run, so that two of them are never alike. */
  #nthRun = 0;
  #nthProject = 0;
  #previousDiscovery: number | null = null;
  /** No fault was ever switched on, and no session ever lagged. */
  #intact = true;
  /** Projects with a session that lags now: a sweep of theirs proves nothing. */
  readonly #lagging = new Set<string>();
  /** Projects that lost a session once: their gauges follow only after two sweeps. */
  readonly #thinned = new Set<string>();
  /** Projects just swept, where the gauges must be the truth at once. */
  #calm: string[] = [];
  #stopped = false;

  private constructor(setting: Setting, world: World, clock: VirtualClock, simulator: Simulator) {
    this.world = world;
    this.oracle = new Oracle(world, setting.accounting === 'every_run');
    this.#clock = clock;
    this.#simulator = simulator;
    this.exporter = new ModelExporter(clock, simulator.url, setting.accounting);
  }

  static async start(setting: Setting): Promise<Model> {
    const clock = new ManualClock(START);
    const world = createWorld({ seed: setting.seed, clock, order: setting.order, pageSizeMax: 3 });
    const model = new Model(setting, world, new VirtualClock(clock), await startSimulator({ world }));
    const project = model.#addProject();
    for (let i = 0; i < 5; i++) model.#addSession(project, i % 3);
    world.clock.moveTo(world.clock.now() + 3600 * SECOND);
    await model.exporter.start();
    await model.#discover();
    return model;
  }

  /** May be called twice. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    await this.exporter.stop();
    await this.#simulator.stop();
  }

  async apply(operation: Operation): Promise<void> {
    switch (operation.op) {
      case 'session':
        return this.#addSession(this.#project(operation.project), operation.runs);
      case 'addProject':
        return void this.#addProject();
      case 'removeProject':
        return this.world.removeProject(this.#project(operation.project));
      case 'restoreProject':
        return this.world.restoreProject(this.#project(operation.project));
      case 'renameProject':
        return this.world.renameProject(this.#project(operation.project), `renamed "${this.#nthRun}"`);
      case 'fault':
        return this.#fault(operation.fault, operation.times, operation.after);
      case 'skew':
        this.#clock.skewMs = operation.minutes * 60_000;
        return;
      case 'wait':
        return this.#clock.pass(operation.seconds * 1000);
      case 'catchUp':
        return this.#catchUp();
      case 'discover':
        return void (await this.#discover());
      case 'restart':
        return await this.exporter.restart();
      case 'save':
        return await this.exporter.save();
      case 'reload':
        return await this.#reload();
      case 'poll':
        return void (await this.#poll(this.#project(operation.project), 'due'));
      case 'sweep':
        return void (await this.#poll(this.#project(operation.project), 'full'));
      case 'kill':
        return await this.#kill(this.#project(operation.project), operation.commit, operation.before);
      case 'killDiscovery':
        return await this.#killDiscovery(operation.before);
      case 'shift':
        return this.#shift(operation.session, this.#project(operation.project));
      case 'run':
        return this.#run(operation.session, operation.times, operation.failed);
      case 'start':
      case 'finish':
      case 'complete':
      case 'touch':
      case 'delete':
      case 'restore':
      case 'lag':
      case 'malform':
        return this.#change(operation.op, operation.session);
      default:
        return operation satisfies never;
    }
  }

  /** Ends all troubles, then lets every project be swept often enough for deletions and stale reads to settle. */
  async settle(): Promise<void> {
    this.#simulator.faults.clear();
    this.#catchUp();
    this.#clock.skewMs = 0;
    for (const session of this.#sessions()) {
      this.world.setWire(session.id, null);
      if (session.running !== null) this.world.finishRun(session.id, this.#outcome(false));
      else if (hidesItsRuns(session)) this.world.runOnce(session.id, this.#outcome(false));
    }
    for (const project of this.world.projects.all()) this.world.restoreProject(project.id);
    for (let i = 0; i < 4; i++) {
      this.#clock.pass(660_000);
      await untilTrue(() => this.#discover());
      for (const project of this.world.projects.all()) await untilTrue(() => this.#poll(project.id, 'full'));
    }
  }

  /** Projects swept by the last step whose gauges must be the truth at once; asked once. */
  takeCalm(): readonly string[] {
    const calm = this.#calm;
    this.#calm = [];
    return calm;
  }

  projects(): readonly string[] {
    return this.world.projects.all().map((project) => project.id);
  }

  #addProject(): string {
    this.#nthProject += 1;
    return this.world.addProject({ name: `project ${this.#nthProject} "quoted"\n` }).id;
  }

  #addSession(projectId: string, runs: number): void {
    const { id } = this.world.addSession(projectId, {});
    for (let i = 0; i < runs; i++) this.world.runOnce(id, this.#outcome(false));
  }

  #run(at: number, times: number, bad: boolean): void {
    const session = this.#session(at);
    if (session === null || session.running !== null) return;
    for (let i = 0; i < times; i++) this.world.runOnce(session.id, this.#outcome(bad));
  }

  #change(op: Exclude<Operation['op'], 'session' | 'run'>, at: number): void {
    if (op === 'restore') return this.#restore(at);
    const session = this.#session(at);
    if (session === null) return;
    const { id } = session;
    if (op === 'touch' || op === 'start') this.oracle.touched(session);
    if (op === 'touch') this.world.touch(id);
    else if (op === 'delete') this.#delete(session);
    else if (op === 'start' && session.running === null) this.world.startRun(id);
    else if (op === 'finish' && session.running !== null) this.world.finishRun(id, this.#outcome(false));
    else if (op === 'complete') this.#complete(session);
    else if (op === 'malform') this.#malform(session);
    else if (op === 'lag') {
      this.world.lagSession(id, 3_600_000);
      this.#intact = false;
      this.#lagging.add(session.projectId);
      this.oracle.lagged(id);
    }
  }

  #delete(session: Session): void {
    this.#thinned.add(session.projectId);
    this.world.delete(session.id);
  }

  /** Shown malformed in the first sweep, it is first seen after it: with every_run all of its history counts then. */
  #malform({ id, wire }: Session): void {
    this.world.setWire(id, wire === null ? `{"session_id":"${id}","last_updated_at":"never"}` : null);
    this.oracle.lagged(id);
  }

  /** A run that is shown without its usage first, and is completed later. */
  #complete(session: Session): void {
    const last = session.runs.at(-1);
    if (session.running !== null) return;
    if (last !== undefined && last.figures.total_input_tokens === null) {
      this.world.amendRun(session.id, withFigures(last, { total_input_tokens: ++this.#nthRun, turns: 3 }));
    } else {
      this.world.runOnce(session.id, withFigures(this.#outcome(false), { total_input_tokens: null, turns: undefined }));
    }
  }

  #restore(at: number): void {
    const gone = this.world.projects.all().flatMap((p) => p.sessions.filter((s) => s.current === null));
    const session = gone[at % Math.max(1, gone.length)];
    if (session !== undefined) this.world.restore(session.id);
  }

  #outcome(bad: boolean): Outcome {
    this.#nthRun += 1;
    const outcome = succeeded(1000 + this.#nthRun / 4, this.#nthRun, 2 * this.#nthRun, 1 + (this.#nthRun % 5));
    return bad ? failed(outcome, 'timeout', `request ${this.#nthRun} timed out`) : outcome;
  }

  /** In the next sweep a session runs while pages are read, and jumps above the cursor. */
  #shift(at: number, projectId: string): void {
    const session = this.#session(at);
    if (session === null || session.running !== null) return;
    const { figures, cause } = this.#outcome(false);
    const commands = [{ op: 'run', session: session.id, figures, cause }];
    this.#simulator.faults.add({
      match: { endpoint: 'list', project: projectId, token: true, times: 1 },
      fault: { kind: 'world', commands },
    } as never);
  }

  #fault(index: number, times: number, after: number): void {
    this.#intact = false;
    const fault = FAULTS[index] as RuleInput['fault'];
    if (fault.kind === 'stale_read') for (const session of this.#sessions()) this.oracle.lagged(session.id);
    this.#simulator.faults.add({ match: { times, after }, fault });
  }

  #catchUp(): void {
    for (const project of this.world.projects.all()) this.world.catchUp(project.id);
    this.#lagging.clear();
  }

  async #reload(): Promise<void> {
    const { exemplars, indexes } = this.exporter.rules;
    await this.exporter.reload({
      ...this.exporter.rules,
      exemplars: !exemplars,
      indexes: exemplars ? !indexes : indexes,
    });
  }

  async #discover(): Promise<boolean> {
    const ok = await this.exporter.discover();
    if (ok) this.#discovered();
    return ok;
  }

  /** A discovery was committed: projects polled now for the first time got their epoch by it. */
  #discovered(): void {
    const before = this.#previousDiscovery;
    const now = Math.floor(this.world.clock.now() / SECOND) * SECOND;
    for (const id of this.exporter.polled()) {
      const { createdAt } = this.world.projects.known(id);
      this.oracle.discovered(id, before !== null && createdAt > before ? before : now);
    }
    this.#previousDiscovery = now;
  }

  /** Killed before its commit a discovery never was; killed after it, it stands. */
  async #killDiscovery(before: boolean): Promise<void> {
    const committed = await this.exporter.killDiscovery(before);
    if (committed) this.#discovered();
  }

  async #kill(projectId: string, nth: number, before: boolean): Promise<void> {
    await this.exporter.kill(projectId, nth, before);
  }

  /** True when it succeeded. */
  async #poll(projectId: string, kind: 'due' | 'full'): Promise<boolean> {
    this.#clock.pass(1000);
    const hits = this.#hits();
    const result = await this.exporter.poll(projectId, kind);
    const whole = result?.kind === 'full' && result.ok && !result.resumed;
    const isProof = whole && !this.#lagging.has(projectId) && this.#hits() === hits;
    if (isProof) this.oracle.swept(projectId, this.#intact);
    if (isProof && this.#intact && this.#isCalm(projectId)) this.#calm.push(projectId);
    return result?.ok ?? false;
  }

  /** Nothing of the project was ever deleted, and nothing is on its way now. */
  #isCalm(projectId: string): boolean {
    const { sessions } = this.world.projects.known(projectId);
    return !this.#thinned.has(projectId) && sessions.every((s) => s.running === null && s.wire === null);
  }

  /** Requests so far that met a fault. */
  #hits(): number {
    return this.#simulator.faults.list().reduce((sum, rule) => sum + rule.hits, 0);
  }

  #sessions(): readonly Session[] {
    return this.world.projects.all().flatMap((p) => p.sessions.filter((s) => s.current !== null));
  }

  #session(at: number): Session | null {
    const all = this.#sessions();
    return all[at % Math.max(1, all.length)] ?? null;
  }

  #project(at: number): string {
    const all = this.projects();
    return all[at % all.length] as string;
  }
}

/** A run was broken off by a deletion: the session came back without metadata, as if it had never run. */
function hidesItsRuns(session: Session): boolean {
  return session.runs.length > 0 && visibleRun(session) < 0;
}

/** On a busy machine an answer may come too late even without a fault. */
async function untilTrue(act: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) if (await act()) return;
}
