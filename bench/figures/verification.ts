/** What it costs to be exact: histories read for conversations, and head polls beside them where requests are scarce. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Exporter } from '../run/exporter.ts';
import { valueOf } from '../run/scrape.ts';
import type { Single, Stage } from '../run/stage.ts';
import { median } from '../run/statistics.ts';
import { type Figure, type Result, ratio, value } from './figure.ts';

const LATENCY_MS = 50;
const INTERVAL_S = 5;
const TALKING = 100;
/** Each session runs so many times, seconds apart, then pauses for longer than the interval; again and again. */
const BURST = 4;
const BETWEEN_RUNS_S = 2;
const PAUSE_S = 14;
const BURSTS = 4;

const RUNS = 'llamacloud_chat_runs_total';
const HIDDEN = 'llamacloud_chat_hidden_runs_total';
const UNVERIFIED = 'llamacloud_exporter_unverified_sessions';

const sumOf = (text: string, family: string, ...labels: string[]): number => valueOf(text, family, ...labels) ?? 0;
const headPolls = (text: string): number =>
  sumOf(text, 'llamacloud_exporter_polls_total', 'kind="head"', 'outcome="success"');
/** Microseconds. */
const lastActivity = (text: string): number => sumOf(text, 'llamacloud_chat_last_activity_timestamp_seconds') * 1e6;

/** Lets all sessions run in bursts, with a pause after each. Answers how long each round of runs took to be visible, seconds. */
async function converse(exporter: Exporter, world: Single): Promise<readonly number[]> {
  const sessions = Array.from({ length: TALKING }, (_, i) => 400_003 + i * 991);
  const delays: Promise<number>[] = [];
  for (let burst = 0; burst < BURSTS; burst++) {
    for (let run = 0; run < BURST; run++) {
      const since = performance.now();
      const at = await world.change({ op: 'run', project: 0, sessions });
      const seen = exporter.until((text) => lastActivity(text) > at - 1000, 4 * INTERVAL_S, 50);
      delays.push(seen.then(() => (performance.now() - since) / 1000));
      await sleep(BETWEEN_RUNS_S * 1000);
    }
    await sleep(PAUSE_S * 1000);
  }
  return await Promise.all(delays);
}

/** A million sessions, a hundred of them in conversation. */
async function measureConversations(stage: Stage): Promise<readonly Result[]> {
  const { world, folder } = await stage.million();
  stage.say(`${TALKING} conversations`);
  await world.change({ op: 'latency', ms: LATENCY_MS });
  const interval = `${INTERVAL_S}s`;
  const exporter = await stage.exporter({ folder, baseUrl: world.baseUrl, interval, fullSweepInterval: '1h' });
  // Sessions that the first sweep showed without a run, not long before the start, are verified first.
  const before = await exporter.until((text) => headPolls(text) > 2 && sumOf(text, UNVERIFIED) === 0, 180);
  const histories = await world.histories();
  const delays = await converse(exporter, world);
  const runs = TALKING * BURST * BURSTS;
  const counted = (text: string): number => sumOf(text, RUNS) - sumOf(before, RUNS);
  const after = await exporter.until((text) => counted(text) >= runs && sumOf(text, UNVERIFIED) === 0, 60);
  const read = (await world.histories()) - histories;
  await exporter.stop();
  await world.change({ op: 'latency', ms: 0 });
  if (counted(after) !== runs) throw new Error(`${counted(after)} of ${runs} runs were counted`);
  return [
    value({
      name: `histories per session and pause, ${TALKING} conversations among 1,000,000 sessions`,
      measured: read / (TALKING * BURSTS),
      floor: 1,
      unit: 'histories',
      floorName: 'one for each burst of runs',
      target: { is: '<=', value: 1 },
      note: `${runs} runs in bursts of ${BURST}, all counted, ${sumOf(after, HIDDEN) - sumOf(before, HIDDEN)} of them hidden from the list; ${read} histories`,
    }),
    value({
      name: 'run finished -> visible, beside these histories, 50 ms per request',
      measured: Math.max(...delays),
      floor: INTERVAL_S,
      unit: 's',
      floorName: 'the interval',
      target: { is: '<=', value: INTERVAL_S + 1 },
      note: `the longest of ${delays.length} rounds of ${TALKING} runs; median ${median(delays).toFixed(2)} s`,
    }),
  ];
}

/** 20 requests a minute and 50 projects polled every five minutes, sixty times as fast. */
const PROJECTS = 50;
const REQUESTS_PER_MINUTE = 1200;
const SECONDS = 60;

async function headPollsPerSecond(stage: Stage, accounting: string): Promise<number> {
  const world = await stage.world([{ projects: PROJECTS, sessions: 300 }], 'newest');
  const exporter = await stage.exporter({
    baseUrl: world.baseUrl,
    interval: '5s',
    fullSweepInterval: '30s',
    settings: [`accounting: ${accounting}`],
    account: `requests_per_minute: ${REQUESTS_PER_MINUTE}`,
  });
  await exporter.until((text) => headPolls(text) > PROJECTS, 120);
  const since = headPolls(await exporter.metrics());
  const from = performance.now();
  for (let step = 0; performance.now() - from < SECONDS * 1000; step++) {
    for (let project = 0; project < PROJECTS; project++)
      await world.change({ op: 'run', project, sessions: [step % 97] });
    await sleep(1000);
  }
  const seconds = (performance.now() - from) / 1000;
  const rate = (headPolls(await exporter.metrics()) - since) / seconds;
  await exporter.stop();
  await world.remove();
  return rate;
}

async function measureScarce(stage: Stage): Promise<readonly Result[]> {
  stage.say('head polls where requests are scarce');
  const floor = await headPollsPerSecond(stage, 'last_run');
  const measured = await headPollsPerSecond(stage, 'every_run');
  return [
    ratio({
      name: `head polls of ${PROJECTS} projects, ${REQUESTS_PER_MINUTE} requests a minute, a run each second and project`,
      measured,
      floor,
      unit: 'polls/s',
      floorName: 'with last_run',
      target: { is: '>=', value: 0.95 },
      note: '20 requests a minute and an interval of five minutes, sixty times as fast',
    }),
  ];
}

export const conversations: Figure = { names: ['conversations'], measure: measureConversations };
export const scarceRequests: Figure = { names: ['scarce-requests'], measure: measureScarce };
