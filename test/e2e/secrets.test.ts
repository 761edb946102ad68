/**
 * Keys, titles, error texts and events never reach a log line, a page, the state or another host, whatever the API
 * does.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/api/server.ts';
import type { RuleInput } from '../../src/simulator/faults/switchboard.ts';
import { createWorld, type World } from '../../src/simulator/world/world.ts';
import { run } from '../cli/program.ts';
import { until } from '../support/until.ts';
import { type Configured, QUICK, startConfigured } from './configured.ts';
import { newFolder, scrapeUntil } from './exporter.ts';

const KEY = 'llx-Secret9f8e7d6c5b4a';
const TITLE = 'How do I hide my private title qx4711xq';
const ERROR = 'private text 123 of the user';
const EVENT = 'private words in an event 815';
/** Parts of each, so that cutting one short does not hide it from the search. */
const SECRETS = [
  KEY,
  KEY.slice(4),
  Buffer.from(KEY).toString('base64').slice(0, 20),
  'private t',
  'private w',
  'qx4711xq',
];

vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

let world: World;
let simulator: Simulator;
let exporter: Configured;
let other: Server;
const strangers: IncomingMessage[] = [];
/** What the pages said while each fault went on. */
const shown: string[] = [];

/** Everything that the API could answer wrongly, with the secrets in it. */
function faults(elsewhere: string): readonly RuleInput[] {
  const said = `${ERROR}; ${TITLE}; your key ${KEY}`;
  const list = { endpoint: 'list' } as const;
  return [
    { match: list, fault: { kind: 'status', status: 401, detail: said } },
    { match: list, fault: { kind: 'status', status: 403, detail: said } },
    { match: list, fault: { kind: 'status', status: 500, detail: said, headers: { 'x-request-id': KEY } } },
    { match: list, fault: { kind: 'body', text: `{"items": [ ${said}` } },
    { match: list, fault: { kind: 'body', text: said, content_type: `text/${KEY}` } },
    { match: list, fault: { kind: 'redirect', location: `${elsewhere}/api/v1/chat?key=${KEY}` } },
    { match: {}, fault: { kind: 'redirect', location: `${elsewhere}/${KEY}`, status: 301 } },
    { match: list, fault: { kind: 'hang', where: 'headers' } },
    { match: list, fault: { kind: 'reset', after_bytes: 10 } },
    { match: list, fault: { kind: 'truncate', keep: 0.5, framing: 'valid' } },
    { match: list, fault: { kind: 'wrong_types' } },
    { match: list, fault: { kind: 'set', path: 'items.*.job_metadata.turns', value: said } },
    { match: list, fault: { kind: 'set', path: 'items.*.last_updated_at', value: said } },
    { match: list, fault: { kind: 'set', path: 'items.*.index_ids', value: said } },
    { match: list, fault: { kind: 'invalid_utf8', field: 'error' } },
    { match: { endpoint: 'projects' }, fault: { kind: 'body', text: JSON.stringify([{ id: said, name: TITLE }]) } },
    { match: { endpoint: 'projects' }, fault: { kind: 'body', text: said } },
    { match: { endpoint: 'session' }, fault: { kind: 'replace_text', find: '"stop"', with: `"${EVENT}"` } },
    { match: list, fault: { kind: 'rate_limited', retry_after: { text: said } } },
  ];
}

function findIn(text: string): readonly string[] {
  return SECRETS.filter((secret) => text.includes(secret));
}

/** Goes through every fault; each has to be met by a request. */
async function suffer(elsewhere: string): Promise<void> {
  for (const rule of faults(elsewhere)) {
    simulator.faults.clear();
    const [added] = simulator.faults.add(rule);
    for (const project of world.projects.all()) runOnce(project.id);
    await until(`a request meets ${JSON.stringify(rule.fault)}`, () => (added?.hits ?? 0) > 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (const page of ['/', '/api/v1/status', '/metrics', ...projectPages()]) {
      shown.push(await (await fetch(`${exporter.url}${page}`)).text());
    }
  }
  simulator.faults.clear();
  await until('the log speaks of the last one', () => exporter.text().includes(': 429 '));
}

/** The page and the list of sessions of every project. */
function projectPages(): readonly string[] {
  return world.projects.all().flatMap(({ id }) => [`/projects/${id}`, `/api/v1/projects/${id}/sessions`]);
}

function runOnce(projectId: string): void {
  const { figures } = world.outcome();
  const session = world.addSession(projectId, { title: TITLE });
  world.runOnce(session.id, { cause: null, figures: { ...figures, is_error: true, error: ERROR } });
}

beforeAll(async () => {
  world = createWorld({ seed: 'secrets' });
  for (const name of ['Support', 'Sales']) runOnce(world.addProject({ name, createdAt: 0 }).id);
  simulator = await startSimulator({ world, apiKey: KEY });
  other = createServer((req, res) => {
    strangers.push(req);
    res.end('{"items": []}');
  });
  await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
  exporter = await startConfigured(
    `accounts: [{ name: default, base_url: "${simulator.url}", api_key: ${KEY}, request_timeout: 1s }]\n` +
      `accounting: every_run\n${QUICK}`,
    { args: ['--log.level=debug'] },
  );
  await scrapeUntil(exporter, (text) => text.includes('llamacloud_chat_sessions{'));
  await suffer(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
}, 240_000);

afterAll(async () => {
  await exporter.dispose();
  await simulator.stop();
  other.close();
});

describe('the key, titles, error texts and events', () => {
  it('reach the exporter in this test', () => {
    const wire = simulator.requests.log().map(({ headers }) => headers['authorization']);
    expect(new Set(wire)).toEqual(new Set([`Bearer ${KEY}`]));
    expect(findIn(`${TITLE} ${ERROR} ${EVENT} ${KEY}`)).toHaveLength(SECRETS.length - 1);
    expect(simulator.requests.count('session')).toBeGreaterThan(0);
  });

  it('stand in no line of the log at debug', () => {
    expect(findIn(exporter.text())).toEqual([]);
    const reasons = new Set(exporter.lines().map((line) => line['reason']));
    expect([...reasons]).toEqual(expect.arrayContaining(['unauthorized', 'forbidden', 'malformed', 'rejected']));
    for (const said of ['a redirect to 127.0.0.1', 'not valid JSON', 'no answer within', ': 500 ', ': 429 ']) {
      expect(exporter.text()).toContain(said);
    }
  });

  it.each([
    ['/metrics', 'text/plain'],
    ['/metrics', 'application/openmetrics-text; version=1.0.0'],
    ['/', 'text/html'],
    ['/api/v1/status', 'application/json'],
    ['/-/ready', '*/*'],
    ['/nowhere', '*/*'],
  ])('stand on no page: %s as %s', async (page, accept) => {
    const answer = await fetch(`${exporter.url}${page}`, { headers: { accept } });
    const text = `${JSON.stringify([...answer.headers])}${await answer.text()}`;
    expect(text.length).toBeGreaterThan(100);
    expect(findIn(text)).toEqual([]);
  });

  it('stand on no page of a project, where its failed sessions are', async () => {
    for (const page of projectPages()) {
      const text = await (await fetch(exporter.url + page)).text();
      expect(text).toMatch(/Failed|"state":"error"/);
      expect(findIn(text)).toEqual([]);
    }
  });

  it('stood on no page while something was wrong', () => {
    expect(shown.filter((text) => text.includes('not valid JSON')).length).toBeGreaterThan(0);
    expect(shown.flatMap(findIn)).toEqual([]);
  });

  it('stand in no file of the state', async () => {
    const files = readdirSync(exporter.folder).filter((name) => name.startsWith('state.db'));
    expect(files.toSorted()).toEqual(['state.db', 'state.db-wal', 'state.db.lock']);
    const hit = files.flatMap((name) => findIn(readFileSync(path.join(exporter.folder, name), 'latin1')));
    expect(hit).toEqual([]);
  });

  it('are no part of the process', () => {
    const { pid } = exporter.running.child;
    expect(findIn(readFileSync(`/proc/${pid}/cmdline`, 'latin1'))).toEqual([]);
    expect(findIn(readFileSync(`/proc/${pid}/environ`, 'latin1'))).toEqual([]);
  });

  it('stand in no answer to a bad reload', async () => {
    exporter.write(`accounts: [{ name: default, base_url: "not a url ${KEY}", api_key: "${KEY} ${KEY}" }]`);
    const { status, text } = await exporter.reload();
    expect([status, text.includes('api_key')]).toEqual([500, true]);
    expect(exporter.text()).not.toContain(KEY);
  });
});

it('no request goes to another host', async () => {
  expect(simulator.requests.answered(307) + simulator.requests.answered(301)).toBeGreaterThan(0);
  expect(strangers).toEqual([]);
});

describe('once and check', () => {
  it.each([
    ['check', 401],
    ['once', 500],
    ['check', 200],
  ])('%s shows nothing when the API answers %i', async (command, status) => {
    const detail = `${ERROR} ${TITLE} ${KEY}`;
    simulator.faults.clear();
    if (status !== 200) simulator.faults.add({ match: {}, fault: { kind: 'status', status, detail } });
    const env = { LLAMA_CLOUD_API_KEY: KEY, LLAMA_CLOUD_BASE_URL: simulator.url };
    const ended = await run([command, '--log.level=debug'], { env, cwd: newFolder() });
    expect(ended.code).toBe(status === 200 ? 0 : 1);
    expect(findIn(ended.stdout + ended.stderr)).toEqual([]);
  });
});
