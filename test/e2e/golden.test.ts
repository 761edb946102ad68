/** The golden scrape: a real exporter shows every family of the catalogue, and promtool and Prometheus accept it. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CATALOG, ONLY_MEMBERS } from '../../src/metrics/catalog.ts';
import { type Simulator, startSimulator } from '../../src/simulator/api/server.ts';
import { prefill } from '../../src/simulator/workload/prefill.ts';
import { STEADY } from '../../src/simulator/workload/profiles.ts';
import type { Project } from '../../src/simulator/world/projects.ts';
import { failed } from '../../src/simulator/world/runs.ts';
import { createWorld, type World } from '../../src/simulator/world/world.ts';
import { run } from '../cli/program.ts';
import { checkMetrics } from '../metrics/promtool.ts';
import { startPrometheus } from '../support/prometheus.ts';
import { tool } from '../support/tools.ts';
import { type ExporterProcess, newFolder, scrapeUntil, startExporter, writeConfig } from './exporter.ts';

const EXTRA = 'prices: [{ projects: ["*"], input: 3, output: 15 }]\nmetrics: { indexes: true }';
const OPENMETRICS = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5';

let world: World;
let project: Project;
let simulator: Simulator;
let exporter: ExporterProcess;
const folder = newFolder();

/** Families with their types, as the text says. */
const familiesOf = (text: string): readonly string[] =>
  [...text.matchAll(/^# TYPE (\S+ \S+)$/gm)].map((match) => match[1] as string);

beforeAll(async () => {
  world = createWorld({ seed: 'golden' });
  project = world.addProject({ name: 'Support "EMEA"\nnight shift', createdAt: 0 });
  prefill(world, project, STEADY, 150);
  simulator = await startSimulator({ world });
  exporter = await startExporter({ apiUrl: simulator.url, folder, extra: EXTRA });
  await scrapeUntil(exporter, (text) => text.includes('llamacloud_chat_sessions{'));
  for (const { id } of project.sessions.slice(0, 5)) world.runOnce(id, world.outcome());
  world.runOnce((project.sessions[6] as { id: string }).id, failed(world.outcome(), 'timeout', 'timed out'));
  await scrapeUntil(exporter, (text) => /^llamacloud_chat_runs_total\{.*\} 6$/m.test(text));
  await scrapeUntil(exporter, (text) => text.includes('llamacloud_chat_index_sessions{'));
});

afterAll(async () => {
  exporter.running.child.kill('SIGKILL');
  await simulator.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the golden scrape', () => {
  it('has every family of the catalogue', async () => {
    const families = familiesOf(await exporter.scrape());
    const wanted = CATALOG.filter(({ name }) => !ONLY_MEMBERS.has(name)).map((m) => `${m.name} ${m.type}`);
    expect(wanted.filter((family) => !families.includes(family))).toEqual([]);
    expect(families.filter((family) => ONLY_MEMBERS.has(family.split(' ')[0] ?? ''))).toEqual([]);
    expect(new Set(families).size).toBe(families.length);
  });

  it('passes promtool without a word', async (context) => {
    const promtool = tool(context, 'promtool');
    expect(checkMetrics(promtool, await exporter.scrape())).toBe('');
  });

  it('is the sum of its parts, which pass promtool too', async (context) => {
    const promtool = tool(context, 'promtool');
    const parts = await Promise.all(
      ['projects', 'exporter'].map(async (part) => (await fetch(`${exporter.url}/metrics/${part}`)).text()),
    );
    for (const text of parts) expect(checkMetrics(promtool, text)).toBe('');
    expect(parts.flatMap(familiesOf)).toEqual(familiesOf(await exporter.scrape()));
  });

  it('ends OpenMetrics with EOF and carries exemplars', async () => {
    const text = await exporter.scrape(OPENMETRICS);
    expect(text.endsWith('\n# EOF\n')).toBe(true);
    expect(text.match(/# EOF/g)).toHaveLength(1);
    const exemplars = [...text.matchAll(/^(\S+)\{.*# \{session_id="(ses-[0-9a-f]+)"\} \S+ \S+$/gm)];
    expect(new Set(exemplars.map((match) => match[1]))).toEqual(
      new Set([
        'llamacloud_chat_run_duration_seconds_bucket',
        'llamacloud_chat_run_input_tokens_bucket',
        'llamacloud_chat_run_output_tokens_bucket',
        'llamacloud_chat_run_errors_total',
      ]),
    );
    expect(project.sessions.map((s) => s.id)).toContain(exemplars[0]?.[2]);
  });

  it('is read by a real Prometheus', async (context) => {
    const program = tool(context, 'prometheus');
    const target = exporter.url.replace('http://', '');
    const prometheus = await startPrometheus(program, {
      global: { scrape_interval: '1s' },
      scrape_configs: [{ job_name: 'llamacloud', static_configs: [{ targets: [target] }] }],
    });
    try {
      const value = async (query: string): Promise<string | undefined> => {
        const { result } = await prometheus.ask<{ result: { value: [number, string] }[] }>(
          `/api/v1/query?query=${encodeURIComponent(query)}`,
        );
        return result[0]?.value[1];
      };
      await expect.poll(() => value('up'), { timeout: 15_000 }).toBe('1');
      await expect.poll(() => value('llamacloud_chat_runs_total'), { timeout: 15_000 }).toBe('6');
      expect(await value('llamacloud_chat_run_duration_seconds_count')).toBe('6');
      const now = Date.now() / 1000;
      const exemplars = await prometheus.ask<{ exemplars: unknown[] }[]>(
        `/api/v1/query_exemplars?query=llamacloud_chat_run_duration_seconds_bucket&start=${now - 3600}&end=${now + 60}`,
      );
      expect(exemplars.flatMap((series) => series.exemplars).length).toBeGreaterThan(0);
      const targets = await prometheus.ask<{ activeTargets: { lastError: string }[] }>('/api/v1/targets');
      expect(targets.activeTargets.map((t) => t.lastError)).toEqual(['']);
    } finally {
      await prometheus.stop();
    }
  });

  it('has the same families in once', async () => {
    const other = newFolder();
    const file = writeConfig({ apiUrl: simulator.url, folder: other, extra: EXTRA });
    const output = path.join(other, 'metrics.prom');
    const { code, stdout } = await run(['once', `--config.file=${file}`]);
    expect(code).toBe(0);
    const own = (text: string): readonly string[] =>
      familiesOf(text)
        .filter((family) => family.startsWith('llamacloud_'))
        .toSorted();
    expect(own(stdout)).toEqual(own(await exporter.scrape()));
    expect(familiesOf(stdout).filter((family) => !family.startsWith('llamacloud_'))).toEqual([]);
    expect((await run(['once', `--config.file=${file}`, `--output=${output}`])).code).toBe(0);
    rmSync(other, { recursive: true });
  });
});
