/** `serve`: runs the exporter until a signal stops it or it fails for good. */

import type { App } from '../app.ts';
import { loadConfig } from '../config/config.ts';
import { Settings } from '../config/flags/settings.ts';
import { Problems } from '../config/problems.ts';
import type { Config } from '../config/types.ts';
import { loadWebConfig } from '../config/web/web-config.ts';
import { formatDuration } from '../domain/duration.ts';
import { ExporterError } from '../domain/errors.ts';
import type { Logger } from '../domain/logger.ts';
import { redact } from '../log.ts';
import { type Command, type Invocation, prepare } from './invocation.ts';
import { report } from './process/errors.ts';
import { aborted, releaseSignals, stoppedInTime, stopSignal } from './process/signals.ts';

const LONG_MS = 3_600_000;

export const serve: Command = async (run) => {
  if (checkOnly(run)) return checkConfig(run);
  let early = false;
  let onHangup = (): void => void (early = true);
  const stop = stopSignal(() => onHangup());
  const { config, deps } = await prepare(run);
  const { createApp } = await run.parts.app();
  const app = await createApp(config, deps);
  onHangup = () => {
    if (!stop.aborted) void reload(app, deps.logger);
  };
  const ended = runUntil(app, stop, deps.logger);
  if (early) onHangup(); // the file may have changed since it was read; the app reloads once it has started
  return ended;
};

/** Starts the app and answers the exit code once it has stopped. Also what the demo does. */
export async function runUntil(app: App, stop: AbortSignal, logger: Logger): Promise<number> {
  const alive = setInterval(() => {}, LONG_MS); // a process in which nothing is open for a moment must not end
  const failure = stop.aborted ? undefined : await Promise.race([aborted(stop), app.failed, startup(app)]);
  if (failure instanceof ExporterError) {
    logger.error('The exporter cannot continue', { reason: failure.message, fix: failure.fix });
  } else logger.info('Stopping');
  const inTime = await stoppedInTime(app.stop());
  clearInterval(alive);
  if (!inTime) logger.error('Stopping took too long; what was committed is safe');
  if (failure === undefined) return inTime ? 0 : 1;
  return failure.code === 'config' ? 2 : 1;
}

/** Settles only when the start fails; then with why. */
function startup(app: App): Promise<ExporterError> {
  return new Promise((resolve) => {
    app.start().catch((error: unknown) => resolve(asExporterError(error)));
  });
}

function asExporterError(error: unknown): ExporterError {
  if (error instanceof ExporterError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ExporterError('startup', message, 'Please report it; --log.level=debug shows more.', error);
}

async function reload(app: App, logger: Logger): Promise<void> {
  try {
    await app.reload();
    logger.info('Configuration reloaded');
  } catch (error) {
    const { message, fix } = asExporterError(error);
    logger.error('Reload failed; the previous configuration stays in force', { reason: message, fix });
  }
}

/** The flag or its variable; a wrong value of the variable is found again when the configuration is loaded. */
function checkOnly({ flags, env }: Invocation): boolean {
  return new Settings(flags, env, new Problems()).switched('config.check');
}

/** `--config.check`: exit 0 or 1, and what is wrong. */
async function checkConfig({ flags, env }: Invocation): Promise<number> {
  releaseSignals();
  try {
    const config = await loadConfig(flags, env, redact);
    if (config.web.configFile !== null) loadWebConfig(config.web.configFile);
    process.stdout.write(`${summary(config)}\n`);
    return 0;
  } catch (error) {
    report(error);
    return 1;
  }
}

function summary(config: Config): string {
  const names = config.accounts.map((account) => `${account.name} at ${account.baseUrl}`);
  return [
    `The configuration is valid${config.configFile === null ? '' : `: ${config.configFile}`}`,
    `  accounts  ${names.join(', ')}`,
    `  polling   every ${formatDuration(config.polling.intervalMs)}, everything every ${formatDuration(config.polling.fullSweepIntervalMs)}`,
    `  state     ${config.state.shown}`,
    ...config.warnings.map((warning) => `  warning   ${warning}`),
  ].join('\n');
}
