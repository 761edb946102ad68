#!/usr/bin/env node
/** Entry point. Nothing that needs a new Node is imported before its version is known to be new enough. */
import { setFlagsFromString } from 'node:v8';
import { holdSignals } from './commands/process/signals.ts';

// First of all: a signal that comes before ends the process as the system has it.
holdSignals();

const NEEDED = 26;

if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  process.stderr.write(
    `llamacloud-exporter needs Node ${NEEDED} or newer, and this is Node ${process.versions.node}: ` +
      `install a newer one from https://nodejs.org, or run it by "npx --package=node@${NEEDED} --package=llamacloud-exporter llamacloud-exporter".\n`,
  );
  process.exitCode = 1;
} else {
  // The young generation of the heap: 1 MB at first, 8 MB once it has grown, which loading the program brings about, and no more
  // than that. V8 would go up to 16 MB, twice, for pages of which little lives longer than a moment: 30 MB that sweep no faster.
  setFlagsFromString('--semi-space-growth-factor=8');
  // The old generation: collected once it has grown by half, not fourfold. 90 MB less at a million sessions, which sweep as fast.
  setFlagsFromString('--heap-growing-percent=50');
  const { run } = await import('./cli.ts');
  setFlagsFromString('--semi-space-growth-factor=1');
  process.exit(await run(process.argv.slice(2)));
}
