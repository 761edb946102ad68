/** npm as a user runs it: in a folder of its own, free of what `npm test` puts into the environment. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Settings of npm that say how to reach a registry; the others belong to the surrounding `npm test`. */
const KEPT = /^npm_config_(cache|userconfig|globalconfig|registry|cafile|proxy|https_proxy|noproxy)$/i;

export type Ended = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** Runs a program with the folder of `node` first on the PATH. */
export function runWith(node: string, command: string, args: readonly string[], cwd: string): Ended {
  const own = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) || KEPT.test(name));
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((f) => !f.includes('node_modules'));
  const env = { ...Object.fromEntries(own), PATH: [path.dirname(node), ...folders].join(path.delimiter) };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8', timeout: 120_000 });
  return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
}

/** Runs npm on this Node. */
export function npm(args: readonly string[], cwd: string): Ended {
  return runWith(process.execPath, 'npm', args, cwd);
}

/** The reason why a test cannot run here, printed; an error where CI=true. */
export function reasonToSkip(reason: string): string {
  if (process.env['CI'] === 'true') throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return reason;
}
