/** What `serve` does with a state it cannot use, and with an API that is not there yet. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { run, STACK } from '../cli/program.ts';
import { freePort } from '../support/process.ts';
import { until } from '../support/until.ts';
import { type Configured, QUICK, startConfigured, stateOf } from './configured.ts';
import { newFolder, scrapeUntil, valuesOf } from './exporter.ts';

const KEY = 'llx-bad-input-key';
const env = { LLAMA_CLOUD_API_KEY: KEY, LLAMA_CLOUD_BASE_URL: 'http://127.0.0.1:1' };

type Refusal = { readonly code: number | null; readonly reason: string; readonly fix: string };

/** Starts `serve` on a state that it has to refuse, and answers the one line of level `error`. */
async function refusal(state: string): Promise<Refusal> {
  const args = ['--web.listen-address=127.0.0.1:0', '--log.format=json', `--state.url=sqlite:${state}`];
  const { code, stderr } = await run(args, { env, cwd: newFolder() });
  expect(stderr).not.toMatch(STACK);
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>);
  const errors = lines.filter((line) => line['level'] === 'error');
  expect(errors).toHaveLength(1);
  return { code, reason: errors[0]?.['reason'] ?? '', fix: errors[0]?.['fix'] ?? '' };
}

/** A folder in which nobody can write: even root cannot make files in /proc. */
function closedFolder(): string {
  if (process.getuid?.() === 0) return '/proc/self/fdinfo';
  const folder = path.join(newFolder(), 'closed');
  mkdirSync(folder);
  chmodSync(folder, 0o500);
  return folder;
}

function plainFile(): string {
  const file = path.join(newFolder(), 'file');
  writeFileSync(file, 'no folder');
  return file;
}

/** A database that a newer exporter, or another program, made. */
function database(statements: string): string {
  const file = stateOf(newFolder());
  const db = new DatabaseSync(file);
  db.exec(statements);
  db.close();
  return file;
}

describe('a state that cannot be used', () => {
  it.each([
    ['in a folder that is closed', path.join(closedFolder(), 'state.db')],
    ['under a file', path.join(plainFile(), 'state.db')],
  ])('%s is named, with the fix', async (_, state) => {
    const { code, reason, fix } = await refusal(state);
    expect([code, reason, fix]).toEqual([
      1,
      expect.stringContaining(`The state ${state} cannot be opened for writing`),
      expect.stringMatching(/write access.*choose another state\.url/),
    ]);
  });

  it('because it is a folder says so', async () => {
    const folder = newFolder();
    const { code, reason, fix } = await refusal(folder);
    expect([code, reason, fix]).toEqual([1, `The state ${folder} is not a file.`, 'Let state.url name a file.']);
  });

  it('because another program made it says so', async () => {
    const file = database('CREATE TABLE customer (name TEXT); INSERT INTO customer VALUES (1)');
    const { code, reason, fix } = await refusal(file);
    expect([code, reason.includes(file), fix.length > 10]).toEqual([1, true, true]);
    const left = new DatabaseSync(file).prepare('SELECT name FROM customer').all();
    expect(left).toHaveLength(1);
  });

  it('because a newer exporter made it says so', async () => {
    const folder = newFolder();
    const first = await startConfigured(
      `accounts: [{ name: default, base_url: "http://127.0.0.1:1", api_key: ${KEY} }]`,
      { folder },
    );
    await until('the state is made', () => first.text().includes('Created a new state'));
    expect(await first.stop()).toBe(0);
    const db = new DatabaseSync(stateOf(folder));
    const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
    db.exec(`PRAGMA user_version = ${version + 1}`);
    db.close();
    const { code, reason, fix } = await refusal(stateOf(folder));
    expect(code).toBe(1);
    expect(reason).toBe(
      `The state ${stateOf(folder)} has schema ${version + 1}; this version of the exporter knows ${version} at most.`,
    );
    expect(fix).toMatch(/^Start the version that wrote it, or a later one\. Or: Delete it/);
    await first.dispose();
  });
});

describe('an API that is not there', () => {
  const project = { id: 'a1b2c3d4-0000-4000-8000-000000000001', name: 'Late', organization_id: 'o' };

  it('is waited for', async () => {
    const port = await freePort();
    const exporter: Configured = await startConfigured(
      `accounts: [{ name: default, base_url: "http://127.0.0.1:${port}", api_key: ${KEY} }]\n${QUICK}`,
    );
    const down = 'llamacloud_exporter_discovery_up{account="default"}';
    const text = await scrapeUntil(exporter, (seen) => valuesOf(seen).get(down) === 0, 40);
    expect(text).not.toContain('llamacloud_chat_runs_total{');
    const answers = ['/-/healthy', '/-/ready', '/'].map(async (page) => (await fetch(exporter.url + page)).status);
    expect(await Promise.all(answers)).toEqual([200, 503, 200]);
    expect(exporter.warnings('this is logged once')).toEqual([
      expect.objectContaining({
        reason: 'connection',
        error: expect.stringContaining(`127.0.0.1:${port}`),
        fix: expect.stringContaining('base_url'),
      }),
    ]);
    const server = createServer((req, res) => {
      res.setHeader('content-type', 'application/json');
      res.end(JSON.stringify(req.url?.startsWith('/api/v1/projects') ? [project] : { items: [] }));
    });
    await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
    await scrapeUntil(exporter, (seen) => seen.includes(`llamacloud_chat_sessions{project_id="${project.id}"`), 40);
    expect(await exporter.stop()).toBe(0);
    expect(exporter.text()).not.toMatch(STACK);
    await exporter.dispose();
    server.close();
  }, 120_000);
});
