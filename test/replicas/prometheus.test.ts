/** A real Prometheus that a balancer leads to another replica every few scrapes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LivingWorld } from '../kill/living-world.ts';
import { skipReason } from '../support/postgres.ts';
import { type PrometheusProcess, startPrometheus } from '../support/prometheus.ts';
import { findTool } from '../support/tools.ts';
import { until } from '../support/until.ts';
import { Balancer } from './balancer.ts';
import { PATIENCE_S, type Replica, Replicas } from './replicas.ts';

const PROJECTS = 6;
const SESSIONS = 12;
const SCRAPE_S = 1;
/** Long before the first scrape. */
const WINDOW = '5m';
const RUNS = 'llamacloud_chat_runs_total';
/** What `increase` adds at the edges of its window: a scrape interval or two. */
const EDGES = 0.15;

/** All series of these names; the name stands in a label of its own, as functions drop it. */
const named = (names: string): string => `label_replace({__name__=~"${names}"}, "name", "$1", "__name__", "(.+)")`;

type Vector = {
  readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
};

const program = findTool('prometheus');

describe.skipIf(skipReason() !== null || program === undefined)('Prometheus', { timeout: 120_000 }, () => {
  let world: LivingWorld;
  let replicas: Replicas;
  let balancer: Balancer;
  let prometheus: PrometheusProcess;
  let running: Replica[] = [];
  let cutting: NodeJS.Timeout;

  beforeAll(async () => {
    world = await LivingWorld.start(13, PROJECTS, SESSIONS);
    replicas = await Replicas.over(world);
    running = [...(await replicas.startAll('ada', 'bob', 'cleo'))];
    await replicas.untilKnown(newest());
    balancer = await Balancer.start(() => running.map(({ url }) => Number(new URL(url).port)));
    prometheus = await startPrometheus(program ?? '', {
      global: { scrape_interval: `${SCRAPE_S}s`, scrape_timeout: `${SCRAPE_S}s` },
      scrape_configs: [
        {
          job_name: 'llamacloud-exporter',
          metrics_path: '/metrics/projects',
          static_configs: [{ targets: [`127.0.0.1:${balancer.port}`] }],
        },
      ],
    });
    cutting = setInterval(() => balancer.cut(), 1_700 * SCRAPE_S);
  });
  afterAll(async () => {
    clearInterval(cutting);
    await prometheus?.stop();
    balancer?.stop();
    await replicas?.stopAll();
    await world?.simulator.stop();
  });

  const query = async (expr: string): Promise<Vector['result']> =>
    (await prometheus.ask<Vector>(`/api/v1/query?query=${encodeURIComponent(expr)}`)).result;
  const byProject = async (expr: string): Promise<Record<string, number>> =>
    Object.fromEntries((await query(expr)).map(({ metric, value }) => [metric['project_id'] ?? '', Number(value[1])]));
  const newest = (): Replica => {
    const last = running.at(-1);
    if (last === undefined) throw new Error('no replica runs');
    return last;
  };

  it('sees no counter step back, and every run once', async () => {
    await until('the first scrape', async () => (await query(RUNS)).length === PROJECTS, PATIENCE_S);
    const scraped = () => query(`min(count_over_time(${RUNS}[${WINDOW}]))`).then(([first]) => Number(first?.value[1]));
    world.begin();
    await until('scrapes of living projects', async () => (await scraped()) >= 6, PATIENCE_S);
    const [leaving] = running;
    running = running.slice(1);
    await replicas.stop(leaving as Replica);
    await sleep(1_500);
    world.end();
    const truth = replicas.truth();
    const runs = Object.fromEntries(Object.entries(truth).map(([id, happened]) => [id, happened.runs]));
    expect(await replicas.settled(newest())).toEqual(truth);
    await until('a scrape', async () => JSON.stringify(await byProject(RUNS)) !== '{}', PATIENCE_S);
    await sleep(1_500 * SCRAPE_S);

    expect(balancer.served.size).toBe(3);
    expect(
      await query(`resets(${named('llamacloud_.*_(total|count|sum|bucket)')}[${WINDOW}:${SCRAPE_S}s]) > 0`),
    ).toEqual([]);
    expect(await byProject(RUNS)).toEqual(runs);
    const increase = await byProject(`increase(${RUNS}[${WINDOW}])`);
    for (const [id, count] of Object.entries(runs)) {
      expect((increase[id] ?? 0) / count).toBeGreaterThanOrEqual(1);
      expect((increase[id] ?? 0) / count).toBeLessThan(1 + EDGES);
    }
  });
});
