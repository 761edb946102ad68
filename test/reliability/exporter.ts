/** Everything between the API and /metrics, real, but driven by hand: nothing of it runs by itself. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ExporterError } from '../../src/domain/errors.ts';
import { SILENT } from '../../src/domain/observer.ts';
import type { PollKind } from '../../src/domain/polls.ts';
import type { Rules } from '../../src/domain/rules.ts';
import type { Store } from '../../src/domain/store.ts';
import { type Clock, MINUTE, SECOND } from '../../src/domain/time.ts';
import type { Totals } from '../../src/domain/totals.ts';
import { createSource, DIRECT, type LlamaCloudSource } from '../../src/llamacloud/index.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import type { Deps } from '../../src/poller/context.ts';
import { FailureLog } from '../../src/poller/failure-log.ts';
import { Poller } from '../../src/poller/poller.ts';
import type { Worker } from '../../src/poller/worker.ts';
import { openStore } from '../../src/state/sqlite/open.ts';
import { RULES } from '../builders/values.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';

const BUILD = { version: '0', revision: '0', nodeVersion: '0' };
const TIMING = { poll: 60 * SECOND, fullSweep: 30 * MINUTE, discovery: 10 * MINUTE, staleAfter: 60 * MINUTE };
/** Longer than any round of a test takes, milliseconds. */
const ROUND_MS = 1e9;

export type ExporterOptions = {
  readonly accounting: Rules['accounting'];
  readonly pageSize: number;
  /** Real milliseconds: short where hangs are repeated, long where a slow machine must not look like a fault. */
  readonly requestTimeoutMs: number;
};

export class SceneExporter {
  readonly logger = new RecordingLogger();
  readonly fatal: ExporterError[] = [];
  readonly #clock: Clock;
  readonly #rules: Rules;
  readonly #source: LlamaCloudSource;
  readonly #metrics: ReturnType<typeof createMetrics>;
  readonly #root = mkdtempSync(path.join(tmpdir(), 'scene-'));
  #store!: Store;
  #poller!: Poller;

  constructor(clock: Clock, url: string, { accounting, pageSize, requestTimeoutMs }: ExporterOptions) {
    const { logger } = this;
    this.#clock = clock;
    this.#rules = {
      ...RULES,
      accounting,
      prices: [{ applies: () => true, input: 3, output: 15 }],
      indexes: true,
    };
    const settings = { name: 'default', baseUrl: url, organizationId: null, projectId: null, concurrency: 4, pageSize };
    this.#source = createSource(
      {
        ...settings,
        apiKey: { current: () => 'key', refresh: async () => 'key' },
        requestsPerMinute: 0,
        historyShare: 0.5,
        requestTimeoutMs,
        connection: DIRECT,
      },
      { clock, logger, observer: SILENT },
    );
    this.#metrics = createMetrics({
      clock,
      log: logger,
      rules: this.#rules,
      build: BUILD,
      processMetrics: false,
      shared: null,
    });
  }

  /** The state file. */
  get file(): string {
    return path.join(this.#root, 'state.db');
  }

  async start(): Promise<void> {
    const { logger } = this;
    const clock = this.#clock;
    this.#store = await openStore(this.file, { clock, logger, observer: SILENT });
    const deps: Deps = {
      store: this.#store,
      publisher: this.#metrics.publisher,
      observer: SILENT,
      logger,
      clock,
      complaints: new FailureLog(logger, clock),
      rules: this.#rules,
      timing: TIMING,
      fatal: (error) => void this.fatal.push(error),
    };
    const plan = {
      source: this.#source,
      selects: () => true,
      maxPages: 200,
      concurrency: 4,
      historyMegabytesPerMinute: 100,
    };
    this.#poller = new Poller([plan], deps, await this.#store.restore(), new Map());
    await this.#poller.restore();
  }

  async discover(): Promise<boolean> {
    const signal = new AbortController().signal;
    const results = await Promise.all(this.#poller.discoverers.map((d) => d.discover(signal, () => {})));
    return results.every((result) => result.error === null);
  }

  /** Ids of the projects that are polled now. */
  polled(): readonly string[] {
    return this.#poller.registry.workers().map((worker) => worker.ctx.state.project.id);
  }

  /** Polls a project; `due`: by the kind that is due. The error of a failed poll. */
  async poll(projectId: string, kind: PollKind | 'due'): Promise<ExporterError | null> {
    const worker = this.#worker(projectId);
    return await worker.poll(kind === 'due' ? worker.nextKind() : kind);
  }

  /** Reads every history that is due now. */
  async verify(): Promise<void> {
    const signal = new AbortController().signal;
    await Promise.all(this.#poller.verifiers.map((verifier) => verifier.round(signal, ROUND_MS)));
  }

  totals(projectId: string): Totals {
    return this.#worker(projectId).ctx.state.totals;
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

  #worker(projectId: string): Worker {
    const worker = this.#poller.registry.workers().find((w) => w.ctx.state.project.id === projectId);
    if (worker === undefined) throw new Error(`${projectId} is not polled`);
    return worker;
  }
}
