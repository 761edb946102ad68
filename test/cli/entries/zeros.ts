/** The program with a round that has zeros to show before its polls: says what the file held then. */
import { readFileSync } from 'node:fs';
import { run } from '../../../src/cli.ts';
import type { Parts } from '../../../src/commands/parts.ts';

const parts: Parts = {
  app: () =>
    Promise.resolve({
      createApp: () => Promise.reject(new Error('not here')),
      runOnce: async (_, { onZeros }) => {
        await onZeros?.('zeros\n');
        if (onZeros !== null) process.stdout.write(`llama.prom held: ${readFileSync('llama.prom', 'utf8')}`);
        return { text: 'whole\n', failedProjects: [] };
      },
      createSources: () => [],
      checkState: async () => null,
      renewState: async () => ({ location: '', projects: 0 }),
    }),
  simulator: () => Promise.reject(new Error('not here')),
};

process.exit(await run(process.argv.slice(2), parts));
