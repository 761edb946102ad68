/** The input of every command, and how most of them begin: load the configuration, make the log. */

import type { AppDeps } from '../app.ts';
import { systemClock } from '../clock.ts';
import { loadConfig, reloadConfig } from '../config/config.ts';
import type { Environment } from '../config/flags/environment.ts';
import type { Flags } from '../config/flags/flags.ts';
import type { Config } from '../config/types.ts';
import type { Logger } from '../domain/logger.ts';
import { createLogger, redact } from '../log.ts';
import type { Build, Parts } from './parts.ts';
import { guard } from './process/errors.ts';

export type Invocation = {
  readonly flags: Flags;
  readonly env: Environment;
  readonly parts: Parts;
  readonly build: Build;
};

/** A command answers its exit code: 0 done, 1 failed. It rejects with an ExporterError for the rest. */
export type Command = (run: Invocation) => Promise<number>;

export type Prepared = { readonly config: Config; readonly deps: AppDeps };

/** Loads the configuration and makes the log. From here on an error that nobody caught is logged, not thrown at the user. */
export async function prepare(run: Invocation): Promise<Prepared> {
  const config = await loadConfig(run.flags, run.env, redact);
  const logger = createLogger(config.log);
  guard(logger);
  return { config, deps: appDeps(run, logger) };
}

/** What the app is made with, beside its configuration. */
export function appDeps({ flags, env, build }: Invocation, logger: Logger): AppDeps {
  return {
    ...build,
    logger,
    clock: systemClock,
    reloadConfig: (previous) => reloadConfig(previous, flags, env, redact),
  };
}

/** What is allowed and yet deserves a word, for commands that run no app: the app says it itself. */
export function sayWarnings(config: Config, logger: Logger): void {
  for (const warning of config.warnings) logger.warn(warning);
}
