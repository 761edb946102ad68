/** `serve` as a process: signals, reloads, exit codes, and one clear line for each way it can fail. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Running, STACK, scratch, start } from './program.ts';

const RAISING = fileURLToPath(new URL('entries/raising.ts', import.meta.url));
const HANGING = fileURLToPath(new URL('entries/hanging.ts', import.meta.url));
const KEY = 'llx-secret-of-the-test-0123';

let simulator: Running;
let api: string;

beforeAll(async () => {
  simulator = start(['simulate', '--listen-address=127.0.0.1:0', '--projects=2']);
  api = (await simulator.said(/listens on (\S+)/))[1] ?? '';
});
afterAll(async () => {
  simulator.child.kill('SIGTERM');
  await simulator.ended;
});

function serve(args: readonly string[] = [], cwd = scratch()): Running {
  const env = { LLAMA_CLOUD_API_KEY: KEY, LLAMA_CLOUD_BASE_URL: api };
  return start(['--web.listen-address=127.0.0.1:0', '--log.format=json', ...args], { env, cwd });
}

const listening = async (running: Running): Promise<string> => (await running.said(/http:\/\/127\.0\.0\.1:\d+/))[0];

describe('serve', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('stops on %s with exit code 0', async (signal) => {
    const running = serve();
    const url = await listening(running);
    expect((await fetch(`${url}/-/healthy`)).status).toBe(200);
    const before = performance.now();
    running.child.kill(signal);
    const { code, stderr } = await running.ended;
    expect(performance.now() - before).toBeLessThan(5000);
    expect({ code, stopping: stderr.includes('Stopping') }).toEqual({ code: 0, stopping: true });
    expect(stderr).not.toMatch(STACK);
  });

  test('writes JSON on stderr and nothing on stdout', async () => {
    const running = serve(['--log.level=debug']);
    await listening(running);
    running.child.kill('SIGTERM');
    const { stdout, stderr } = await running.ended;
    expect(stdout).toBe('');
    const lines = stderr.trimEnd().split('\n');
    const levels = lines.map((line) => (JSON.parse(line) as { level: string }).level);
    expect(levels).toContain('info');
    expect(stderr).not.toContain(KEY);
  });

  test('reads the file again on SIGHUP', async () => {
    const cwd = scratch();
    writeFileSync(`${cwd}/a.yml`, 'polling: { interval: 30s }');
    const running = serve(['--config.file=a.yml'], cwd);
    const url = await listening(running);
    await running.said(/Project discovered/);
    writeFileSync(`${cwd}/a.yml`, 'polling: { interval: soon }');
    running.child.kill('SIGHUP');
    await running.said(/Reload failed.*|polling\.interval: found \\"soon\\"/);
    writeFileSync(`${cwd}/a.yml`, 'polling: { interval: 20s }');
    running.child.kill('SIGHUP');
    await running.said(/Configuration reloaded/);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('llamacloud_exporter_poll_interval_seconds{kind="head"} 20');
    running.child.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });

  test.each([
    ['before the command line is read', 'early'],
    ['before the app is loaded', 'loading'],
  ])('obeys signals that come %s', async (_, stage) => {
    for (const signals of [['SIGTERM'], ['SIGHUP', 'SIGTERM']] as const) {
      const env = { LLAMA_CLOUD_API_KEY: KEY, LLAMA_CLOUD_BASE_URL: api, RAISE: signals.join(' '), RAISE_AT: stage };
      const { code, stderr } = await start(['--log.format=json'], { env, cwd: scratch(), entry: RAISING }).ended;
      expect({ code, stopping: stderr.includes('Stopping') }).toEqual({ code: 0, stopping: true });
      expect(stderr).not.toContain('"level":"error"');
    }
  });

  test('reloads once it has started after a SIGHUP that came before', async () => {
    const env = { LLAMA_CLOUD_API_KEY: KEY, LLAMA_CLOUD_BASE_URL: api, RAISE: 'SIGHUP', RAISE_AT: 'loading' };
    const running = start(['--web.listen-address=127.0.0.1:0'], { env, cwd: scratch(), entry: RAISING });
    await running.said(/Configuration reloaded/);
    running.child.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });

  test('says that a port is in use', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => void taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const env = { LLAMA_CLOUD_API_KEY: KEY, LLAMA_CLOUD_BASE_URL: api };
    const { code, stderr } = await start([`--web.listen-address=127.0.0.1:${port}`], { env, cwd: scratch() }).ended;
    taken.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`127.0.0.1:${port}`);
    expect(stderr).not.toMatch(STACK);
  });

  test('says that a state is no database', async () => {
    const cwd = scratch();
    writeFileSync(`${cwd}/llamacloud-exporter.db`, 'This is not a database. '.repeat(100));
    const { code, stderr } = await serve([], cwd).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('llamacloud-exporter.db');
    expect(stderr).not.toMatch(STACK);
    expect(readFileSync(`${cwd}/llamacloud-exporter.db`, 'utf8')).toMatch(/^This is not a database/);
  });

  test('ends at once on a second signal', async () => {
    const running = start(['serve'], { env: { LLAMA_CLOUD_API_KEY: KEY }, cwd: scratch(), entry: HANGING });
    await running.said(/started/);
    running.child.kill('SIGTERM');
    await running.said(/Stopping/);
    const before = performance.now();
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(1);
    expect(performance.now() - before).toBeLessThan(2000);
  });

  test('does not wait for ever for a stop', async () => {
    const running = start(['serve'], { env: { LLAMA_CLOUD_API_KEY: KEY }, cwd: scratch(), entry: HANGING });
    await running.said(/started/);
    const before = performance.now();
    running.child.kill('SIGTERM');
    const { code, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(performance.now() - before).toBeLessThan(5000);
    expect(stderr).toContain('Stopping took too long');
  });

  test.each([
    ['FAIL_START', 1, 'cannot open the thing'],
    ['FAIL_LATER', 1, 'the disk went away'],
    ['FAIL_UNEXPECTED', 1, 'Stopped by an unexpected error'],
  ])('answers %s with one clear line', async (variable, expected, words) => {
    const env = { LLAMA_CLOUD_API_KEY: KEY, [variable]: '1' };
    const { code, stderr } = await start(['serve'], { env, cwd: scratch(), entry: HANGING }).ended;
    const errors = stderr.split('\n').filter((line) => line.includes('"level":"error"'));
    expect(code).toBe(expected);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(words);
    expect(stderr).not.toMatch(STACK);
    expect(stderr).not.toContain(KEY);
  });
});
