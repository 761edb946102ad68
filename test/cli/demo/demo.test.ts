/** `demo` runs without a key, shows moving numbers, and picks another port if its own is taken. */
import { describe, expect, test } from 'vitest';

import { type Running, STACK, scratch, start } from '../program.ts';

async function url(running: Running, what: string): Promise<string> {
  return (await running.said(new RegExp(`${what} +(http://\\S+)`)))[1] ?? '';
}

describe('demo', () => {
  test('shows numbers that move, without a key', async () => {
    const first = start(['demo', '--speed=200'], { cwd: scratch() });
    const metrics = await url(first, 'Metrics');
    await first.said(/\d\d:\d\d:\d\d {2}\| {2}runs [\d,]+, failed/);
    await first.said(/runs [1-9][\d,]*, failed/);
    expect(await (await fetch(metrics)).text()).toMatch(/^llamacloud_chat_runs_total\{.*\} [1-9]/m);
    expect((await fetch(await url(first, 'Status page'))).status).toBe(200);

    const second = start(['demo'], { cwd: scratch() });
    const other = await url(second, 'Metrics');
    expect(other).not.toBe(metrics);
    const { stdout } = await stopped(second);
    expect(stdout).toMatch(/\(port 10940 is taken by another process, so a free one was chosen\)/);

    const end = await stopped(first);
    expect(end.stderr).toBe('');
  });
});

async function stopped(running: Running): Promise<{ stdout: string; stderr: string }> {
  running.child.kill('SIGINT');
  const { code, stdout, stderr } = await running.ended;
  expect(code).toBe(0);
  expect(stderr).not.toMatch(STACK);
  return { stdout, stderr };
}
