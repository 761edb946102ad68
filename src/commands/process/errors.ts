/** Reports errors to a person: one clear line on stderr, never a stack trace. */
import { ExporterError } from '../../domain/errors.ts';
import type { Logger } from '../../domain/logger.ts';
import { withoutSecrets } from '../../log.ts';

/** Says on stderr what went wrong, and what to do about it. Answers the exit code: 2 wrong usage or configuration, 1 the rest. */
export function report(error: unknown): number {
  process.stderr.write(`llamacloud-exporter: ${withoutSecrets(explained(error))}\n`);
  return error instanceof ExporterError && error.code === 'config' ? 2 : 1;
}

/** The problems of a configuration say themselves what is wanted; other errors come with their fix. */
function explained(error: unknown): string {
  if (error instanceof ExporterError) return error.code === 'config' ? error.message : sentences(error);
  const message = error instanceof Error ? error.message : String(error);
  return `unexpected error: ${message}. Please report it; --log.level=debug shows more.`;
}

/** Message and fix as sentences. */
export function sentences({ message, fix }: ExporterError): string {
  return `${message}${/[.!?:]$/.test(message) ? '' : '.'} ${fix}`.trim();
}

/** From now on an error that nobody caught is logged, and ends the process with 1. */
export function guard(logger: Logger): void {
  const end = (error: unknown): void => {
    logger.error('Stopped by an unexpected error; please report it', { error });
    process.exit(1);
  };
  process.removeListener('uncaughtException', die);
  process.removeListener('unhandledRejection', die);
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

/** Signals of debuggers: a process that does not listen for the second one ends by it. */
const DEBUGGING = ['SIGUSR1', 'SIGUSR2'] as const;

const die = (error: unknown): void => process.exit(report(error));

function onOutputError(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') report(error);
  process.exit(1);
}

/** The same before there is a log. A reader of our output who goes away (`| head`) is no error to talk about. */
export function guardEarly(): void {
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  for (const name of DEBUGGING) process.on(name, () => {});
  process.stdout.on('error', onOutputError);
  process.stderr.on('error', () => process.exit(1));
}
