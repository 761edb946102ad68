/** From the end of a run to its appearance on /metrics, over a million sessions and a slow network, also while a sweep runs. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Exporter } from '../run/exporter.ts';
import { valueOf } from '../run/scrape.ts';
import { MILLION, type Single, type Stage } from '../run/stage.ts';
import { quantile } from '../run/statistics.ts';
import { type Figure, value } from './figure.ts';

const LATENCY_MS = 50;
const INTERVAL_S = 5;
/** Runs end this far apart, milliseconds. */
const EVERY_MS = 150;
const SECONDS = 30;

const runsOf = (text: string): number => valueOf(text, 'llamacloud_chat_runs_total') ?? 0;

/** Lets runs end for a while, and answers how long each of them took to be visible, seconds. */
async function delays(exporter: Exporter, world: Single, from: number): Promise<number[]> {
  const before = runsOf(await exporter.metrics());
  const ended: number[] = [];
  const seen: number[] = [];
  const until = performance.now() + SECONDS * 1000;
  const runs = (async () => {
    for (let i = 0; performance.now() < until; i++) {
      ended.push(performance.now());
      await world.change({ op: 'run', project: 0, sessions: [(from + i * 997) % MILLION] });
      await sleep(EVERY_MS);
    }
  })();
  const patience = until + 4 * INTERVAL_S * 1000;
  while (performance.now() < until || seen.length < ended.length) {
    if (performance.now() > patience) throw new Error(`${seen.length} of ${ended.length} runs became visible`);
    const visible = runsOf(await exporter.metrics()) - before;
    for (const now = performance.now(); seen.length < visible; ) seen.push(now - (ended[seen.length] ?? now));
    await sleep(20);
  }
  await runs;
  return seen.map((ms) => ms / 1000);
}

async function measure(stage: Stage) {
  const { world, folder } = await stage.million();
  const spec = { folder, baseUrl: world.baseUrl, interval: `${INTERVAL_S}s` };
  await world.change({ op: 'latency', ms: LATENCY_MS });
  stage.say('run finished -> visible');
  const quiet = await observe(stage, world, { ...spec, fullSweepInterval: '1h' }, 30_011);
  stage.say('run finished -> visible, while a sweep runs');
  const sweeping = await observe(stage, world, { ...spec, fullSweepInterval: '5s' }, 700_057);
  await world.change({ op: 'latency', ms: 0 });
  const line = (name: string, seconds: readonly number[]) =>
    value({
      name,
      measured: quantile(seconds, 0.99),
      floor: INTERVAL_S,
      unit: 's',
      floorName: 'the interval',
      target: { is: '<=', value: INTERVAL_S + 1 },
      note: `p99 of ${seconds.length} runs; median ${quantile(seconds, 0.5).toFixed(2)} s`,
    });
  return [
    line('run finished -> visible, 1,000,000 sessions, 50 ms per request', quiet),
    line('the same while a full sweep runs', sweeping),
  ];
}

async function observe(stage: Stage, world: Single, spec: Parameters<Stage['exporter']>[0], from: number) {
  const exporter = await stage.exporter(spec);
  await exporter.until((text) => (valueOf(text, 'llamacloud_exporter_polls_total', 'kind="head"') ?? 0) > 0, 60);
  const seconds = await delays(exporter, world, from);
  await exporter.stop();
  return seconds;
}

export const freshness: Figure = { names: ['freshness'], measure };
