/** Progress on a terminal, with log lines in between. */
import { showProgress } from '../../../src/commands/process/progress.ts';
import { createLogger } from '../../../src/log.ts';

const logger = createLogger({ level: 'info', format: 'auto' });
const progress = showProgress('Reading projects', logger);
for (let done = 0; done < 5; done += 1) {
  progress.update(done, 5, '12,345 sessions');
  logger.info('Poll failed', { project: 'Customer Support', reason: 'somewhat longer than the terminal is wide' });
}
progress.stop();
