/** The real exporter under a configuration file that a test writes whole, writes again, and has read again. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Simulator } from '../../src/simulator/api/server.ts';
import { type Setting, start } from '../cli/program.ts';
import { type ExporterProcess, newFolder } from './exporter.ts';

/** One line of the JSON log. */
export type LogLine = { readonly level: string; readonly msg: string } & Readonly<Record<string, unknown>>;

export type Configured = ExporterProcess & {
  readonly folder: string;
  /** What stderr has said so far, as written and by lines. */
  text(): string;
  lines(): readonly LogLine[];
  /** Lines of level `warn` and `error` with these words in the message. */
  warnings(words: string): readonly LogLine[];
  /** Writes the file again, in one step; nobody reads it yet. */
  write(yaml: string): void;
  /** POST /-/reload. */
  reload(): Promise<{ status: number; text: string }>;
  /** Ends the process whatever it does, and removes its folder. */
  dispose(): Promise<void>;
};

export const QUICK = 'polling: { interval: 1s, full_sweep_interval: 2s, discovery_interval: 1s, stale_after: 1h }';

/** The state of a test's exporter. */
export const stateOf = (folder: string): string => path.join(folder, 'state.db');

export type Options = Setting & { readonly folder?: string; readonly args?: readonly string[] };

/** Starts `serve` on a free port with its state in a new folder, and waits until it listens. Reloading over HTTP is on. */
export async function startConfigured(yaml: string, options: Options = {}): Promise<Configured> {
  const { args = [], folder = newFolder(), ...setting } = options;
  const file = path.join(folder, 'config.yml');
  const write = (text: string): void => {
    const whole = text.includes('state:') ? text : `${text}\nstate: { url: "sqlite:${stateOf(folder)}" }\n`;
    writeFileSync(`${file}.new`, whole);
    renameSync(`${file}.new`, file);
  };
  write(yaml);
  const own = ['--web.listen-address=127.0.0.1:0', '--web.enable-lifecycle', '--log.format=json'];
  const running = start([`--config.file=${file}`, ...own, ...args], setting);
  const { child } = running;
  let text = '';
  child.stderr?.on('data', (chunk: string) => {
    text += chunk;
  });
  const [url] = (await running.said(/http:\/\/127\.0\.0\.1:\d+(?=[\s"]+[^\n]*"version")/)) as unknown as [string];
  const lines = (): LogLine[] => text.split('\n').slice(0, -1).map(parse);
  return {
    url,
    running,
    folder,
    write,
    lines,
    text: () => text,
    warnings: (words) => lines().filter((l) => ['warn', 'error'].includes(l.level) && l.msg.includes(words)),
    async scrape(accept = 'text/plain') {
      const answer = await fetch(`${url}/metrics`, { headers: { accept } });
      if (answer.status !== 200) throw new Error(`/metrics answered ${answer.status}`);
      return await answer.text();
    },
    async reload() {
      const answer = await fetch(`${url}/-/reload`, { method: 'POST' });
      return { status: answer.status, text: await answer.text() };
    },
    async stop() {
      child.kill('SIGTERM');
      return (await running.ended).code;
    },
    async dispose() {
      child.kill('SIGKILL');
      await running.ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function parse(line: string): LogLine {
  return JSON.parse(line) as LogLine;
}

/** The keys that a simulator was shown, each once. */
export function keysShownTo(simulator: Simulator): readonly string[] {
  const shown = simulator.requests.log().map(({ headers }) => String(headers['authorization']));
  return [...new Set(shown)].toSorted();
}
