/** The running process under pressure: too many scrapes, slow clients, and SIGTERM in the middle of a fault. */
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/api/server.ts';
import { prefill } from '../../src/simulator/workload/prefill.ts';
import { STEADY } from '../../src/simulator/workload/profiles.ts';
import { createWorld, type World } from '../../src/simulator/world/world.ts';
import { until } from '../support/until.ts';
import { type Configured, type Options, QUICK, startConfigured, stateOf } from './configured.ts';
import { scrapeUntil, valuesOf } from './exporter.ts';

vi.setConfig({ testTimeout: 90_000 });

let world: World;
let simulator: Simulator;
const exporters: Configured[] = [];

async function launch(options: Options = {}, polling = QUICK): Promise<Configured> {
  const account = `accounts: [{ name: default, base_url: "${simulator.url}", api_key: llx-limits, page_size: 10 }]`;
  const exporter = await startConfigured(`${account}\n${polling}`, options);
  exporters.push(exporter);
  return exporter;
}

/** A socket that says this much and then waits; answers what came and how long it was let. */
function dawdle(url: string, words: string): Promise<{ text: string; seconds: number }> {
  const { hostname, port } = new URL(url);
  const since = performance.now();
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(words));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve({ text, seconds: (performance.now() - since) / 1000 }));
  });
}

/** A scrape whose reader stands still. */
function stall(url: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname, () => socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'));
  return socket.on('error', () => {});
}

beforeEach(async () => {
  world = createWorld({ seed: 'limits' });
  prefill(world, world.addProject({ name: 'Support', createdAt: 0 }), STEADY, 300);
  simulator = await startSimulator({ world });
});

afterEach(async () => {
  await Promise.all(exporters.splice(0).map((exporter) => exporter.dispose()));
  await simulator.stop();
});

describe('the process', () => {
  it('refuses scrapes beyond --web.max-requests', async () => {
    // So much text that it does not fit into the buffers of a connection whose reader stands still.
    for (let i = 0; i < 400; i += 1) world.addProject({ name: `${'x'.repeat(120)} ${i}`, createdAt: 0 });
    const exporter = await launch({ args: ['--web.max-requests=2'] }, 'polling: { interval: 60s }');
    await until('all projects are there', async () => (await exporter.scrape()).length > 8_000_000);
    const readers = [stall(exporter.url), stall(exporter.url)];
    await Promise.all(readers.map((reader) => once(reader, 'readable')));
    const refused = await fetch(`${exporter.url}/metrics`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await refused.text()).toContain('--web.max-requests');
    expect((await fetch(`${exporter.url}/-/healthy`)).status).toBe(200);
    for (const reader of readers) reader.destroy();
    await until('scrapes are served again', async () => (await fetch(`${exporter.url}/metrics`)).status === 200);
  });

  it('sends slow clients away and serves others meanwhile', async () => {
    const exporter = await launch();
    const slow = Array.from({ length: 100 }, () =>
      dawdle(exporter.url, 'GET /metrics HTTP/1.1\r\nHost: x\r\nX-Slow: '),
    );
    const silent = dawdle(exporter.url, '');
    expect(await exporter.scrape()).toContain('llamacloud_exporter_build_info');
    for (const { text, seconds } of await Promise.all(slow)) {
      expect(text).toMatch(/^HTTP\/1\.1 408 /);
      expect(seconds).toBeLessThan(30);
    }
    expect((await silent).seconds).toBeLessThan(30);
  });

  it('keeps its state from other users', async () => {
    const exporter = await launch();
    await scrapeUntil(exporter, (text) => text.includes('llamacloud_chat_sessions{'));
    const files = readdirSync(exporter.folder).filter((name) => name.startsWith('state.db'));
    expect(files.toSorted()).toEqual(['state.db', 'state.db-wal', 'state.db.lock']);
    const modes = files.map((name) => (statSync(`${exporter.folder}/${name}`).mode & 0o777).toString(8));
    expect(modes).toEqual(['600', '600', '600']);
  });
});

describe('SIGTERM', () => {
  const runs = 'llamacloud_chat_runs_total';
  const countedIn = (text: string): number =>
    [...valuesOf(text)].filter(([key]) => key.startsWith(runs)).reduce((sum, [, n]) => sum + n, 0);

  it.each([
    ['a slow page', { kind: 'latency', ms: 20_000 }],
    ['a page that never comes', { kind: 'hang', where: 'headers' }],
    ['a page that stops half way', { kind: 'hang', where: 'body' }],
    ['a long wait after 429', { kind: 'rate_limited', retry_after: { seconds: 120 } }],
  ] as const)('during %s ends with 0 in time', async (_, fault) => {
    const exporter = await launch();
    await scrapeUntil(exporter, (text) => text.includes('llamacloud_chat_sessions{'));
    const session = world.addSession(world.projects.all()[0]?.id ?? '');
    world.runOnce(session.id, world.outcome());
    await scrapeUntil(exporter, (text) => countedIn(text) === 1);
    const [rule] = simulator.faults.add({ match: { endpoint: 'list', after: 3 }, fault });
    await until('a sweep meets the fault', () => (rule?.hits ?? 0) > 0);
    const since = performance.now();
    expect(await exporter.stop()).toBe(0);
    expect(performance.now() - since).toBeLessThan(5000);
    expect(exporter.lines().filter(({ level }) => level === 'error')).toEqual([]);
    expect(readdirSync(exporter.folder).filter((name) => name.startsWith('state.db'))).toEqual(['state.db']);
    simulator.faults.clear();
    const again = await startConfigured(
      `accounts: [{ name: default, base_url: "${simulator.url}", api_key: llx-limits }]\n${QUICK}`,
      { args: [`--state.url=sqlite:${stateOf(exporter.folder)}`] },
    );
    exporters.push(again);
    await scrapeUntil(again, (text) => countedIn(text) === 1);
  });
});
