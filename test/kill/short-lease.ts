/** The program with short leases, so that a test can kill it often: the next process takes over within seconds. */
import { run } from '../../src/cli.ts';
import { PARTS } from '../../src/commands/parts.ts';
import { SECOND } from '../../src/domain/time.ts';
import { TUNING } from '../../src/state/postgres/members/tuning.ts';

Object.assign(TUNING, { lease: 2 * SECOND, beatMs: 400, deadlineMs: 1_600 });

process.exit(await run(process.argv.slice(2), PARTS));
