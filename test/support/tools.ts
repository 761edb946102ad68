/** Programs that tests run beside the project's own: found on the PATH, or where an environment variable says. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'vitest';

const INSTALL = 'scripts/ci/servers.sh DIR installs it; then put DIR/bin on the PATH';
/** Debian's packages of the programs that are not unpacked by our script. */
const PACKAGES: Readonly<Record<string, string>> = {
  openssl: 'openssl',
  curl: 'curl',
  htpasswd: 'apache2-utils',
  chromium: 'chromium',
  prlimit: 'util-linux',
  script: 'bsdutils',
};
const said = new Set<string>();

function allOnPath(name: string): readonly string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).filter(isExecutable);
}

function onPath(name: string): string | undefined {
  return allOnPath(name)[0];
}

/** A Node below 26 on the PATH; undefined where there is none. */
export function oldNode(): string | undefined {
  return allOnPath('node').find((node) => {
    const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
    return Number(/^v(\d+)\./.exec(stdout ?? '')?.[1] ?? 99) < 26;
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether a program is on the PATH: for tests that add to others, and are left out in silence without it. */
export function hasProgram(name: string): boolean {
  return onPath(name) !== undefined;
}

function installing(name: string): string {
  const packaged = PACKAGES[name];
  return packaged === undefined ? INSTALL : `apt-get install ${packaged}`;
}

/**
 * Path of a program; the variable with its upper-case name (PROMTOOL) goes before the PATH.
 * undefined where it is absent, with a printed reason, once in a file, so that a laptop can run the other tests; an error where CI=true.
 */
export function findTool(name: string, install: string = installing(name)): string | undefined {
  const found = process.env[name.toUpperCase().replaceAll('-', '_')] ?? onPath(name);
  if (found !== undefined) return found;
  const reason = `${name} is not on the PATH (${install})`;
  if (process.env['CI'] === 'true') throw new Error(reason);
  if (!said.has(name)) process.stderr.write(`skipped: ${reason}\n`);
  said.add(name);
  return undefined;
}

/** The program's path, or the end of this test: left out with its reason; failed where CI=true. */
export function tool(context: TestContext, name: string, install: string = installing(name)): string {
  const found = findTool(name, install);
  if (found !== undefined) return found;
  context.skip(`${name} is not installed`);
  throw new Error('unreachable: skip ends the test');
}
