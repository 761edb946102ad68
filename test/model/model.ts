import { ManualClock } from '../../src/simulator/clock.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { createWorld, type World } from '../../src/simulator/world.ts';
import { ModelExporter } from './exporter.ts';
import { Happenings } from './happenings.ts';
import type { Operation } from './operations.ts';
import { Oracle } from './oracle.ts';
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
  readonly #happenings: Happenings;
  #previousDiscovery: number | null = null;
  /** Projects just swept, where the gauges must be the truth at once. */
  #calm: string[] = [];
  #stopped = false;

  private constructor(setting: Setting, world: World, clock: VirtualClock, simulator: Simulator) {
    this.world = world;
    this.oracle = new Oracle(world, setting.accounting === 'every_run');
    this.#clock = clock;
    this.#simulator = simulator;
    this.#happenings = new Happenings(world, this.oracle, simulator.faults);
    this.exporter = new ModelExporter(clock, simulator.url, setting.accounting);
  }

  static async start(setting: Setting): Promise<Model> {
    const clock = new ManualClock(START);
    const world = createWorld({ seed: setting.seed, clock, order: setting.order, pageSizeMax: 3 });
    const model = new Model(setting, world, new VirtualClock(clock), await startSimulator({ world }));
    const happenings = model.#happenings;
    const project = happenings.addProject();
    for (let i = 0; i < 5; i++) happenings.addSession(project, i % 3);
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
    await this.#carryOut(operation);
    for (const id of this.exporter.polled()) if (this.exporter.totals(id)?.sweeps) this.oracle.sweptSomehow(id);
  }

  async #carryOut(operation: Operation): Promise<void> {
    switch (operation.op) {
      case 'session':
        return this.#happenings.addSession(this.#project(operation.project), operation.runs);
      case 'addProject':
        return void this.#happenings.addProject();
      case 'removeProject':
        return this.world.removeProject(this.#project(operation.project));
      case 'restoreProject':
        return this.world.restoreProject(this.#project(operation.project));
      case 'renameProject':
        return this.#happenings.renameProject(this.#project(operation.project));
      case 'fault':
        return this.#happenings.fault(operation.fault, operation.times, operation.after);
      case 'skew':
        this.#clock.skewMs = operation.minutes * 60_000;
        return;
      case 'wait':
        return this.#clock.pass(operation.seconds * 1000);
      case 'catchUp':
        return this.#happenings.catchUp();
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
        return await this.exporter.kill(this.#project(operation.project), operation.commit, operation.before);
      case 'killDiscovery':
        return await this.#killDiscovery(operation.before);
      case 'shift':
        return this.#happenings.shift(operation.session, this.#project(operation.project));
      case 'run':
        return this.#happenings.run(operation);
      case 'start':
      case 'finish':
      case 'complete':
      case 'touch':
      case 'delete':
      case 'restore':
      case 'lag':
      case 'malform':
        return this.#happenings.change(operation.op, operation.session);
      default:
        return operation satisfies never;
    }
  }

  /** Ends all troubles, then lets every project be swept often enough for deletions and stale reads to settle. */
  async settle(): Promise<void> {
    this.#happenings.calm();
    this.#clock.skewMs = 0;
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

  /** True when it succeeded. */
  async #poll(projectId: string, kind: 'due' | 'full'): Promise<boolean> {
    this.#clock.pass(1000);
    const hits = this.#happenings.hits();
    const result = await this.exporter.poll(projectId, kind);
    const whole = result?.kind === 'full' && result.ok && !result.resumed;
    const isProof = whole && !this.#happenings.lagging.has(projectId) && this.#happenings.hits() === hits;
    if (isProof) this.oracle.swept(projectId, this.#happenings.intact);
    if (isProof && this.#happenings.intact && this.#isCalm(projectId)) this.#calm.push(projectId);
    return result?.ok ?? false;
  }

  /** Nothing of the project was ever deleted, and nothing is on its way now. */
  #isCalm(projectId: string): boolean {
    const { sessions } = this.world.projects.known(projectId);
    return !this.#happenings.thinned.has(projectId) && sessions.every((s) => s.running === null && s.wire === null);
  }

  #project(at: number): string {
    const all = this.projects();
    return all[at % all.length] as string;
  }
}

/** On a busy machine an answer may come too late even without a fault. */
async function untilTrue(act: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) if (await act()) return;
}
