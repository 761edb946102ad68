/** Every dashboard query and recording rule returns data in a real Prometheus that scrapes a real exporter. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { allQueries, fill, mayBeEmpty } from '../../grafana/src/inventory.ts';
import { type Simulator, startSimulator } from '../../src/simulator/api/server.ts';
import { populate } from '../../src/simulator/run-simulator.ts';
import { createWorld } from '../../src/simulator/world/world.ts';
import { type PrometheusProcess, startPrometheus } from '../support/prometheus.ts';
import { findTool } from '../support/tools.ts';
import { type ExporterProcess, newFolder, startExporter } from './exporter.ts';

const RULES = path.resolve(import.meta.dirname, '../../prometheus/rules/*.yml');
/** What a person may have chosen: everything, over the few seconds that this test lives. */
const CHOICE = {
  job: '.*',
  instance: '.*',
  account: '.*',
  project: '.*',
  slowest: '.+',
  rateInterval: '20s',
  range: '30s',
};
/** Long enough for rates over 20 s at a scrape each second, and for a rule group to have run. */
const LIFE_SECONDS = 40;

type Series = { readonly metric: Record<string, string>; readonly value: [number, string] };

let simulator: Simulator;
let exporter: ExporterProcess;
let prometheus: PrometheusProcess | undefined;
const folder = newFolder();

const ask = (query: string): Promise<{ result: readonly Series[] }> =>
  (prometheus as PrometheusProcess).ask(`/api/v1/query?query=${encodeURIComponent(query)}`);

beforeAll(async () => {
  const program = findTool('prometheus');
  if (program === undefined) return;
  const world = createWorld({ seed: 'dashboards' });
  const workload = populate(world, 5, 60);
  simulator = await startSimulator({ world });
  simulator.faults.add({ match: { endpoint: 'list', probability: 0.1 }, fault: { kind: 'status', status: 403 } });
  simulator.faults.add({ match: { endpoint: 'list', probability: 0.1 }, fault: { kind: 'status', status: 503 } });
  simulator.faults.add({
    match: { endpoint: 'list', probability: 0.2 },
    fault: { kind: 'set', path: 'items.0.last_updated_at', value: 'never' },
  });
  workload.start();
  const extra =
    'prices: [{ projects: ["*"], input: 3, output: 15 }]\nmetrics: { indexes: true }\nbudgets: [{ projects: ["*"], per_day: 1, per_month: 9 }, { per_day: 9, per_month: 99 }]';
  exporter = await startExporter({ apiUrl: simulator.url, folder, extra, account: 'requests_per_minute: 60000' });
  prometheus = await startPrometheus(program, {
    global: { scrape_interval: '1s', evaluation_interval: '5s' },
    rule_files: [RULES],
    scrape_configs: [{ job_name: 'llamacloud', static_configs: [{ targets: [exporter.url.replace('http://', '')] }] }],
  });
  await new Promise((resolve) => setTimeout(resolve, LIFE_SECONDS * 1000));
  workload.stop();
}, 120_000);

afterAll(async () => {
  await prometheus?.stop();
  exporter?.running.child.kill('SIGKILL');
  await simulator?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function needsPrometheus(context: TestContext): void {
  if (prometheus === undefined) context.skip('prometheus is not installed');
}

/** Reasons that hold here too; prices, indexes, failures and malformed sessions are there. */
const EMPTY_HERE =
  /no line|a week ago|firing alerts|only misses|only stale reads|only unreconciled|no session waits|state in SQLite/;

describe('dashboards over a living exporter', () => {
  it('every query returns data', async (context) => {
    needsPrometheus(context);
    const empty: string[] = [];
    for (const query of allQueries()) {
      const { result } = await ask(fill(query.expr, CHOICE));
      if (result.length > 0 || EMPTY_HERE.test(mayBeEmpty(query) ?? '')) continue;
      empty.push(`${query.dashboard} / ${query.panel} / ${query.refId}: ${fill(query.expr, CHOICE)}`);
    }
    expect(empty).toEqual([]);
  });

  it('every recording rule is healthy', async (context) => {
    needsPrometheus(context);
    const { groups } = await (prometheus as PrometheusProcess).ask<{
      groups: { rules: { name: string; health: string; lastError?: string }[] }[];
    }>('/api/v1/rules');
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(30);
    expect(rules.filter((rule) => rule.health === 'err')).toEqual([]);
  });
});
