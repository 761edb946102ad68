/** What the figures share: the page server, folders, and the large state, which is filled once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PostgresServer } from '../../test/support/postgres.ts';
import { Api, type ApiWorld } from './api.ts';
import { Exporter, type ExporterSpec, type LoopDelay, WITH_LOOP_DELAY } from './exporter.ts';

/** Sessions of the large world. */
export const MILLION = 1_000_000;

/** A world with one project. */
export type Single = ApiWorld & { readonly projectId: string };

/** The state after the first sweep of a million sessions, and what that sweep cost. */
export type Filled = {
  readonly world: Single;
  readonly folder: string;
  /** Seconds, MB, milliseconds. */
  readonly firstSweep: { readonly seconds: number; readonly peak: number; readonly delay: LoopDelay };
};

export class Stage {
  readonly #api: Api;
  readonly #root = mkdtempSync(path.join(tmpdir(), 'llamacloud-bench-'));
  readonly #say: (text: string) => void;
  #folders = 0;
  #worlds = 0;
  #million: Promise<Filled> | null = null;
  #postgres: Promise<PostgresServer> | null = null;

  private constructor(api: Api, say: (text: string) => void) {
    this.#api = api;
    this.#say = say;
  }

  /** `say` hears what is going on. */
  static async open(say: (text: string) => void): Promise<Stage> {
    return new Stage(await Api.start(), say);
  }

  say(text: string): void {
    this.#say(text);
  }

  folder(): string {
    this.#folders += 1;
    return mkdtempSync(path.join(this.#root, `${this.#folders}-`));
  }

  world(groups: readonly { projects: number; sessions: number }[], order: 'newest' | 'oldest'): Promise<ApiWorld> {
    this.#worlds += 1;
    return this.#api.world({ name: `w${this.#worlds}`, groups, order, latencyMs: 0 });
  }

  async single(sessions: number, order: 'newest' | 'oldest' = 'newest'): Promise<Single> {
    const world = await this.world([{ projects: 1, sessions }], order);
    return { ...world, projectId: world.projectIds[0] as string };
  }

  exporter(spec: Omit<ExporterSpec, 'folder' | 'nodeOptions' | 'settings'> & Partial<ExporterSpec>): Promise<Exporter> {
    return Exporter.start({ folder: this.folder(), nodeOptions: [], settings: [], ...spec });
  }

  /** A state with a million sessions in it; nobody has it open. Filled by the first figure that asks. */
  million(): Promise<Filled> {
    this.#million ??= this.#fill();
    return this.#million;
  }

  /** `state.url` of a new, empty database, on a server that writes safely to the disk. */
  async database(): Promise<string> {
    this.#postgres ??= PostgresServer.start('fsync = on\nfull_page_writes = on');
    return await (await this.#postgres).freshDatabase();
  }

  async close(): Promise<void> {
    await this.#api.stop();
    await (await this.#postgres)?.stop();
    rmSync(this.#root, { recursive: true, force: true });
  }

  async #fill(): Promise<Filled> {
    this.say(`filling a state with ${MILLION} sessions`);
    const world = await this.single(MILLION);
    const folder = this.folder();
    // Sessions that are to be verified are due an interval after they were shown: soon, but not within this sweep.
    const spec = { folder, baseUrl: world.baseUrl, interval: '1m', fullSweepInterval: '10m' };
    const exporter = await this.exporter({ ...spec, nodeOptions: WITH_LOOP_DELAY });
    await exporter.until(() => true, 30);
    await exporter.loopDelay(); // loading the program is no part of the sweep
    const [seconds = Number.NaN] = await exporter.sweeps(1, 300);
    const firstSweep = { seconds, peak: exporter.peakMemory(), delay: await exporter.loopDelay() };
    await exporter.stop();
    return { world, folder, firstSweep };
  }
}
