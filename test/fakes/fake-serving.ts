/** The ports that the web server asks, as plain values that a test may change. */
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';

import type { ExporterError } from '../../src/domain/errors.ts';
import type {
  Format,
  Lifecycle,
  Part,
  SnapshotSource,
  StatusSource,
  WebConfig,
  WebConfigSource,
} from '../../src/domain/serving.ts';
import type { SessionListAnswer, SessionListSource, SessionQuery } from '../../src/domain/session-list.ts';
import type { ProjectDetail, Status } from '../../src/domain/status.ts';

/** Serves fixed texts, with the name of the part before them where it is not both. `held`: while it is set, answers wait for it. */
export class FakeSnapshot implements SnapshotSource {
  texts: Record<Format, string> = { text: 'up 1\n', openmetrics: 'up 1\n# EOF\n' };
  isReady = true;
  held: Promise<void> | null = null;
  /** Why projects are refused; null: they are served. */
  refusal: ExporterError | null = null;
  calls = 0;

  async gzip(part: Part, format: Format): Promise<Buffer> {
    return gzipSync(await this.#text(part, format));
  }

  async identity(part: Part, format: Format): Promise<NodeJS.ReadableStream> {
    return Readable.from([await this.#text(part, format)]);
  }

  ready(): boolean {
    return this.isReady;
  }

  async check(): Promise<ExporterError | null> {
    return this.refusal;
  }

  async #text(part: Part, format: Format): Promise<string> {
    this.calls += 1;
    await this.held;
    if (part !== 'exporter' && this.refusal !== null) throw this.refusal;
    return part === 'both' ? this.texts[format] : `# ${part}\n${this.texts[format]}`;
  }
}

export class FakeStatus implements StatusSource {
  value: Status;
  detail: Partial<ProjectDetail> = {};

  constructor(value: Status) {
    this.value = value;
  }

  status(): Status {
    return this.value;
  }

  /** The details of every project of the status, but for what `detail` changes. */
  project(id: string): ProjectDetail | null {
    const project = this.value.projects.find((candidate) => candidate.id === id);
    if (project === undefined) return null;
    const { now, accounting, problems } = this.value;
    return {
      now,
      accounting,
      project,
      organizationId: '99999999-0000-4000-8000-000000000000',
      failedByClass: [],
      duration: { p50: null, p95: null },
      team: '',
      money: { todayUsd: null, monthUsd: null, dayBudgetUsd: null, monthBudgetUsd: null },
      problems: problems.filter(({ subject }) => subject === id),
      ...this.detail,
    };
  }
}

/** Answers what a test wants, and notes what it was asked. */
export class FakeSessions implements SessionListSource {
  answer: (projectId: string, queries: readonly SessionQuery[]) => SessionListAnswer = (_, queries) =>
    queries.map(() => ({ matched: 0, sessions: [], asOf: '2026-05-04T12:00:00.000Z' }));
  readonly asked: (readonly SessionQuery[])[] = [];

  async lists(projectId: string, queries: readonly SessionQuery[]): Promise<SessionListAnswer> {
    this.asked.push(queries);
    return this.answer(projectId, queries);
  }

  classes(): readonly string[] {
    return ['rate_limited', 'timeout', 'other', 'unknown'];
  }
}

/** Counts reloads, and rejects with `error` when there is one. */
export class FakeLifecycle implements Lifecycle {
  error: Error | null = null;
  reloads = 0;

  async reload(): Promise<void> {
    this.reloads += 1;
    if (this.error !== null) throw this.error;
  }
}

/** A web configuration that a test changes by `set`. */
export class FakeWebConfig implements WebConfigSource {
  #config: WebConfig;
  readonly #listeners = new Set<(config: WebConfig) => void>();

  constructor(change: Partial<WebConfig> = {}) {
    this.#config = { tls: null, users: {}, headers: {}, http2: true, ...change };
  }

  current(): WebConfig {
    return this.#config;
  }

  set(change: Partial<WebConfig>): void {
    this.#config = { ...this.#config, ...change };
    for (const listener of this.#listeners) listener(this.#config);
  }

  onChange(listener: (config: WebConfig) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    this.#listeners.clear();
  }
}
