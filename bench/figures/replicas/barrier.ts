/** Scrapes that are rendered from a look at the database: of 1,000 projects at rest, and of 10,000 on three members that poll. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WITH_LOOP_DELAY } from '../../run/exporter.ts';
import { fetchCompressed, scrape } from '../../run/scrape.ts';
import type { Stage } from '../../run/stage.ts';
import { quantile } from '../../run/statistics.ts';
import { type Figure, type Result, value } from '../figure.ts';
import { membersOf, stopAll } from './members.ts';

const PROJECTS = 1000;
const SCRAPES = 300;
/** For the statistics that are written behind the last poll. */
const REST_MS = 5_000;
const MANY = 10_000;
/** Sessions of each of the many. */
const FEW = 10;
const MANY_S = 60;
const BUCKET = /^llamacloud_exporter_refresh_duration_seconds_bucket\{le="([^"]+)"\} (\d+)$/gm;

/** Milliseconds that an answer takes, one after the other; compressed, as Prometheus asks for it. */
async function times(url: string, count: number): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < count; i++) {
    const since = performance.now();
    await fetchCompressed(url);
    took.push(performance.now() - since);
    await sleep(20);
  }
  return took;
}

async function measureBarrier(stage: Stage): Promise<readonly Result[]> {
  stage.say(`scrapes of ${PROJECTS} projects with PostgreSQL`);
  const world = await stage.world([{ projects: PROJECTS, sessions: 100 }], 'newest');
  const state = await stage.database();
  const { baseUrl } = world;
  // New projects are polled one interval after their discovery: a first process with a short one reads them all.
  const first = await stage.exporter({ baseUrl, state, interval: '5s', fullSweepInterval: '10m' });
  await first.until((text) => swept(text) >= PROJECTS, 180, 500);
  await first.stop();
  const exporter = await stage.exporter({ baseUrl, state, interval: '10m', fullSweepInterval: '10m' });
  await exporter.until((text) => swept(text) >= PROJECTS, 60, 500);
  await sleep(REST_MS);
  const url = `${exporter.metricsUrl}/projects`;
  await times(url, SCRAPES / 10);
  const took = await times(url, SCRAPES);
  await exporter.stop();
  await world.remove();
  return [
    value({
      name: `scrape p99 with PostgreSQL at rest, ${PROJECTS} projects`,
      measured: quantile(took, 0.99),
      floor: null,
      unit: 'ms',
      floorName: '',
      target: { is: '<=', value: 20 },
      note: `median ${quantile(took, 0.5).toFixed(1)} ms; each looks at the database first`,
    }),
  ];
}

/** Refreshes by the bound of their bucket, seconds; cumulative. */
function buckets(text: string): ReadonlyMap<number, number> {
  return new Map(
    [...text.matchAll(BUCKET)].map(([, le, count]) => [le === '+Inf' ? Infinity : Number(le), Number(count)]),
  );
}

/** Milliseconds: the 99th percentile of the refreshes since `before`, linear within its bucket. */
function p99Since(before: ReadonlyMap<number, number>, now: ReadonlyMap<number, number>): number {
  const counts = [...now].map(([le, count]) => [le, count - (before.get(le) ?? 0)] as const);
  const all = counts.at(-1)?.[1] ?? 0;
  if (all === 0) throw new Error('there was no refresh');
  const wanted = 0.99 * all;
  let [low, below] = [0, 0];
  for (const [le, count] of counts) {
    if (count >= wanted) return 1000 * (low + ((le - low) * (wanted - below)) / Math.max(1, count - below));
    [low, below] = [le, count];
  }
  return Number.NaN;
}

/** Refreshes that a scrape waits for; the one that all are read by is done before. */
async function measureMany(stage: Stage): Promise<readonly Result[]> {
  stage.say(`${MANY} projects on three members`);
  const world = await stage.world([{ projects: MANY, sessions: FEW }], 'newest');
  const spec = { baseUrl: world.baseUrl, interval: '1m', fullSweepInterval: '10m', nodeOptions: WITH_LOOP_DELAY };
  const members = await membersOf(stage, MANY, spec);
  for (const member of members) await member.until((text) => swept(text) >= MANY, 600, 5000);
  stage.say('all are swept; they poll on');
  const before: ReadonlyMap<number, number>[] = [];
  for (const member of members) {
    before.push(buckets(await scrape(`${member.metricsUrl}/exporter`)));
    await member.loopDelay();
  }
  const requests = await world.requests();
  await Promise.all(members.map((member) => probe(member.metricsUrl)));
  const refresh: number[] = [];
  const delay: number[] = [];
  for (const [i, member] of members.entries()) {
    delay.push((await member.loopDelay()).p99);
    refresh.push(p99Since(before[i] ?? new Map(), buckets(await scrape(`${member.metricsUrl}/exporter`))));
  }
  const rate = ((await world.requests()) - requests) / MANY_S;
  const memory = members.map((member) => member.peakMemory());
  await stopAll(members);
  await world.remove();
  const common = { floor: null, unit: 'ms', floorName: '' };
  const note = `${rate.toFixed(0)} polls/s together; peak memory ${memory.map((mb) => mb.toFixed(0)).join(', ')} MB`;
  const name = `${MANY} projects on three members`;
  return [
    value({
      ...common,
      name: `${name}: refresh p99`,
      measured: Math.max(...refresh),
      target: { is: '<=', value: 10 },
      note,
    }),
    value({
      ...common,
      name: `${name}: event loop delay p99`,
      measured: Math.max(...delay),
      target: { is: '<=', value: 50 },
      note: 'of the slowest',
    }),
  ];
}

/** Asks whether the member is ready, once a second: each answer waits for a refresh, as a scrape does. */
async function probe(metricsUrl: string): Promise<void> {
  const url = new URL('/-/ready', metricsUrl);
  for (let second = 0; second < MANY_S; second++) {
    const response = await fetch(url);
    await response.text();
    if (!response.ok) throw new Error(`${url.href} answered ${response.status}`);
    await sleep(1_000);
  }
}

/** Projects that were swept whole, by whichever member. */
function swept(text: string): number {
  return [...text.matchAll(/^llamacloud_exporter_project_last_full_sweep_timestamp_seconds\{/gm)].length;
}

export const barrier: Figure = { names: ['replicas', 'replicas-barrier'], measure: measureBarrier };
export const manyShared: Figure = { names: ['replicas', 'replicas-many'], measure: measureMany };
