/** The image of this checkout, built and run by podman. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findTool } from '../support/tools.ts';

const ROOT = join(import.meta.dirname, '../..');
const INSTALL = '`scripts/ci/containers.sh DIR NODE`, then `. DIR/env`';
const run = promisify(execFile);

/** Whether images can be built here: podman, and a base image that NODE_IMAGE names. Without: an error where CI=true, else a printed reason. */
export function canBuild(): boolean {
  if (findTool('podman', INSTALL) === undefined) return false;
  if (process.env['NODE_IMAGE'] !== undefined) return true;
  const reason = `NODE_IMAGE names no base image (${INSTALL}; with a registry, node:26-bookworm-slim)`;
  if (process.env['CI'] === 'true') throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return false;
}

/** Standard output of podman; an error with what it wrote to standard error. Its words about a missing systemd are left out. */
export async function podman(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('podman', [...args], { maxBuffer: 1 << 26, cwd: ROOT });
  return stdout.trim();
}

/** Exit code of a command of podman. */
export async function exitCode(...args: readonly string[]): Promise<number> {
  return run('podman', [...args]).then(
    () => 0,
    (error: { code?: unknown }) => (typeof error.code === 'number' ? error.code : -1),
  );
}

/** Builds the image under a name. */
export async function build(name: string, ...args: readonly string[]): Promise<void> {
  const base = `NODE_IMAGE=${process.env['NODE_IMAGE'] ?? ''}`;
  await podman('build', '--pull=never', '--format=docker', `--build-arg=${base}`, ...args, '--tag', name, '.');
}

/** What a cautious operator gives it: no capability, no new privilege, not one writable place but the volume. */
export const HARDENED = [
  '--read-only',
  '--read-only-tmpfs=false',
  '--cap-drop=ALL',
  '--security-opt=no-new-privileges',
] as const;
