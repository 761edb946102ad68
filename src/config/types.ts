/** The configuration after validation. Only config.ts makes one: the brand keeps others from it. */
import type { Project } from '../domain/project.ts';
import type { Rules } from '../domain/rules.ts';
import type { KeySource } from './accounts/secrets.ts';
import type { ListenAddress } from './addresses.ts';
import type { PasswordSource } from './password.ts';

export type AccountConfig = {
  /** Value of the label `account`; unique. */
  readonly name: string;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly apiKey: KeySource;
  /** Null: all that the key can see. */
  readonly organizationId: string | null;
  /** Not null: this project only, without discovery. */
  readonly projectId: string | null;
  /** Whether a discovered project is to be polled. */
  readonly selects: (project: Pick<Project, 'id' | 'name'>) => boolean;
  /** 0: no limit of our own. */
  readonly requestsPerMinute: number;
  readonly concurrency: number;
  readonly requestTimeoutMs: number;
  readonly connection: ConnectionConfig;
  /** The share of the requests that histories may have where a limit is in force, 0.05 to 1. */
  readonly historyShare: number;
  /** Megabytes (of 1,000,000 bytes) of histories that may be read per minute; 0: no limit. */
  readonly historyMegabytesPerMinute: number;
  readonly pageSize: number;
  readonly maxPages: number;
};

/** How requests reach the API. */
export type ConnectionConfig = {
  /** With user and password where it has them: a secret. Null: directly. */
  readonly proxyUrl: string | null;
  /** CAs trusted beside those of the system, PEM; null: none. */
  readonly ca: string | null;
  /** What the exporter shows to a gateway, PEM; null: nothing. */
  readonly clientCertificate: { readonly cert: string; readonly key: string } | null;
};

export type PollingConfig = {
  readonly intervalMs: number;
  readonly fullSweepIntervalMs: number;
  readonly discoveryIntervalMs: number;
  readonly staleAfterMs: number;
};

export type WebSettings = {
  readonly listenAddresses: readonly ListenAddress[];
  readonly telemetryPath: string;
  /** Under which people reach the exporter, without a slash at its end; null: not given. */
  readonly externalUrl: string | null;
  /** Prefix of all paths: empty, or like `/llamacloud`. */
  readonly routePrefix: string;
  /** exporter-toolkit's web configuration file; null: none. */
  readonly configFile: string | null;
  readonly maxRequests: number;
  readonly enableLifecycle: boolean;
};

export type StateConfig = {
  /** `sqlite:PATH`, `sqlite::memory:` or `postgresql://...`, which may hold a password: never shown. */
  readonly url: string;
  /** The same without user, password and parameters. */
  readonly shown: string;
  /** The password of the database where the URL has none. */
  readonly password: PasswordSource;
  /** The absolute path that `password` is read from; null: none. */
  readonly passwordFile: string | null;
  /** What this process is called among the replicas; null: as its host. */
  readonly memberName: string | null;
  /** What all replicas must agree on, as a short hash. */
  readonly rules: string;
};

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_FORMATS = ['json', 'logfmt', 'pretty'] as const;
/** `auto`: pretty on a terminal, else JSON. */
type LogFormat = (typeof LOG_FORMATS)[number] | 'auto';

export type LogSettings = { readonly level: LogLevel; readonly format: LogFormat };

declare const validated: unique symbol;

/** A configuration that was validated whole. */
export type Config = {
  readonly accounts: readonly AccountConfig[];
  readonly polling: PollingConfig;
  readonly rules: Rules;
  readonly state: StateConfig;
  readonly web: WebSettings;
  readonly log: LogSettings;
  /** As given by --config.file; null: none. */
  readonly configFile: string | null;
  /** What is allowed and yet deserves a word in the log. */
  readonly warnings: readonly string[];
  readonly [validated]: true;
};
