/** The exporter as users run it: `node src/main.ts serve`, real HTTP, a real state: SQLite in a folder of its own, or PostgreSQL. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../test/support/process.ts';
import { keep } from './processes.ts';
import { scrape, valueOf } from './scrape.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Durations as the configuration file writes them. */
export type ExporterSpec = {
  /** Holds configuration, state and log. */
  readonly folder: string;
  readonly baseUrl: string;
  readonly interval: string;
  readonly fullSweepInterval: string;
  /** Further keys of the account, in YAML's flow form; empty: none. */
  readonly account?: string;
  /** Further lines of the configuration file. */
  readonly settings: readonly string[];
  /** Options for Node itself, such as `--cpu-prof`. */
  readonly nodeOptions: readonly string[];
  /** `state.url`; default: SQLite in the folder. */
  readonly state?: string;
  /** Further flags of `serve`. */
  readonly flags?: readonly string[];
};

/** Percentiles of the event loop's delay, milliseconds. */
export type LoopDelay = { readonly p50: number; readonly p99: number; readonly max: number };

export class Exporter {
  readonly metricsUrl: string;
  readonly #child: ReturnType<typeof start>;

  private constructor(child: ReturnType<typeof start>, port: number) {
    this.#child = child;
    this.metricsUrl = `http://127.0.0.1:${port}/metrics`;
  }

  /** Resolves as soon as the process is started. */
  static async start(spec: ExporterSpec): Promise<Exporter> {
    const port = await freePort();
    writeFileSync(path.join(spec.folder, 'config.yaml'), configOf(spec));
    return new Exporter(start(spec, port), port);
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  metrics(): Promise<string> {
    return scrape(this.metricsUrl);
  }

  /** The first text for which `wanted` is true. Rejects when the process ends or `seconds` have passed. */
  async until(wanted: (text: string) => boolean, seconds: number, everyMs = 200): Promise<string> {
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) {
      if (this.#child.exitCode !== null) throw new Error(`the exporter ended with ${this.#child.exitCode}`);
      const text = await this.metrics().catch(() => '');
      if (text !== '' && wanted(text)) return text;
      await sleep(everyMs);
    }
    throw new Error(`the exporter did not come so far within ${seconds} s`);
  }

  /** What each of the next `count` full sweeps of the only project took, seconds. */
  async sweeps(count: number, seconds: number): Promise<number[]> {
    const took: number[] = [];
    let ended = fullSweeps(await this.metrics());
    while (took.length < count) {
      const text = await this.until((now) => fullSweeps(now) > ended, seconds);
      ended = fullSweeps(text);
      took.push(valueOf(text, 'llamacloud_exporter_poll_duration_seconds', 'kind="full"') ?? Number.NaN);
    }
    return took;
  }

  /** Stops the process where it stands, so that it costs nothing, and lets it go on. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  /** Ends the process as a crash of the machine would. */
  async kill(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  /** Resident memory now, MB (10^6 bytes). */
  memory(): number {
    return statusOf(this.pid, 'VmRSS');
  }

  /** Open file descriptors. */
  handles(): number {
    return readdirSync(`/proc/${this.pid}/fd`).length;
  }

  /** Largest resident memory so far, MB (10^6 bytes). */
  peakMemory(): number {
    return statusOf(this.pid, 'VmHWM');
  }

  /** Delay since the last call, or since the start. Needs the preload. */
  async loopDelay(): Promise<LoopDelay> {
    const answer = once(this.#child, 'message');
    this.#child.send('delay');
    return (await answer)[0] as LoopDelay;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGCONT');
    this.#child.kill('SIGTERM');
    await ended;
  }
}

/** Option for Node that lets `loopDelay` be asked for. */
export const WITH_LOOP_DELAY = ['--import', path.join(ROOT, 'bench/run/loop-delay.ts')] as const;

/** Full sweeps that succeeded, of all projects. */
export function fullSweeps(text: string): number {
  return valueOf(text, 'llamacloud_exporter_polls_total', 'kind="full"', 'outcome="success"') ?? 0;
}

function start({ folder, nodeOptions, flags = [] }: ExporterSpec, port: number) {
  const log = openSync(path.join(folder, 'exporter.log'), 'a');
  const args = ['serve', '--config.file', 'config.yaml', '--web.listen-address', `127.0.0.1:${port}`, ...flags];
  return keep(
    spawn(process.execPath, [...nodeOptions, path.join(ROOT, 'src/main.ts'), ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', log, log, 'ipc'],
    }),
  );
}

/** The defaults, but for what the spec says. */
function configOf(spec: ExporterSpec): string {
  const { baseUrl, interval, fullSweepInterval, settings, account = '', state = 'sqlite:state.db' } = spec;
  return `accounts:
  - { name: bench, base_url: "${baseUrl}", api_key: "bench-key"${account === '' ? '' : `, ${account}`} }
polling: { interval: ${interval}, full_sweep_interval: ${fullSweepInterval} }
state: { url: "${state}" }
prices:
  - { projects: ["*"], input: 3.00, output: 15.00 }
${settings.join('\n')}
`;
}

function statusOf(pid: number, field: string): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return (Number(found?.[1]) * 1024) / 1e6;
}
