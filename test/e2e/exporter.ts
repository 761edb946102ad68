/** The real exporter as a process: configured by a file, scraped over HTTP. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Running, start } from '../cli/program.ts';

export type ExporterProcess = {
  readonly url: string;
  readonly running: Running;
  scrape(accept?: string): Promise<string>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
};

export type Setup = {
  readonly apiUrl: string;
  /** Folder of configuration and state; a later process on the same folder goes on with that state. */
  readonly folder: string;
  /** More YAML, at the top level. */
  readonly extra?: string;
  /** More YAML of the account. */
  readonly account?: string;
};

export const newFolder = (): string => mkdtempSync(path.join(tmpdir(), 'e2e-'));

/** Writes the configuration file and answers its path. */
export function writeConfig({ apiUrl, folder, extra = '', account = '' }: Setup): string {
  const file = path.join(folder, 'config.yml');
  const polling = 'polling: { interval: 1s, full_sweep_interval: 2s, discovery_interval: 1s, stale_after: 1h }';
  const state = `state: { url: "sqlite:${path.join(folder, 'state.db')}" }`;
  writeFileSync(
    file,
    `accounts: [{ name: default, base_url: "${apiUrl}", api_key: llx-e2e-key${account === '' ? '' : `, ${account}`} }]\n${polling}\n${state}\n${extra}\n`,
  );
  return file;
}

/** Starts `serve` on a free port, or on a port of which the caller knows that it is free, and waits until it listens. */
export async function startExporter(setup: Setup, port = 0): Promise<ExporterProcess> {
  const file = writeConfig(setup);
  const running = start([`--config.file=${file}`, `--web.listen-address=127.0.0.1:${port}`, '--log.format=json']);
  const url = (await running.said(/(http:\/\/127\.0\.0\.1:\d+)/))[1] as string;
  return {
    url,
    running,
    scrape: async (accept = 'text/plain') => {
      const answer = await fetch(`${url}/metrics`, { headers: { accept } });
      if (answer.status !== 200) throw new Error(`/metrics answered ${answer.status}`);
      return await answer.text();
    },
    stop: async () => {
      running.child.kill('SIGTERM');
      return (await running.ended).code;
    },
  };
}

/** Scrapes until `isReady` says so; throws after `seconds` with what was seen last. */
export async function scrapeUntil(
  exporter: ExporterProcess,
  isReady: (text: string) => boolean,
  seconds = 20,
): Promise<string> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const text = await exporter.scrape();
    if (isReady(text)) return text;
    if (performance.now() > deadline) throw new Error(`not in ${seconds} s; last scrape:\n${text.slice(0, 20_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Values by `name{label="value",...}`, labels sorted, without the project's name. */
export function valuesOf(text: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match === null) continue;
    const labels = [...(match[2] ?? '').matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)].filter(
      ([, name]) => name !== 'project',
    );
    const sorted = labels.map(([, name, value]) => `${name}="${value}"`).toSorted();
    values.set(`${match[1]}{${sorted.join(',')}}`, Number(match[3]));
  }
  return values;
}
