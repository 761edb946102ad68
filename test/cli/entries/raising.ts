/** The program, to which signals come while it is being loaded: `RAISE` names them, `RAISE_AT` says how early. */
import { setTimeout as after } from 'node:timers/promises';
import { run } from '../../../src/cli.ts';
import { PARTS, type Parts } from '../../../src/commands/parts.ts';
import { holdSignals } from '../../../src/commands/process/signals.ts';

async function raise(stage: string): Promise<void> {
  if (process.env['RAISE_AT'] !== stage) return;
  for (const name of (process.env['RAISE'] ?? '').split(' ')) process.kill(process.pid, name);
  await after(50); // until they have been delivered
}

const parts: Parts = {
  ...PARTS,
  app: async () => {
    await raise('loading');
    return await PARTS.app();
  },
};

holdSignals();
await raise('early');
process.exit(await run(process.argv.slice(2), parts));
