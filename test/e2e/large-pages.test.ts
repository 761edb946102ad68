/** Eight projects whose pages are 60 MB each: the exporter stays below the memory that deploy/ gives it. */
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { scratch, start } from '../cli/program.ts';
import { CHART } from '../deploy/helm.ts';
import { freePort } from '../support/process.ts';

const PROJECTS = Array.from({ length: 8 }, (_, i) => `${i}0000000-0000-4000-8000-000000000000`);
const SESSIONS = 500;
const MIB = 1024 * 1024;

/** A page of about 60 MB: the size is in the titles, which users write. */
function page(project: string): Buffer {
  const items = Array.from({ length: SESSIONS }, (_, i) => ({
    session_id: `${project}-${i}`,
    last_updated_at: '2026-04-22T12:34:41.342245',
    generated_title: 'word '.repeat(24_000),
    index_ids: null,
    job_metadata: {
      duration_ms: 1,
      error: null,
      is_error: false,
      total_input_tokens: 1,
      total_output_tokens: 1,
      turns: 1,
    },
  }));
  return Buffer.from(JSON.stringify({ items, next_page_token: null }));
}

/** Serves one page for each project, all alike but for the ids. */
async function api(): Promise<string> {
  const template = page(PROJECTS[0] as string).toString('latin1');
  const json = (response: ServerResponse, body: unknown): void =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    if (pathname !== '/api/v1/chat') {
      return json(response, JSON.stringify(PROJECTS.map((id) => ({ id, name: id, organization_id: 'o' }))));
    }
    const project = searchParams.get('project_id') ?? '';
    return json(response, Buffer.from(template.replaceAll(PROJECTS[0] as string, project), 'latin1'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The limit of the chart, and so of deploy/kubernetes, bytes. */
function shippedLimit(): number {
  const { resources } = parse(readFileSync(`${CHART}/values.yaml`, 'utf8')) as {
    resources: { limits: { memory: string } };
  };
  return Number.parseInt(resources.limits.memory, 10) * MIB;
}

test('eight projects with pages of 60 MB fit into the shipped memory limit', { timeout: 180_000 }, async () => {
  const port = await freePort();
  const env = { LLAMA_CLOUD_API_KEY: 'llx-any', LLAMA_CLOUD_BASE_URL: await api() };
  const { child, ended } = start([`--web.listen-address=127.0.0.1:${port}`, '--log.format=json'], {
    env,
    cwd: scratch(),
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let read: readonly string[] = [];
  for (let i = 0; i < 1_500 && read.length < PROJECTS.length; i++) {
    await sleep(100);
    const text = await fetch(`http://127.0.0.1:${port}/metrics`).then(
      (answer) => answer.text(),
      () => '',
    );
    read = text.match(new RegExp(`^llamacloud_chat_sessions\\{.*state="ok".*\\} ${SESSIONS}$`, 'gm')) ?? [];
  }
  expect(read).toHaveLength(PROJECTS.length);
  const [, peak = ''] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
  process.stderr.write(`peak memory with pages of 60 MB: ${Math.round(Number(peak) / 1024)} MiB\n`);
  expect(Number(peak) * 1024).toBeLessThan(shippedLimit());
});
