/** The ports between the parts and the web server. */
import type { ExporterError } from './errors.ts';
import type { ProjectDetail, Status } from './status.ts';
import type { ProjectView } from './view.ts';

/** Takes committed values for publication. Rendering follows by itself: at once, and after a rest where it takes long. */
export interface Publisher {
  put(view: ProjectView): void;
  /** Withdraws all series of a project. */
  drop(projectId: string): void;
}

/** `text`: Prometheus text 0.0.4; `openmetrics`: OpenMetrics 1.0. */
export type Format = 'text' | 'openmetrics';

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/**
 * What a scrape asks for. `projects`: what the state knows, the same from every process that shares it; `exporter`: this process;
 * `both`: the one after the other, no family twice.
 */
export type Part = 'projects' | 'exporter' | 'both';

/**
 * The rendered exposition. The first call for a format renders it; later ones answer what is there. With a state that several processes
 * share, `projects` and `both` wait for all that was committed before the call, and reject with an ExporterError while it cannot be had.
 */
export interface SnapshotSource {
  /** One complete gzip member. The same buffer is answered until the content changes. */
  gzip(part: Part, format: Format): Promise<Buffer>;
  /** The same, inflated as a stream. */
  identity(part: Part, format: Format): Promise<NodeJS.ReadableStream>;
  /** True once a snapshot with project data was published (restored state counts), unless the last scrape or check was refused. */
  ready(): boolean;
  /** Tries what a scrape of the projects waits for; answers why it would be refused, null: it would not. */
  check(): Promise<ExporterError | null>;
}

export interface StatusSource {
  status(): Status;
  /** One project in more detail; null: it is not shown. */
  project(id: string): ProjectDetail | null;
}

export interface Lifecycle {
  /** Reads the configuration again. Rejects with an ExporterError of code `config` when it is bad; then nothing has changed. */
  reload(): Promise<void>;
}

/** TLS and users, as exporter-toolkit's web configuration defines them; validated, files read. */
export type WebConfig = {
  readonly tls: TlsConfig | null;
  /** bcrypt hashes by user name; empty: no authentication. */
  readonly users: Readonly<Record<string, string>>;
  /** Extra headers on every answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly http2: boolean;
};

/** PEM texts, and the options as Node's `tls` names them. */
export type TlsConfig = {
  readonly cert: string;
  readonly key: string;
  readonly clientCa: string | null;
  readonly clientAuth: 'none' | 'request' | 'require_any' | 'verify_if_given' | 'require_and_verify';
  readonly minVersion: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  readonly maxVersion: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  /** OpenSSL names, empty: Node's default. */
  readonly cipherSuites: readonly string[];
  /** OpenSSL curve names, empty: Node's default. */
  readonly curves: readonly string[];
};

/** The web configuration as it is now; the files behind it are read again when they change. */
export interface WebConfigSource {
  current(): WebConfig;
  /** Calls `listener` after each change that validated; answers the unsubscriber. */
  onChange(listener: (config: WebConfig) => void): () => void;
  stop(): void;
}
