/** The program of root, which lets go of root's rights once all code is loaded: the tree need not be readable to anybody else. */
import { run } from '../../src/cli.ts';

await import('../../src/commands/serve.ts');

const NOBODY = 65_534;

process.setgroups?.([]);
process.setgid?.(NOBODY);
process.setuid?.(NOBODY);
process.exit(await run(process.argv.slice(2)));
