/** A start on a full disk: one clear error, and nothing that contradicts it. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { tool } from '../support/tools.ts';
import { scratch } from './program.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

test('a start on a full disk ends with one error that says what to do', (context) => {
  const prlimit = tool(context, 'prlimit');
  const state = `${scratch()}/state.db`;
  // The limit on the size of files is what a disk without room is to the state; a pipe is no file.
  const args = [
    '--fsize=1024',
    process.execPath,
    MAIN,
    '--web.listen-address=127.0.0.1:0',
    `--state.url=sqlite:${state}`,
  ];
  const env = { PATH: process.env['PATH'] ?? '', LLAMA_CLOUD_API_KEY: 'k', LLAMA_CLOUD_BASE_URL: 'http://127.0.0.1:9' };
  const { status, stderr } = spawnSync(prlimit, args, { env, encoding: 'utf8' });
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(status).toBe(1);
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'error',
      reason: `The state ${state} cannot be written: no space left.`,
      fix: expect.stringContaining('then start the exporter again'),
    }),
  ]);
});
