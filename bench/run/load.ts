/** Load on an HTTP server, made by a process of its own: `wrk` where it is installed, else a small client of ours. */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { runScript } from './processes.ts';

export const CONNECTIONS = 4;

/** Requests per second, the 99th percentile of the latency in milliseconds, and answers that were no 200. */
export type Load = { readonly perSecond: number; readonly p99Ms: number; readonly failed: number };

const HAS_WRK = spawnSync('wrk', ['--version']).error === undefined;

/** What makes the load, for the report. */
export const GENERATOR = HAS_WRK ? 'wrk' : 'bench/run/load-client.ts';

/** As fast as four connections go, for so many seconds. */
export function load(url: string, seconds: number): Promise<Load> {
  if (HAS_WRK) return wrk(url, seconds);
  return runScript<Load>('bench/run/load-client.ts', [url, String(seconds), String(CONNECTIONS)]);
}

async function wrk(url: string, seconds: number): Promise<Load> {
  const options = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '--timeout', '60s', '--latency'];
  const { stdout } = await promisify(execFile)('wrk', [...options, '-H', 'Accept-Encoding: gzip', url]);
  const [, p99 = '', unit = ''] = /99%\s+([\d.]+)(us|ms|s|m)\b/.exec(stdout) ?? [];
  const errors = /Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? '0';
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    p99Ms: Number(p99) * ({ us: 0.001, ms: 1, s: 1000, m: 60_000 }[unit] ?? Number.NaN),
    failed: Number(errors),
  };
}
