/** The program with a round that has zeros to show before its polls: says what the file held then. */
import { readFileSync } from 'node:fs';
import { run } from '../../../src/cli.ts';
import { partsWith } from './absent-app.ts';

const parts = partsWith({
  runOnce: async (_, { onZeros }) => {
    await onZeros?.('zeros\n');
    if (onZeros !== null) process.stdout.write(`llama.prom held: ${readFileSync('llama.prom', 'utf8')}`);
    return { text: 'whole\n', failedProjects: [] };
  },
});

process.exit(await run(process.argv.slice(2), parts));
