/** What the web server reads of the metrics: buffers that are reused, both encodings, and the text of `once`. */
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { counters, totals, view } from '../builders/values.ts';
import { tool } from '../support/tools.ts';
import { type Room, read, room, samples, startedRoom } from './room.ts';

const run = promisify(execFile);
let server: Server | null = null;
afterEach(() => server?.close());

const shown = view({ totals: totals({ counters: counters({ runs: 11 }) }) });

async function serve(metrics: Room): Promise<string> {
  server = createServer((_request, response) => {
    void metrics.source
      .gzip('both', 'text')
      .then((body) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

test('the same buffer until content changes', async () => {
  const metrics = startedRoom();
  metrics.publisher.put(shown);
  await metrics.source.gzip('both', 'text');
  const first = await metrics.source.gzip('both', 'text');
  expect(await metrics.source.gzip('both', 'text')).toBe(first);
  await metrics.clock.advance(5000);
  const live = await metrics.source.gzip('both', 'text');
  expect(await metrics.source.gzip('both', 'text')).toBe(live);
  metrics.publisher.put(view({ totals: totals({ counters: counters({ runs: 12 }) }) }));
  await metrics.clock.advance(5000);
  expect(await metrics.source.gzip('both', 'text')).not.toBe(live);
});

test('concurrent first requests share one rendering', async () => {
  const metrics = room();
  metrics.publisher.put(shown);
  const [a, b] = await Promise.all([metrics.source.gzip('both', 'text'), metrics.source.gzip('both', 'text')]);
  expect(a).toBe(b);
});

test('identity is the inflated gzip', async () => {
  const metrics = room();
  metrics.publisher.put(shown);
  for (const format of ['text', 'openmetrics'] as const) {
    const plain = await buffer(await metrics.source.identity('both', format));
    expect(plain.equals(gunzipSync(await metrics.source.gzip('both', format)))).toBe(true);
  }
});

test('openmetrics ends once, at the end', async () => {
  const metrics = room();
  metrics.publisher.put(shown);
  const text = await read(metrics, 'openmetrics');
  expect(text.endsWith('\n# EOF\n')).toBe(true);
  expect(text.match(/# EOF/g)).toHaveLength(1);
  expect(text).not.toContain('\n\n');
  expect(await read(metrics, 'text')).not.toContain('# EOF');
});

test('ready once projects are published', async () => {
  const metrics = room();
  expect(metrics.source.ready()).toBe(false);
  await metrics.source.gzip('both', 'text');
  expect(metrics.source.ready()).toBe(false);
  metrics.start();
  metrics.publisher.put(shown);
  await metrics.clock.advance(2000);
  expect(metrics.source.ready()).toBe(true);
  await metrics.stop();
});

test('fetch reads the whole answer', async () => {
  const metrics = room();
  metrics.publisher.put(shown);
  const url = await serve(metrics);
  expect(await (await fetch(url)).text()).toBe(await read(metrics));
});

test('curl reads the whole answer', async (context) => {
  const curl = tool(context, 'curl');
  const metrics = room();
  metrics.publisher.put(shown);
  const url = await serve(metrics);
  const expected = await read(metrics);
  const { stdout } = await run(curl, ['--silent', '--fail', '--compressed', url]);
  expect(stdout).toBe(expected);
});

test('renderOnce shows llamacloud families only', async () => {
  const metrics = room(undefined, true);
  metrics.publisher.put(shown);
  const text = await metrics.renderOnce();
  expect(samples(text, 'llamacloud_chat_runs_total')).toHaveLength(1);
  expect(samples(text, 'llamacloud_exporter_build_info')).toHaveLength(1);
  const series = text.split('\n').filter((line) => /^llamacloud_.*(project_id)/.test(line));
  expect(samples(text, 'llamacloud_exporter_snapshot_series')).toEqual([
    `llamacloud_exporter_snapshot_series ${series.length}`,
  ]);
  for (const line of text.split('\n')) expect(line).toMatch(/^(#.*|)$|^llamacloud_/);
  expect(text).not.toMatch(/# (HELP|TYPE) (process|nodejs)_/);
  expect(text.endsWith('\n')).toBe(true);
});
