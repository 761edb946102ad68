/** Watches the web configuration and its certificates, so that they rotate without a restart. */
import { statSync } from 'node:fs';

import type { Logger } from '../../domain/logger.ts';
import type { WebConfig, WebConfigSource } from '../../domain/serving.ts';
import type { Clock } from '../../domain/time.ts';
import { WebConfigProblems } from './problems.ts';
import { NO_WEB_CONFIG, readWebConfig, type WebConfigReading } from './web-config.ts';

/**
 * How often the files are looked at, milliseconds. Looking is robust where watching is not: renames, symbolic links that are
 * swapped (Kubernetes secrets), network file systems.
 */
export const LOOK_EVERY_MS = 1000;

/** A web configuration that never changes; without an argument: none. */
export function fixedWebConfig(config: WebConfig = NO_WEB_CONFIG): WebConfigSource {
  return { current: () => config, onChange: () => () => undefined, stop: () => undefined };
}

/** Reads now (throws an ExporterError of code `config` when the file is bad), and again whenever it or a file that it names changes. */
export function watchWebConfig(path: string, logger: Logger, clock: Clock): WebConfigSource {
  return new WatchedWebConfig(path, logger, clock);
}

class WatchedWebConfig implements WebConfigSource {
  readonly #path: string;
  readonly #logger: Logger;
  readonly #stopped = new AbortController();
  readonly #listeners = new Set<(config: WebConfig) => void>();
  #config: WebConfig;
  #files: readonly string[];
  /** State of the files when they were read last. */
  #seen: string;
  /** Problems that are reported when the next look still finds them: a certificate and its key are rarely replaced in one step. */
  #unreported: WebConfigProblems | null = null;

  constructor(path: string, logger: Logger, clock: Clock) {
    const { result, files, state } = readStable(path, [path]);
    if (result instanceof WebConfigProblems) throw result.toError();
    this.#path = path;
    this.#logger = logger;
    this.#config = result;
    this.#files = files;
    this.#seen = state;
    void this.#watch(clock);
  }

  current(): WebConfig {
    return this.#config;
  }

  onChange(listener: (config: WebConfig) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    this.#stopped.abort();
    this.#listeners.clear();
  }

  async #watch(clock: Clock): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
      if (!signal.aborted) this.#look();
    }
  }

  #look(): void {
    if (stateOf(this.#files) === this.#seen) this.#tell();
    else this.#readAgain();
  }

  #tell(): void {
    if (this.#unreported === null) return;
    const { message, fix } = this.#unreported.toError();
    this.#unreported = null;
    this.#logger.warn('The web configuration changed and is bad; the previous one stays in use', {
      error: message,
      fix,
    });
  }

  #readAgain(): void {
    const { result, files, state } = readStable(this.#path, this.#files);
    this.#files = files;
    this.#seen = state;
    if (result instanceof WebConfigProblems) {
      this.#unreported = result;
      return;
    }
    this.#unreported = null;
    this.#config = result;
    this.#logger.info('The web configuration was read again', { file: this.#path });
    for (const listener of this.#listeners) listener(result);
  }
}

type StableReading = WebConfigReading & { readonly state: string };

/** Most readings in one go, should the file name other files each time. */
const MOST_READINGS = 5;

/** Reads, and answers the state that all files had before they were read: a change in between is found by the next look. */
function readStable(path: string, known: readonly string[]): StableReading {
  let files = known;
  for (let reading = 1; ; reading++) {
    const state = stateOf(files);
    const read = readWebConfig(path);
    if (reading === MOST_READINGS || read.files.join('\n') === files.join('\n')) return { ...read, state };
    files = read.files;
  }
}

/** Changes whenever one of the files is written, replaced, or reached by another link. */
function stateOf(files: readonly string[]): string {
  return files.map(fileState).join('\n');
}

function fileState(file: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(':');
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'gone';
  }
}
