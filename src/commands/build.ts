/** Version and revision of what is running. */
import { readFileSync } from 'node:fs';
import { arch, platform } from 'node:process';

import { type Environment, processEnvironment, REVISION_VARIABLE, variable } from '../config/flags/environment.ts';
import type { Build } from './parts.ts';

/** The environment of this process. */
export const environment = (): Environment => processEnvironment();

const ROOT = new URL('../../', import.meta.url);

/** The version of package.json; the git revision of the image, else of the checkout, else `unknown`. */
export function readBuild(env: Environment): Build {
  const { version } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { version: string };
  return { version, revision: variable(env, REVISION_VARIABLE) ?? checkedOut() ?? 'unknown' };
}

/** The commit of the checkout that this file is in; null outside of one. */
function checkedOut(): string | null {
  try {
    const head = readFileSync(new URL('.git/HEAD', ROOT), 'utf8').trim();
    const commit = head.startsWith('ref: ')
      ? readFileSync(new URL(`.git/${head.slice(5)}`, ROOT), 'utf8').trim()
      : head;
    return /^[0-9a-f]{40,64}$/.test(commit) ? commit : null;
  } catch {
    return null;
  }
}

/** What `--version` prints, in the form of the Prometheus family. */
export function versionText({ version, revision }: Build): string {
  return [
    `llamacloud-exporter, version ${version} (revision: ${revision})`,
    `  node version: ${process.version}`,
    `  platform:     ${platform}/${arch}`,
    '',
  ].join('\n');
}
