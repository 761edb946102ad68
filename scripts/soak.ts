/**
 * `npm run soak [-- --minutes 10 --speed 50 --seed 1]`: a living simulator, the real exporter on a real state, scrapes, faults,
 * kills and restarts. Reports the drift of memory, handles and state, and the counts beside the truth. Exits 1 when not flat or not true.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Exporter, fullSweeps } from '../bench/run/exporter.ts';
import { valueOf } from '../bench/run/scrape.ts';
import { FAULTS } from './soak/faults.ts';
import { lifeOptions } from './soak/options.ts';
import { countLines, driftLines, type Line, type Samples } from './soak/report.ts';
import { type Sums, World } from './soak/world.ts';

const { minutes, speed, seed } = lifeOptions('10', '50');
const MINUTE = 60_000;
const PROJECTS = 5;
/** Kills and restarts take this part of the time; after it one process runs to the end. */
const STORMY_PART = 0.25;
/** A process is warm after this part of its time. */
const WARM_PART = 0.3;
const RESTART_EVERY_MS = 15_000;
const FAULT_EVERY_MS = 10_000;
const SAMPLE_EVERY_MS = 2000;
const FULL_SWEEP_S = 20;
const SETTLED_WITHIN_S = 300;
const VERIFIED_WITHIN_S = 600;
const UNVERIFIED = 'llamacloud_exporter_unverified_sessions';
/** docs/accounting.md, L7: two sweeps without it that end two full-sweep intervals apart. */
const DELETED_AFTER_MS = 2 * FULL_SWEEP_S * 1000;

const folder = mkdtempSync(path.join(tmpdir(), 'llamacloud-soak-'));
const length = minutes * MINUTE;
const say = (text: string): void => void process.stderr.write(`... ${text}\n`);

const world = await World.start(seed, speed);
const start = (): Promise<Exporter> =>
  Exporter.start({
    folder,
    baseUrl: world.url,
    interval: '1s',
    fullSweepInterval: `${FULL_SWEEP_S}s`,
    settings: ['accounting: every_run'],
    nodeOptions: [],
  });

/** Changes the faults every few seconds until it is told to stop. */
async function weather(until: number): Promise<void> {
  for (let i = 0; performance.now() < until; i++) {
    await world.faults(FAULTS[i % FAULTS.length] ?? []);
    await sleep(Math.min(FAULT_EVERY_MS, Math.max(0, until - performance.now())));
  }
  await world.faults([]);
}

/** Ends and starts the exporter again and again, by SIGKILL and SIGTERM in turn. */
async function storm(first: Exporter, until: number): Promise<Exporter> {
  let exporter = first;
  for (let i = 0; performance.now() + RESTART_EVERY_MS < until; i++) {
    await sleep(RESTART_EVERY_MS);
    if (i % 2 === 0) await exporter.kill();
    else await exporter.stop();
    say(i % 2 === 0 ? 'killed, started again' : 'stopped, started again');
    exporter = await start();
  }
  return exporter;
}

async function sample(exporter: Exporter, until: number): Promise<Samples> {
  const from = performance.now();
  const samples = { memory: [], handles: [], bytesPerSession: [] } as Record<
    keyof Samples,
    { at: number; value: number }[]
  >;
  while (performance.now() < until) {
    await sleep(SAMPLE_EVERY_MS);
    const text = await exporter.until((now) => valueOf(now, 'llamacloud_exporter_state_sessions') !== null, 30);
    if (performance.now() - from < (until - from) * WARM_PART) continue;
    const at = performance.now() / 1000;
    const sessions = valueOf(text, 'llamacloud_exporter_state_sessions') ?? 0;
    samples.memory.push({ at, value: exporter.memory() });
    samples.handles.push({ at, value: exporter.handles() });
    samples.bytesPerSession.push({ at, value: statSync(path.join(folder, 'state.db')).size / sessions });
  }
  return samples;
}

function countedIn(text: string): Sums {
  const counter = (name: string): number => valueOf(text, `llamacloud_chat_${name}_total`) ?? 0;
  return {
    runs: counter('runs'),
    failed: counter('run_errors'),
    inputTokens: counter('input_tokens'),
    outputTokens: counter('output_tokens'),
    turns: counter('turns'),
  };
}

/** Seconds: when the project whose full sweep ended longest ago ended it. */
function oldestSweep(text: string): number {
  const family = /^llamacloud_exporter_project_last_full_sweep_timestamp_seconds\{.*\} (\S+)$/gm;
  return Math.min(...[...text.matchAll(family)].map((match) => Number(match[1])));
}

/**
 * With life at rest: the metrics once every history that waited was read, every project was swept whole since, and again after the time
 * that makes a missing session a deleted one. On a busy machine many histories may wait: counters are exact once none does.
 */
async function settled(exporter: Exporter): Promise<string> {
  await exporter.until(
    (text) => valueOf(text, 'llamacloud_exporter_unverified_sessions') === 0,
    VERIFIED_WITHIN_S,
    1000,
  );
  for (const wait of [0, DELETED_AFTER_MS, 0]) {
    await sleep(wait);
    const since = Date.now() / 1000;
    await exporter.until((text) => oldestSweep(text) > since, SETTLED_WITHIN_S, 1000);
    await exporter.until((text) => valueOf(text, UNVERIFIED) === 0, VERIFIED_WITHIN_S, 1000);
  }
  return exporter.metrics();
}

let exporter = await start();
await exporter.until((text) => fullSweeps(text) >= PROJECTS, 60);
const since = Date.now() * 1000;
const end = performance.now() + length;
say(`life begins: ${minutes} minutes at speed ${speed}`);
world.live();
const faults = weather(end);
exporter = await storm(exporter, performance.now() + length * STORMY_PART);
say('one process from here on');
const samples = await sample(exporter, end);
await faults;
world.rest();
say('life rests; the last runs are counted');
const text = await settled(exporter);
const truth = await world.truth(since);
await exporter.stop();
await world.stop();
rmSync(folder, { recursive: true, force: true });

const sessions = valueOf(text, 'llamacloud_chat_sessions') ?? 0;
const report: readonly Line[] = [...driftLines(samples), ...countLines(countedIn(text), truth, sessions)];
for (const line of report) process.stdout.write(`${line.ok ? 'ok   ' : 'DRIFT'} ${line.text}\n`);
process.exitCode = report.every((line) => line.ok) ? 0 : 1;
