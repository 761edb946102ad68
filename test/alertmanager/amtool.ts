/** The shipped configuration of Alertmanager, and amtool to question it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const ALERTMANAGER_DIRECTORY = join(import.meta.dirname, '../../alertmanager');
export const CONFIG = join(ALERTMANAGER_DIRECTORY, 'alertmanager.yml');

const run = promisify(execFile);

/** Standard output of `amtool`; an error with what it printed where it fails. */
export async function ask(amtool: string, ...args: readonly string[]): Promise<string> {
  return (await run(amtool, [...args])).stdout;
}

/** Receivers that get an alert with these labels. */
export async function receivers(amtool: string, labels: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const answer = await ask(amtool, 'config', 'routes', 'test', `--config.file=${CONFIG}`, ...pairs);
  return answer.trim().split(',');
}
