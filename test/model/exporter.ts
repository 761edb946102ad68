/** Everything between the API and /metrics, real, but driven by hand: what runs by itself in the process is called by the model. */
import type { ExporterError } from '../../src/domain/errors.ts';
import { SILENT } from '../../src/domain/observer.ts';
import type { PollKind } from '../../src/domain/polls.ts';
import type { Row } from '../../src/domain/row.ts';
import type { Restored, Store } from '../../src/domain/store.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import { createMemory, type LlamaCloudSource, type Memory } from '../../src/llamacloud/index.ts';
import { createMetrics, type Metrics } from '../../src/metrics/metrics.ts';
import type { Carried, Deps, ProjectState } from '../../src/poller/context.ts';
import { mayPollHead } from '../../src/poller/head/overlap.ts';
import { FailureLog } from '../../src/poller/maintenance/failure-log.ts';
import { keepUp, saveProgress } from '../../src/poller/maintenance/maintenance.ts';
import { Poller } from '../../src/poller/poller.ts';
import type { Worker } from '../../src/poller/polling/worker.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import type { Configuration } from './configuration.ts';
import type { Lives } from './lives.ts';
import { sourceOf } from './source.ts';
import { StoppingClock, type VirtualClock } from './virtual-clock.ts';

const BUILD = { version: '0', revision: '0', nodeVersion: '0' };
/** A round of verifications begins nothing after so many milliseconds. */
const ROUND = 60_000;

/** `resumed`: the sweep continued where an earlier poll had left it; `firstPageRead`: the list was read from its top. */
export type PollResult = {
  readonly kind: PollKind;
  readonly ok: boolean;
  readonly resumed: boolean;
  readonly firstPageRead: boolean;
};

export class ModelExporter {
  readonly #clock: VirtualClock;
  readonly #url: string;
  readonly #lives: Lives;
  readonly fatal: ExporterError[] = [];
  configuration: Configuration;
  #store!: Store;
  #sources: readonly LlamaCloudSource[] = [];
  /** By account; a new process remembers nothing. */
  #memories = new Map<string, Memory>();
  #poller!: Poller;
  #deps!: Deps;
  #metrics!: Metrics;

  constructor(clock: VirtualClock, url: string, configuration: Configuration, lives: Lives) {
    this.#lives = lives;
    this.#clock = clock;
    this.#url = url;
    this.configuration = configuration;
  }

  async start(): Promise<void> {
    const { rules } = this.configuration;
    const log = new RecordingLogger();
    this.#memories = new Map();
    this.#metrics = createMetrics({
      clock: this.#clock,
      log,
      rules,
      build: BUILD,
      processMetrics: false,
      shared: null,
    });
    this.#store = await this.#lives.open(this.#clock);
    await this.#begin(new Map());
  }

  /** Stops in order and starts again on the same state. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async reload(configuration: Configuration): Promise<void> {
    const stats = await this.#poller.stop();
    await this.#close();
    this.configuration = configuration;
    this.#metrics.setRules(configuration.rules);
    await this.#begin(stats);
  }

  async discover(): Promise<boolean> {
    const signal = new AbortController().signal;
    const results = await Promise.all(this.#poller.discoverers.map((d) => d.discover(signal, () => {})));
    return results.every((result) => result.error === null);
  }

  /** Reads the histories that are due. */
  async verify(): Promise<void> {
    const signal = new AbortController().signal;
    await Promise.all(this.#poller.verifiers.map((verifier) => verifier.round(signal, ROUND)));
  }

  /** What is known of each project that is polled. */
  polled(): readonly ProjectState[] {
    return this.#poller.registry.workers().map((worker) => worker.ctx.state);
  }

  state(projectId: string): ProjectState | null {
    return this.#worker(projectId)?.ctx.state ?? null;
  }

  /** Saves where each project's polling stands, as the process does now and then. */
  async save(): Promise<void> {
    await saveProgress(this.#poller.registry, this.#deps);
  }

  /** One round of what keeps the state small: old tombstones, old activity, and projects that left long ago go. */
  async purge(): Promise<void> {
    const clock = new StoppingClock(this.#clock);
    const times = this.#poller.discoverers.map((d) => d.serverTime());
    const serverTime = (): number | null => (times.includes(null) ? null : Math.min(...(times as number[])));
    const purging = { serverTime, discovers: () => true };
    await keepUp(this.#poller.registry, { ...this.#deps, clock }, purging, clock.signal).catch((error: unknown) => {
      if (!clock.signal.aborted) throw error;
    });
  }

  /** Polls as the worker's loop does: before a due sweep the top of the list is read. Null: the project is not polled. */
  async poll(projectId: string, kind: PollKind | 'due'): Promise<PollResult | null> {
    const worker = this.#worker(projectId);
    if (worker === undefined) return null;
    const { sweep, cursors } = worker.ctx.state;
    const resumed = sweep !== null || cursors.sweep !== null;
    const chosen = kind === 'due' ? worker.nextKind() : kind;
    const readsTop = chosen === 'full' && mayPollHead(cursors, this.#deps.timing);
    if (readsTop) await worker.poll('head');
    const error = await worker.poll(chosen);
    if (error !== null && error.code === 'state') throw error;
    return { kind: chosen, ok: error === null, resumed, firstPageRead: !resumed || readsTop };
  }

  /**
   * Kills it in the middle of a poll, or of verifications: at the n-th commit from now the files are taken as they are, before or after that
   * commit, and the objects are abandoned between two awaits; after fewer commits, at the end. Continues with the files in a new life.
   */
  async kill(projectId: string, nth: number, before: boolean, verifying: boolean): Promise<void> {
    const worker = this.#worker(projectId);
    let commits = 0;
    const real = this.#store.commit.bind(this.#store);
    await new Promise<void>((resolve) => {
      this.#store.commit = async (entries) => {
        const isLast = commits++ === nth;
        if (isLast && before) this.#lives.leave();
        if (!(isLast && before)) await real(entries);
        if (isLast && !before) this.#lives.leave();
        if (!isLast) return;
        resolve();
        await new Promise(() => {});
      };
      const work = verifying ? this.verify() : Promise.resolve(worker?.poll(worker.nextKind()));
      work.then(() => resolve()).catch(() => resolve());
    });
    if (commits <= nth) this.#lives.leave();
    await this.#revive();
  }

  /** The same in the middle of a discovery, at its one commit. */
  async killDiscovery(before: boolean): Promise<void> {
    const real = this.#store.admit.bind(this.#store);
    await new Promise<void>((resolve) => {
      this.#store.admit = async (...admission) => {
        if (!before) await real(...admission);
        resolve();
        return await new Promise<never>(() => {});
      };
      this.discover()
        .then(() => resolve())
        .catch(() => resolve());
    });
    this.#lives.leave();
    await this.#revive();
  }

  /** What the state has committed, read back from it. */
  async restored(): Promise<Restored> {
    return await this.#store.restore();
  }

  /** What is recorded of a session; undefined: nothing. */
  async rows(key: number, ids: readonly string[]): Promise<{ get(id: string): Row | undefined }> {
    return await this.#store.rows(key, ids);
  }

  /** The exposition as a scrape would get it. */
  async scrape(): Promise<string> {
    return await this.#metrics.renderOnce();
  }

  async stop(): Promise<void> {
    await this.#poller.stop();
    await this.#close();
    await this.#store.close();
  }

  /** Once it has stopped: throws where the state itself is not whole. */
  judgeState(): void {
    this.#lives.judge();
  }

  /** Removes all files. */
  clean(): void {
    this.#lives.clean();
  }

  #worker(projectId: string): Worker | undefined {
    return this.#poller.registry.workers().find((w) => w.ctx.state.project.id === projectId);
  }

  async #revive(): Promise<void> {
    await this.#close();
    await this.#lives.begin();
    await this.start();
  }

  async #close(): Promise<void> {
    await Promise.all(this.#sources.map((source) => source.close()));
  }

  async #begin(stats: ReadonlyMap<string, Carried>): Promise<void> {
    const clock = this.#clock;
    const logger = new RecordingLogger();
    const { rules, accounts, excluded, concurrency } = this.configuration;
    this.#sources = accounts.map((account) => {
      const memory = this.#memories.get(account) ?? createMemory(clock);
      this.#memories.set(account, memory);
      return sourceOf({ account, url: this.#url, concurrency }, clock, memory);
    });
    const selects = ({ name }: { name: string }): boolean => excluded === null || !name.startsWith(excluded);
    const limits = { maxPages: 200, concurrency, historyMegabytesPerMinute: 100 };
    const plans = this.#sources.map((source) => ({ source, selects, ...limits }));
    this.#deps = {
      store: this.#store,
      publisher: this.#metrics.publisher,
      observer: SILENT,
      logger,
      clock,
      failureLog: new FailureLog(logger, clock),
      rules,
      timing: { poll: 60 * SECOND, fullSweep: 30 * MINUTE, discovery: 10 * MINUTE, staleAfter: 60 * MINUTE },
      fatal: (error) => void this.fatal.push(error),
    };
    this.#poller = new Poller(plans, this.#deps, await this.#store.restore(), stats);
    await this.#poller.restore();
  }
}
