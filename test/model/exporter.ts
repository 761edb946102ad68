import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ExporterError } from '../../src/domain/errors.ts';
import { SILENT } from '../../src/domain/observer.ts';
import type { PollKind, PollStats } from '../../src/domain/polls.ts';
import { BUILT_IN_CLASSES, DURATION_BUCKETS, type Rules } from '../../src/domain/rules.ts';
import type { Store } from '../../src/domain/store.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import type { Totals } from '../../src/domain/totals.ts';
import { createSource, DIRECT, type LlamaCloudSource } from '../../src/llamacloud/index.ts';
import { createMetrics, type Metrics } from '../../src/metrics/metrics.ts';
import { Complaints } from '../../src/poller/complaints.ts';
import type { Deps } from '../../src/poller/context.ts';
import { Poller } from '../../src/poller/poller.ts';
import { saveCursors } from '../../src/poller/upkeep.ts';
import type { Worker } from '../../src/poller/worker.ts';
import { openStore } from '../../src/state/open.ts';
import { QuietLogger } from '../fakes/quiet-logger.ts';
import { judgeFile } from './judge.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Where files are copied to be looked at. */
const SPARE = 'spare';
const BUILD = { version: '0', revision: '0', nodeVersion: '0' };

/** Everything between the API and /metrics, real, but driven by hand: what runs by itself in the process is called by the model. */
export class ModelExporter {
  readonly #clock: VirtualClock;
  readonly #url: string;
  readonly #root = mkdtempSync(path.join(tmpdir(), 'model-'));
  #life = 0;
  #store!: Store;
  #source!: LlamaCloudSource;
  #poller!: Poller;
  #deps!: Deps;
  #metrics!: Metrics;
  readonly fatal: ExporterError[] = [];
  rules: Rules;

  constructor(clock: VirtualClock, url: string, accounting: Rules['accounting']) {
    this.#clock = clock;
    this.#url = url;
    this.rules = {
      accounting,
      errorClasses: BUILT_IN_CLASSES,
      prices: [{ applies: () => true, input: 3, output: 15 }],
      durationBuckets: DURATION_BUCKETS,
      exemplars: true,
      indexes: true,
      maxIndexes: 100,
    };
  }

  get file(): string {
    return path.join(this.#root, String(this.#life), 'state.db');
  }

  async start(stats: ReadonlyMap<string, PollStats> = new Map()): Promise<void> {
    mkdirSync(path.dirname(this.file), { recursive: true });
    this.#metrics = createMetrics({
      clock: this.#clock,
      log: new QuietLogger(),
      rules: this.rules,
      build: BUILD,
      processMetrics: false,
    });
    this.#store = await openStore(this.file, { clock: this.#clock, logger: new QuietLogger(), observer: SILENT });
    await this.#begin(stats);
  }

  /** Stops in order and starts again on the same state. */
  async restart(): Promise<void> {
    await this.#poller.stop();
    await this.#source.close();
    await this.#store.close();
    await this.start();
  }

  async reload(rules: Rules): Promise<void> {
    const stats = await this.#poller.stop();
    await this.#source.close();
    this.rules = rules;
    this.#metrics.setRules(rules);
    await this.#begin(stats);
  }

  async discover(): Promise<boolean> {
    const results = await Promise.all(
      this.#poller.discoverers.map((d) => d.discover(new AbortController().signal, () => {})),
    );
    return results.every((result) => result.error === null);
  }

  polled(): readonly string[] {
    return this.#poller.registry.workers().map((worker) => worker.ctx.state.project.id);
  }

  /** Saves where each project's polling stands, as the process does now and then. */
  async save(): Promise<void> {
    await saveCursors(this.#poller.registry, this.#deps);
  }

  /** Polls; null: the project is not polled. `resumed`: the sweep went on where an earlier poll had left it. */
  async poll(
    projectId: string,
    kind: PollKind | 'due',
  ): Promise<{ kind: PollKind; ok: boolean; resumed: boolean } | null> {
    const worker = this.#worker(projectId);
    if (worker === undefined) return null;
    const { sweep, cursors } = worker.ctx.state;
    const resumed = sweep !== null || cursors.sweep !== null;
    const chosen = kind === 'due' ? worker.nextKind() : kind;
    const error = await worker.poll(chosen);
    if (error !== null && error.code === 'state') throw error;
    return { kind: chosen, ok: error === null, resumed };
  }

  /**
   * Kills it in the middle of a poll: at the n-th commit from now the files are taken as they are, before or after that commit, and the
   * objects are abandoned between two awaits. When the poll makes fewer commits, at its end. Goes on with the files in a new life.
   */
  async kill(projectId: string, nth: number, before: boolean): Promise<void> {
    const worker = this.#worker(projectId);
    let commits = 0;
    const copy = (): void => this.#copyTo(this.#life + 1);
    const real = this.#store.commit.bind(this.#store);
    const died = new Promise<void>((resolve) => {
      this.#store.commit = async (entries) => {
        const isLast = commits++ === nth;
        if (isLast && before) copy();
        if (!(isLast && before)) await real(entries);
        if (isLast && !before) copy();
        if (!isLast) return;
        resolve();
        await new Promise(() => {});
      };
      const poll = worker === undefined ? Promise.resolve(null) : worker.poll(worker.nextKind());
      void poll.then(() => resolve());
    });
    await died;
    if (commits <= nth) copy();
    await this.#revive();
  }

  /** The same in the middle of a discovery, at its one commit. True when that commit was made. */
  async killDiscovery(before: boolean): Promise<boolean> {
    let committed = false;
    const real = this.#store.admit.bind(this.#store);
    await new Promise<void>((resolve) => {
      this.#store.admit = async (...admission) => {
        if (!before) await real(...admission);
        committed = !before;
        resolve();
        return await new Promise<never>(() => {});
      };
      void this.discover().then(() => resolve());
    });
    this.#copyTo(this.#life + 1);
    await this.#revive();
    return committed;
  }

  /** A new life with the files of the next one; what SQLite would make of them is looked at in a copy, which spares the files. */
  async #revive(): Promise<void> {
    await this.#source.close();
    this.#life += 1;
    this.#copyTo(SPARE);
    judgeFile(path.join(this.#root, SPARE, 'state.db'));
    await this.start();
  }

  totals(projectId: string): Totals | null {
    return this.#worker(projectId)?.ctx.state.totals ?? null;
  }

  /** What the state has committed, read back from it. */
  async committed(projectId: string): Promise<Totals | null> {
    const { projects } = await this.#store.restore();
    return projects.find((p) => p.project.id === projectId)?.totals ?? null;
  }

  /** The exposition as a scrape would get it. */
  async scrape(): Promise<string> {
    return await this.#metrics.renderOnce();
  }

  async stop(): Promise<void> {
    await this.#poller.stop();
    await this.#source.close();
    await this.#store.close();
  }

  /** Removes all files. */
  clean(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #worker(projectId: string): Worker | undefined {
    return this.#poller.registry.workers().find((w) => w.ctx.state.project.id === projectId);
  }

  #copyTo(life: number | string): void {
    const target = path.join(this.#root, String(life));
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    for (const suffix of ['', '-wal']) {
      if (existsSync(this.file + suffix)) copyFileSync(this.file + suffix, path.join(target, `state.db${suffix}`));
    }
  }

  async #begin(stats: ReadonlyMap<string, PollStats>): Promise<void> {
    const clock = this.#clock;
    const logger = new QuietLogger();
    const apiKey = { current: () => 'key', refresh: async () => 'key' };
    const settings = {
      name: 'default',
      baseUrl: this.#url,
      apiKey,
      organizationId: null,
      projectId: null,
      requestsPerMinute: 0,
      concurrency: 4,
    };
    this.#source = createSource(
      { ...settings, connection: DIRECT, requestTimeoutMs: 60, pageSize: 3 },
      { clock, logger, observer: SILENT },
    );
    const plan = { source: this.#source, selects: () => true, maxPages: 200 };
    const timing = { poll: 60 * SECOND, fullSweep: 30 * MINUTE, discovery: 10 * MINUTE, staleAfter: 60 * MINUTE };
    const { publisher } = this.#metrics;
    const fatal = (error: ExporterError): void => void this.fatal.push(error);
    const complaints = new Complaints(logger, clock);
    this.#deps = {
      store: this.#store,
      publisher,
      observer: SILENT,
      logger,
      clock,
      complaints,
      rules: this.rules,
      timing,
      fatal,
    };
    this.#poller = new Poller([plan], this.#deps, await this.#store.restore(), stats);
    await this.#poller.restore();
  }
}
