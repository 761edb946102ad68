/** The output of `demo`: the URLs, then a few live lines read from the exporter's own metrics. */
import { setTimeout as after } from 'node:timers/promises';
import type { App } from '../../app.ts';
import type { Logger } from '../../domain/logger.ts';
import { fitting } from '../../terminal.ts';
import { showProgress } from '../process/progress.ts';

export type DemoView = {
  readonly simulator: string;
  /** Called once every project was swept twice. */
  readonly swept: () => void;
  readonly telemetryPath: string;
  /** Usual ports that another process has, so that others were chosen. */
  readonly takenPorts: readonly number[];
  readonly stop: AbortSignal;
  readonly logger: Logger;
};

const LOOK_EVERY_MS = 500;
const LINE_EVERY_MS = 5000;

/** Prints until the signal. Never rejects: the demo does not die of its decoration. */
export async function follow(app: App, view: DemoView): Promise<void> {
  try {
    const url = await listening(app, view.stop);
    process.stdout.write(welcome(url, view));
    await twoSweeps(url + view.telemetryPath, view);
    view.swept();
    for (;;) {
      process.stdout.write(`${line(await scrape(url + view.telemetryPath))}\n`);
      await after(LINE_EVERY_MS, null, { signal: view.stop });
    }
  } catch (error) {
    view.swept();
    if (!view.stop.aborted) view.logger.warn('The live lines of the demo ended', { error });
  }
}

async function listening(app: App, stop: AbortSignal): Promise<string> {
  for (;;) {
    const [url] = app.addresses();
    if (url !== undefined) return url.replace(/\/+$/, '');
    await after(50, null, { signal: stop });
  }
}

function welcome(url: string, { simulator, telemetryPath, takenPorts }: DemoView): string {
  const taken = takenPorts.map((port) => `  (port ${port} is taken by another process, so a free one was chosen)`);
  return [
    'llamacloud-exporter demo: a simulated LlamaCloud and the exporter, no key needed',
    '',
    `  Status page    ${url}/`,
    `  Metrics        ${url}${telemetryPath}`,
    `  Simulated API  ${simulator}`,
    ...taken,
    '',
    'Stop with Ctrl+C.',
    '',
    '',
  ].join('\n');
}

/**
 * Resolves once every project was swept whole twice: sessions that appear after that are known to be new, so their runs
 * are counted from the first one.
 */
async function twoSweeps(metrics: string, view: DemoView): Promise<void> {
  const first = await sweep('First sweep', metrics, 0, view);
  await sweep('Second sweep', metrics, first, view);
}

/** Shows the progress of a sweep; answers when the last project ended it, in seconds since 1970. */
async function sweep(name: string, metrics: string, since: number, { logger, stop }: DemoView): Promise<number> {
  const progress = showProgress(name, logger);
  try {
    for (;;) {
      const values = await scrape(metrics);
      const ends = values('llamacloud_exporter_project_last_full_sweep_timestamp_seconds').filter((end) => end > since);
      const projects = sum(values('llamacloud_exporter_projects'));
      if (projects > 0 && ends.length >= projects) return Math.max(...ends);
      if (projects > 0) progress.update(ends.length, projects, 'projects');
      await after(LOOK_EVERY_MS, null, { signal: stop });
    }
  } finally {
    progress.stop();
  }
}

type Values = (name: string, label?: string) => readonly number[];

/** One look at the metrics. Answers the values of all series of a name, or of those that have a label. */
async function scrape(metrics: string): Promise<Values> {
  const text = await (await fetch(metrics)).text();
  return (name, label = '') =>
    text
      .split('\n')
      .filter((row) => (row.startsWith(`${name}{`) || row.startsWith(`${name} `)) && row.includes(label))
      .map((row) => Number(row.slice(row.lastIndexOf(' '))));
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function line(values: Values): string {
  const total = (name: string, label?: string): string =>
    Math.round(sum(values(`llamacloud_chat_${name}`, label))).toLocaleString('en');
  const cost = sum(values('llamacloud_chat_cost_usd_total')).toFixed(2);
  const parts = [
    new Date().toLocaleTimeString('en-GB'),
    `runs ${total('runs_total')}, failed ${total('run_errors_total')}`,
    `cost $${cost}`,
    `sessions ${total('sessions')}, active ${total('sessions_active', 'window="5m"')}`,
    `tokens in ${total('input_tokens_total')}, out ${total('output_tokens_total')}`,
  ];
  return fitting(parts, '  |  ', process.stdout.isTTY ? process.stdout.columns : null);
}
