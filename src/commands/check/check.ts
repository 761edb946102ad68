/** `check`: tries the configuration, a shared database, the key, discovery, one page and one event history per project; the first thing to run when there is a problem. */
import { styleText } from 'node:util';

import type { OpenSource } from '../../app.ts';
import { createLogger } from '../../log.ts';
import { type Command, prepare, sayWarnings } from '../invocation.ts';
import { showProgress } from '../process/progress.ts';
import { stopSignal } from '../process/signals.ts';
import { type AccountFound, probe } from './probe.ts';
import { checkReport } from './report.ts';

export const check: Command = async (run) => {
  const { config, deps } = await prepare(run);
  sayWarnings(config, deps.logger);
  // Retries and failures are part of the report: in the log they would be said twice, unless someone wants to see them.
  const level = config.log.level === 'debug' ? 'debug' : 'error';
  const logger = createLogger({ ...config.log, level });
  const signal = stopSignal();
  const { createSources, checkState } = await run.parts.app();
  const state = await checkState(config);
  const sources = createSources(config, { ...deps, logger });
  const progress = showProgress('Trying projects', deps.logger);
  try {
    const found: AccountFound[] = [];
    for (const account of config.accounts) {
      const open = sources.find(({ source }) => source.account === account.name);
      if (open === undefined) throw new RangeError(`no source for account ${account.name}`);
      progress.update(0, 0, `account ${account.name}`);
      found.push(
        await probe(
          account,
          { source: open.source, accounting: config.rules.accounting, clock: deps.clock, signal },
          (done, total, name) => progress.update(done, total, name),
        ),
      );
    }
    progress.stop();
    const { text, ok } = checkReport(found, config.rules.accounting, state);
    process.stdout.write(highlighted(text));
    return ok ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    return 1;
  } finally {
    progress.stop();
    await closeAll(sources);
  }
};

async function closeAll(sources: readonly OpenSource[]): Promise<void> {
  await Promise.allSettled(sources.map(async (open) => open.close()));
}

/** Colour on a terminal that has it, by the habits of NO_COLOR and FORCE_COLOR. */
function highlighted(text: string): string {
  return text
    .replaceAll(/FAILED|REJECTED|What failed/g, (word) => styleText('red', word))
    .replaceAll(/^(?:Account|State) .*|^ +(?:PROJECT|DATABASE) .*/gm, (line) => styleText('bold', line))
    .replace(/^All is well\.$/m, (line) => styleText('green', line));
}
