/** `once`: one full poll of every project, the metrics to stdout or a file. */
import type { FailedProject, OnceProgress } from '../app.ts';
import type { Logger } from '../domain/logger.ts';
import { type Command, prepare, sayWarnings } from './invocation.ts';
import { checkWritable, writeWhole } from './process/output-file.ts';
import { showProgress } from './process/progress.ts';
import { stopSignal } from './process/signals.ts';

export const once: Command = async (run) => {
  const signal = stopSignal();
  const { config, deps } = await prepare(run);
  sayWarnings(config, deps.logger);
  const { logger } = deps;
  const output = typeof run.flags.output === 'string' && run.flags.output !== '-' ? run.flags.output : null;
  if (output !== null) await checkWritable(output);
  const progress = showProgress('Reading projects', logger);
  const onProgress = ({ projectsDone, projects, sessions }: OnceProgress): void =>
    progress.update(projectsDone, projects, `${sessions.toLocaleString('en')} sessions`);
  const { runOnce } = await run.parts.app();
  let zerosWritten = false;
  // A reader of the file sees new counters at 0 before they rise; whoever reads stdout gets all at once, and could not.
  const writeZeros = async (path: string, text: string): Promise<void> => {
    await writeWhole(path, text);
    zerosWritten = true;
  };
  const onZeros = output === null ? null : (text: string): Promise<void> => writeZeros(output, text);
  try {
    const { text, failedProjects } = await runOnce(config, { ...deps, signal, onZeros, onProgress });
    progress.stop();
    await (output === null ? toStdout(text) : writeWhole(output, text));
    for (const failed of failedProjects) say(failed, logger);
    return failedProjects.length === 0 ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    logger.warn(
      zerosWritten ? 'Interrupted; the file holds what was known before' : 'Interrupted; no metrics were written',
    );
    return 1;
  } finally {
    progress.stop();
  }
};

function say({ project, error }: FailedProject, logger: Logger): void {
  logger.error('Project failed', { project, code: error.code, reason: error.message, fix: error.fix });
}

/** Resolves when the text has left the process: it may be a hundred megabytes, and a pipe takes its time. */
function toStdout(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, () => resolve());
  });
}
