/** The program of root, which lets go of root's rights once all code is loaded: the tree need not be readable to anybody else. */
import { run } from '../../src/cli.ts';
import { PARTS } from '../../src/commands/parts.ts';

const NOBODY = 65_534;

async function app(): ReturnType<typeof PARTS.app> {
  const loaded = await PARTS.app();
  process.setgroups?.([]);
  process.setgid?.(NOBODY);
  process.setuid?.(NOBODY);
  return loaded;
}

process.exit(await run(process.argv.slice(2), { ...PARTS, app }));
