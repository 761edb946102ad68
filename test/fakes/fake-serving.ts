/** The ports that the web server asks, as plain values that a test may change. */
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';

import type {
  Format,
  Lifecycle,
  SnapshotSource,
  StatusSource,
  WebConfig,
  WebConfigSource,
} from '../../src/domain/serving.ts';
import type { Status } from '../../src/domain/status.ts';

/** Serves fixed texts. `held`: while it is set, gzip answers wait for it. */
export class FakeSnapshot implements SnapshotSource {
  texts: Record<Format, string> = { text: 'up 1\n', openmetrics: 'up 1\n# EOF\n' };
  isReady = true;
  held: Promise<void> | null = null;
  calls = 0;

  async gzip(format: Format): Promise<Buffer> {
    this.calls += 1;
    await this.held;
    return gzipSync(this.texts[format]);
  }

  async identity(format: Format): Promise<NodeJS.ReadableStream> {
    this.calls += 1;
    await this.held;
    return Readable.from([this.texts[format]]);
  }

  ready(): boolean {
    return this.isReady;
  }
}

export class FakeStatus implements StatusSource {
  value: Status;

  constructor(value: Status) {
    this.value = value;
  }

  status(): Status {
    return this.value;
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
