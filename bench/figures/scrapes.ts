/** Scrapes of 1,000 projects: how many a second, and how long they take while a full sweep runs. */
import { request } from 'node:http';
import type { Exporter } from '../run/exporter.ts';
import { fullSweeps } from '../run/exporter.ts';
import { GENERATOR, type Load, load } from '../run/load.ts';
import { endScript, firstLine, startScript } from '../run/processes.ts';
import type { Stage } from '../run/stage.ts';
import { median } from '../run/statistics.ts';
import { type Figure, type Result, ratio } from './figure.ts';

const PROJECTS = 1000;
const ROUNDS = 3;
const SECONDS = 4;
/** Long enough for a handful of answers. */
const SLOW_SECONDS = 12;

/** A server that prints its port. */
async function withServer<T>(script: string, arg: string, use: (url: string) => Promise<T>): Promise<T> {
  const child = startScript(script, [arg]);
  const result = await use(`http://127.0.0.1:${await firstLine(child)}/metrics`);
  await endScript(child);
  return result;
}

/** Bytes of a gzip answer. */
function sizeOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
      let size = 0;
      response.on('data', (chunk: Buffer) => (size += chunk.length)).on('end', () => resolve(size));
    })
      .on('error', reject)
      .end();
  });
}

function sound(run: Load): Load {
  if (run.failed > 0) throw new Error(`${run.failed} scrapes failed`);
  return run;
}

/** Exporter and constant buffer in turn. */
async function compare(exporter: Exporter, size: number) {
  const [own, constant]: [number[], number[]] = [[], []];
  await withServer('bench/floors/constant.ts', String(size), async (url) => {
    for (let round = 0; round < ROUNDS; round++) {
      own.push(sound(await load(exporter.metricsUrl, SECONDS)).perSecond);
      constant.push(sound(await load(url, SECONDS)).perSecond);
    }
  });
  return { own: median(own), constant: median(constant) };
}

async function measureRate(stage: Stage): Promise<readonly Result[]> {
  stage.say(`scrapes of ${PROJECTS} projects`);
  const world = await stage.world([{ projects: PROJECTS, sessions: 100 }], 'newest');
  const exporter = await stage.exporter({ baseUrl: world.baseUrl, interval: '10m', fullSweepInterval: '10m' });
  const text = await exporter.until((now) => fullSweeps(now) >= PROJECTS, 120, 500);
  const size = await sizeOf(exporter.metricsUrl);
  const { own, constant } = await compare(exporter, size);
  const slow = await withServer('bench/floors/prom-client.ts', exporter.metricsUrl, (url) => load(url, SLOW_SECONDS));
  await exporter.stop();
  await world.remove();
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  const common = { name: `scrapes of ${PROJECTS} projects, 4 connections`, measured: own, unit: 'scrapes/s' };
  const note = `${series} series, ${(text.length / 1e6).toFixed(1)} MB of text, ${(size / 1e6).toFixed(2)} MB of gzip; load by ${GENERATOR}`;
  return [
    ratio({
      ...common,
      floor: slow.perSecond,
      floorName: 'prom-client registry.metrics() of the same series behind express',
      target: { is: '>=', value: 300 },
      note,
    }),
    ratio({
      ...common,
      name: 'the same',
      floor: constant,
      floorName: 'node:http answering a constant buffer of that size',
      target: { is: '>=', value: 0.7 },
      note: '',
    }),
  ];
}

const LARGE = 800_000;
/** The small projects are swept again too, a few dozen each second, in both measurements. */
const SWEPT_AGAIN = { interval: '20s', fullSweepInterval: '20s' } as const;
const DURING = { rounds: 3, seconds: 3 } as const;

/** One large project beside 999 small ones, all swept once and unchanged since. */
async function largeBesideSmall(stage: Stage) {
  const groups = [
    { projects: 1, sessions: LARGE },
    { projects: PROJECTS - 1, sessions: 100 },
  ];
  const world = await stage.world(groups, 'newest');
  const folder = stage.folder();
  const filling = await stage.exporter({ folder, baseUrl: world.baseUrl, interval: '10m', fullSweepInterval: '10m' });
  await filling.until((text) => fullSweeps(text) >= PROJECTS, 300, 500);
  await filling.stop();
  return { world, folder };
}

/** The large project's sweep is held back for the measurement without one. */
async function measureDuringSweep(stage: Stage): Promise<readonly Result[]> {
  stage.say('scrapes while a full sweep runs');
  const { world, folder } = await largeBesideSmall(stage);
  await world.change({ op: 'hold', project: 0 });
  const exporter = await stage.exporter({ folder, baseUrl: world.baseUrl, ...SWEPT_AGAIN });
  await exporter.until((text) => fullSweeps(text) >= PROJECTS - 1, 60);
  const [quiet, sweeping]: [number[], number[]] = [[], []];
  const before = await world.requests();
  for (let round = 0; round < DURING.rounds; round++) {
    quiet.push(sound(await load(exporter.metricsUrl, DURING.seconds)).p99Ms);
    await world.change({ op: 'release' });
    sweeping.push(sound(await load(exporter.metricsUrl, DURING.seconds)).p99Ms);
    await world.change({ op: 'hold', project: 0 });
  }
  const pages = (await world.requests()) - before;
  await exporter.stop();
  await world.remove();
  if (pages > LARGE / 100) throw new Error('the sweep ended before the measurement did');
  return [
    ratio({
      name: 'scrape p99 while a full sweep runs, 1,000 projects',
      measured: median(sweeping),
      floor: median(quiet),
      unit: 'ms',
      floorName: 'the same without a sweep',
      target: { is: '<=', value: 5 },
      note: `4 connections as fast as they go; ${Math.round(pages / DURING.rounds / DURING.seconds)} pages/s were swept beside them`,
    }),
  ];
}

export const scrapeRate: Figure = { names: ['scrape-rate'], measure: measureRate };
export const scrapeDuringSweep: Figure = { names: ['scrape-during-sweep'], measure: measureDuringSweep };
