#!/usr/bin/env node
/** Entry point. Nothing is imported before the version of Node is known to be new enough for it. */
const NEEDED = 26;

if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  process.stderr.write(
    `llamacloud-exporter needs Node ${NEEDED} or newer, and this is Node ${process.versions.node}: ` +
      `install a newer one from https://nodejs.org, or run it by "npx --package=node@${NEEDED} --package=llamacloud-exporter llamacloud-exporter".\n`,
  );
  process.exitCode = 1;
} else {
  const { run } = await import('./cli.ts');
  process.exit(await run(process.argv.slice(2)));
}
