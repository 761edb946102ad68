/** The real exporter in a process of its own, with a configuration file and a state in a directory of its own. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type Running, type Setting, scratch, start } from '../cli/program.ts';

/** `state`: the path of a file, or the `postgresql://` URL. */
export type Place = { readonly folder: string; readonly state: string; readonly config: string };

/** A directory with a configuration: the shortest intervals that there are, every run counted. `url`: of a state in PostgreSQL. */
export function place(apiUrl: string, url?: string): Place {
  const folder = scratch();
  const config = path.join(folder, 'exporter.yml');
  const state = url ?? path.join(folder, 'state.db');
  const lines = [
    `accounts: [{ base_url: "${apiUrl}", api_key: key-of-the-test, request_timeout: 10s }]`,
    'polling: { interval: 1s, full_sweep_interval: 2s, discovery_interval: 1s }',
    'accounting: every_run',
    `state: { url: "${url ?? `sqlite:${state}`}" }`,
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  return { folder, state, config };
}

/** Starts it there on a free port; it ends with the test at the latest. */
export function serve(here: Place, setting: Pick<Setting, 'entry'> = {}): Running {
  const running = launch(here, setting);
  onTestFinished(() => void running.child.kill('SIGKILL'));
  return running;
}

/** The same, but the caller has to end it. */
export function launch({ folder, config }: Place, setting: Pick<Setting, 'entry'> = {}, ...flags: string[]): Running {
  const args = [`--config.file=${config}`, '--web.listen-address=127.0.0.1:0', '--log.format=json', ...flags];
  return start(args, { cwd: folder, ...setting });
}

/** Its address, once it listens. */
export async function listening(running: Running): Promise<string> {
  return (await running.said(/http:\/\/127\.0\.0\.1:\d+/))[0];
}

/** Ends it without a warning, by its own process id. */
export async function kill(running: Running): Promise<void> {
  running.child.kill('SIGKILL');
  await running.ended;
}
