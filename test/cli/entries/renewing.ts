/** The program as main.ts starts it, with a renewal of the state that never ends. */
import { run } from '../../../src/cli.ts';
import type { Parts } from '../../../src/commands/parts.ts';
import { holdSignals } from '../../../src/commands/process/signals.ts';

holdSignals();

const parts: Parts = {
  app: () =>
    Promise.resolve({
      createApp: () => Promise.reject(new Error('not here')),
      runOnce: () => Promise.reject(new Error('not here')),
      createSources: () => [],
      checkState: async () => null,
      renewState: () => {
        process.stdout.write('renewing\n');
        return new Promise(() => setInterval(() => {}, 1000));
      },
    }),
  simulator: () => Promise.reject(new Error('not here')),
};

process.exit(await run(process.argv.slice(2), parts));
