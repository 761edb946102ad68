/** What the composition root is given, and what it makes. */
import type { Config } from '../config/types.ts';
import type { ExporterError } from '../domain/errors.ts';
import type { Logger } from '../domain/logger.ts';
import type { Clock } from '../domain/time.ts';

export type AppDeps = {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly version: string;
  /** Git revision of the build, or `unknown`. */
  readonly revision: string;
  /** Reads the configuration again. Rejects with an ExporterError when it is bad, or changes what a running process cannot. */
  readonly reloadConfig: (previous: Config) => Promise<Config>;
};

/** A running exporter. */
export interface App {
  /** Listens, opens the state, publishes it, starts polling. Rejects with an ExporterError of code `startup` or `config`. */
  start(): Promise<void>;
  /** URLs that are listened on. */
  addresses(): readonly string[];
  reload(): Promise<void>;
  /** Stops between two pages, commits and closes. Never rejects. */
  stop(): Promise<void>;
  /** Settles when the app cannot go on. */
  readonly failed: Promise<ExporterError>;
}
