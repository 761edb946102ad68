/** A world, its API, the exporter and the oracle: carries out operations, and knows what each of them proves. */

import { type Simulator, startSimulator } from '../../src/simulator/api/server.ts';
import { ManualClock } from '../../src/simulator/world/clock.ts';
import { createWorld, type World } from '../../src/simulator/world/world.ts';
import { ActiveFaults, begin, TOLERATED_MINUTES } from './active-faults.ts';
import { changed, initial } from './configuration.ts';
import { ModelExporter } from './exporter.ts';
import { Happenings } from './happenings.ts';
import type { Lives } from './lives.ts';
import type { Operation } from './operations.ts';
import { Oracle, type Said } from './oracle.ts';
import type { Setting } from './setting.ts';
import { settle } from './settle.ts';
import { VirtualClock } from './virtual-clock.ts';

const START = '2026-06-01T12:00:00.000Z';
const HOUR_MS = 3_600_000;
const PAGE_SIZE = 3;
/** Server time may be wrong by as much. */
const CLOCKS_DIFFER = 121_000_000;

export class Model {
  readonly world: World;
  readonly oracle: Oracle;
  readonly exporter: ModelExporter;
  readonly clock: VirtualClock;
  readonly happenings: Happenings;
  readonly activeFaults: ActiveFaults;
  readonly #simulator: Simulator;
  /** Parts of the names of series that begin again at 0. */
  #restarted: string[] = [];
  #wasSkewed = false;
  #stopped = false;

  private constructor(setting: Setting, world: World, clock: VirtualClock, simulator: Simulator, lives: Lives) {
    this.world = world;
    this.clock = clock;
    this.#simulator = simulator;
    this.oracle = new Oracle(world, setting.form === 'withoutTokens' || setting.form === 'tokensLater');
    this.happenings = new Happenings(world, this.oracle, simulator.faults, clock);
    this.activeFaults = new ActiveFaults(simulator.faults, setting.form);
    this.exporter = new ModelExporter(clock, simulator.url, initial(setting.accounting, setting.concurrency), lives);
  }

  static async start(setting: Setting, lives: Lives): Promise<Model> {
    const clock = new ManualClock(START);
    const world = createWorld({ seed: setting.seed, clock, order: setting.order, pageSizeMax: PAGE_SIZE });
    const model = new Model(setting, world, new VirtualClock(clock), await startSimulator({ world }), lives);
    const project = model.happenings.addProject();
    for (let i = 0; i < 5; i++) model.happenings.addSession(project, i % 3);
    model.clock.pass(HOUR_MS);
    await model.exporter.start();
    await model.exporter.discover();
    await model.observe();
    for (let i = 0; i < setting.sweeps; i++) await model.poll(project, 'full');
    return model;
  }

  /** May be called twice. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    await this.exporter.stop();
    await this.#simulator.stop();
  }

  /** Nothing was ever wrong, and no two runs were alike. */
  get isIntact(): boolean {
    return this.happenings.isIntact && !this.activeFaults.wasOn;
  }

  async apply(operation: Operation): Promise<void> {
    await this.#carryOut(operation);
    await this.observe();
  }

  /** The oracle learns what the exporter has recorded. */
  async observe(): Promise<void> {
    const everyRun = this.exporter.configuration.rules.accounting === 'every_run';
    for (const { project, key } of this.exporter.polled()) {
      const ids = this.world.projects.known(project.id).sessions.map((session) => session.id);
      const rows = await this.exporter.rows(key, ids);
      if (this.oracle.observe(project.id, this.said(project.id), rows, everyRun)) this.#restarted.push(project.id);
    }
  }

  said(projectId: string): Said {
    const state = this.exporter.state(projectId);
    if (state === null) throw new Error(`${projectId} is not polled`);
    const { verification, wholeSweeps } = state.totals;
    const { unreconciled, histories } = verification;
    return { key: state.key, epoch: state.epoch, wholeSweeps, unreconciled, givenUp: histories.given_up };
  }

  /** Until when the counters are exact by what the exporter says; 0: lists were altered, or our clock was wrong, so it cannot know. */
  exactUntil(projectId: string): number {
    const state = this.exporter.state(projectId);
    const watermark = state?.cursors.watermark ?? null;
    if (state === null || watermark === null || this.activeFaults.wasOnLists || this.#wasSkewed) return 0;
    return Math.min(watermark, state.lookedUp.oldestUnverified ?? watermark) - CLOCKS_DIFFER;
  }

  /** Ends all faults, and lets the exporter look until it knows everything. */
  async settle(): Promise<void> {
    await settle(this);
  }

  /** Parts of the names of series that begin again at 0; asked once. */
  takeRestarted(): readonly string[] {
    const restarted = this.#restarted;
    this.#restarted = [];
    return restarted;
  }

  projects(): readonly string[] {
    return this.world.projects.all().map((project) => project.id);
  }

  /** True when it succeeded. */
  async poll(projectId: string, kind: 'due' | 'full'): Promise<boolean> {
    this.clock.pass(1000);
    const { activeFaults, happenings } = this;
    const [hits, pageHits] = [activeFaults.hits('lists'), activeFaults.hits('page')];
    const firstPage = this.world.page(projectId, null, PAGE_SIZE).items.map(({ id }) => id);
    const result = await this.exporter.poll(projectId, kind);
    await this.observe();
    if (result === null) return false;
    const isSound = !happenings.lagging.has(projectId) && activeFaults.hits('lists') === hits;
    if (isSound && result.ok && result.kind === 'full' && !result.resumed) this.#proven(projectId, () => true);
    // A page that cannot be had keeps nothing before it from being counted.
    const isCut = isSound && !result.ok && activeFaults.hits('page') > pageHits;
    if (isCut && result.firstPageRead) this.#proven(projectId, (id) => firstPage.includes(id));
    return result.ok;
  }

  async reload(change: Extract<Operation, { op: 'reload' }>['change']): Promise<void> {
    await this.exporter.reload(changed(this.exporter.configuration, change));
    if (change === 'buckets') this.#restarted.push('_run_duration_seconds');
  }

  async #carryOut(operation: Operation): Promise<void> {
    const { happenings, activeFaults, exporter } = this;
    switch (operation.op) {
      case 'session':
        return happenings.addSession(this.#project(operation.project), operation.runs);
      case 'talk':
        return happenings.talk(operation);
      case 'start':
      case 'finish':
      case 'cancel':
      case 'complete':
      case 'touch':
      case 'delete':
      case 'restore':
      case 'lag':
      case 'malform':
        return happenings.change(operation.op, operation.session);
      case 'shift':
        return happenings.shift(operation.session, this.#project(operation.project));
      case 'freeze':
        return happenings.freeze(this.#project(operation.project));
      case 'catchUp':
        return happenings.catchUp();
      case 'addProject':
        return void happenings.addProject();
      case 'removeProject':
        return this.world.removeProject(this.#project(operation.project));
      case 'restoreProject':
        return this.world.restoreProject(this.#project(operation.project));
      case 'renameProject':
        return happenings.renameProject(this.#project(operation.project));
      case 'heal':
        return activeFaults.heal();
      case 'fault':
      case 'unreadable':
      case 'odd':
      case 'malformed':
      case 'page':
      case 'date':
        return begin(operation, this);
      case 'skew':
        if (!activeFaults.hasDates || Math.abs(operation.minutes) <= TOLERATED_MINUTES) {
          this.clock.skewMs = operation.minutes * 60_000;
          this.#wasSkewed ||= Math.abs(operation.minutes) > TOLERATED_MINUTES;
        }
        return;
      case 'wait':
        return this.clock.pass(operation.seconds * 1000);
      case 'discover':
        return void (await exporter.discover());
      case 'minutes':
        return await this.#minutes(operation.count, operation.overlap);
      case 'verify':
        return await exporter.verify();
      case 'restart':
        return await exporter.restart();
      case 'save':
        return await exporter.save();
      case 'purge':
        return await exporter.purge();
      case 'reload':
        return await this.reload(operation.change);
      case 'poll':
        return void (await this.poll(this.#project(operation.project), 'due'));
      case 'sweep':
        return void (await this.poll(this.#project(operation.project), 'full'));
      case 'kill': {
        const { project, commit, before, verifying } = operation;
        return await exporter.kill(this.#project(project), commit, before, verifying);
      }
      case 'killDiscovery':
        return await exporter.killDiscovery(operation.before);
      default:
        return operation satisfies never;
    }
  }

  async #minutes(count: number, overlap: boolean): Promise<void> {
    for (let i = 0; i < count; i++) {
      this.clock.pass(60_000);
      const verifying = overlap ? this.exporter.verify() : Promise.resolve();
      for (const { project } of this.exporter.polled()) await this.poll(project.id, 'due');
      await verifying;
      if (!overlap) await this.exporter.verify();
      await this.observe();
    }
  }

  /** What was shown has to be counted now. */
  #proven(projectId: string, isShown: (id: string) => boolean): void {
    const { sessions } = this.world.projects.known(projectId);
    const { malformed } = this.activeFaults;
    this.oracle.swept(
      sessions.filter(
        ({ id, current, wire }) => current !== null && wire === null && !malformed.has(id) && isShown(id),
      ),
    );
  }

  #project(at: number): string {
    const all = this.projects();
    return all[at % all.length] as string;
  }
}
