/** `once` as a process: what goes to stdout or to a file, and which exit code it ends with. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Api, startApi } from './api.ts';
import { type Ended, run, STACK, scratch, start } from './program.ts';

const ZEROS = fileURLToPath(new URL('entries/zeros.ts', import.meta.url));

let api: Api;

beforeAll(async () => {
  api = await startApi(['--projects=3']);
});
afterAll(() => api.stop());

function once(args: readonly string[], cwd = scratch()): Promise<Ended> {
  const env = { LLAMA_CLOUD_API_KEY: 'llx-any', LLAMA_CLOUD_BASE_URL: api.url };
  return run(['once', '--state.url=sqlite::memory:', ...args], { env, cwd });
}

describe('once', () => {
  test('writes metrics alone to stdout', async () => {
    const { code, stdout, stderr } = await once([]);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.filter((line) => !/^($|(# (HELP|TYPE) )?llamacloud_)/.test(line))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('llamacloud_chat_sessions{'))).toHaveLength(9);
    for (const line of stderr.trimEnd().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  test('replaces the file whole, readable by others', async () => {
    const cwd = scratch();
    writeFileSync(`${cwd}/llama.prom`, 'old', { mode: 0o600 });
    const { code, stdout } = await once(['--output=llama.prom'], cwd);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(readFileSync(`${cwd}/llama.prom`, 'utf8')).toMatch(/^# HELP llamacloud_/);
    expect(statSync(`${cwd}/llama.prom`).mode & 0o777).toBe(0o644);
    expect(readdirSync(cwd)).toEqual(['llama.prom']);
  });

  test('exits 1 when nothing is selected, and says what could be', async () => {
    const cwd = scratch();
    writeFileSync(`${cwd}/a.yml`, 'accounts: [{ projects: { include: ["nothing-*"] } }]');
    const { code, stderr } = await once(['--config.file=a.yml'], cwd);
    expect(code).toBe(1);
    expect(stderr).toContain('do not select any of the 3 projects');
    expect(stderr).toContain('Contract Review');
  });

  test('writes zeros to the file before the polls, and never to stdout', async () => {
    const cwd = scratch();
    const env = { LLAMA_CLOUD_API_KEY: 'llx-any' };
    const toFile = await run(['once', '--output=llama.prom'], { env, cwd, entry: ZEROS });
    expect(toFile).toMatchObject({ code: 0, stdout: 'llama.prom held: zeros\n' });
    expect(readFileSync(`${cwd}/llama.prom`, 'utf8')).toBe('whole\n');
    expect(await run(['once'], { env, cwd, entry: ZEROS })).toMatchObject({ code: 0, stdout: 'whole\n' });
  });

  test('makes the folder of the state, for its user alone', async () => {
    const cwd = scratch();
    const env = { LLAMA_CLOUD_API_KEY: 'llx-any', LLAMA_CLOUD_BASE_URL: api.url };
    const { code } = await run(['once', '--state.url=sqlite:new/folder/state.db'], { env, cwd });
    expect(code).toBe(0);
    expect(readdirSync(`${cwd}/new/folder`)).toEqual(['state.db']);
    expect(statSync(`${cwd}/new/folder`).mode & 0o777).toBe(0o700);
  });

  test('says that the folder of the state cannot be made', async () => {
    const env = { LLAMA_CLOUD_API_KEY: 'llx-any', LLAMA_CLOUD_BASE_URL: api.url };
    const { code, stderr } = await run(['once', '--state.url=sqlite:/proc/none/state.db'], { env, cwd: scratch() });
    expect(code).toBe(1);
    expect(stderr).toContain('The folder of the state cannot be made: /proc/none: ENOENT.');
    expect(stderr).not.toMatch(STACK);
  });

  test('takes - for stdout', async () => {
    const cwd = scratch();
    const { code, stdout } = await once(['--output=-'], cwd);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^# HELP llamacloud_/)]);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('says before it starts that it cannot write', async () => {
    const cwd = scratch();
    mkdirSync(`${cwd}/directory`);
    const cases = [
      ['none/x.prom', 'there is no such directory'],
      ['directory', 'it is a directory'],
    ] as const;
    for (const [output, why] of cases) {
      const { code, stdout, stderr } = await once([`--output=${output}`], cwd);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toBe(
        `llamacloud-exporter: cannot write ${output}: ${why}. Give --output a file in a directory that this user can write to.\n`,
      );
    }
  });

  test('exits 1 when a project failed, and writes the others', async () => {
    await api.fault({ endpoint: 'list', project: 'Contract Review' }, 403);
    const { code, stdout, stderr } = await once([]);
    await api.fault({ endpoint: 'list', project: 'nobody' }, 403);
    expect(code).toBe(1);
    expect(stdout.match(/^llamacloud_chat_sessions\{/gm)).toHaveLength(6);
    expect(stderr).toContain('"msg":"Project failed"');
    expect(stderr).toContain('forbidden');
    expect(stderr).not.toMatch(STACK);
  });

  test('exits 1 when the API is not there', async () => {
    const env = { LLAMA_CLOUD_API_KEY: 'llx-any', LLAMA_CLOUD_BASE_URL: 'http://127.0.0.1:1' };
    const { code, stderr } = await run(['once', '--state.url=sqlite::memory:'], { env, cwd: scratch() });
    expect(code).toBe(1);
    expect(stderr).toContain('Check base_url');
    expect(stderr).not.toMatch(STACK);
  });

  test('logs as logfmt, one line for each message', async () => {
    const env = { LLAMA_CLOUD_API_KEY: 'llx-any', LLAMA_CLOUD_BASE_URL: 'http://127.0.0.1:1' };
    const args = ['once', '--state.url=sqlite::memory:', '--log.format=logfmt'];
    const { stderr } = await run(args, { env, cwd: scratch() });
    const lines = stderr.trimEnd().split('\n');
    const WORD = String.raw`(?:[^\s"=]+|"(?:[^"\\]|\\.)*")`;
    const logfmt = new RegExp(String.raw`^time=${WORD} level=\w+ msg=${WORD}(?: \w+=${WORD})*$`);
    expect(lines.filter((line) => !line.startsWith('llamacloud-exporter: ') && !logfmt.test(line))).toEqual([]);
    expect(stderr).toMatch(/^time=\S+ level=(warn|error) /m);
  });

  test('leaves no half file when interrupted', async () => {
    const cwd = scratch();
    const env = { LLAMA_CLOUD_API_KEY: 'llx-any', LLAMA_CLOUD_BASE_URL: api.url };
    await api.fault({ endpoint: 'list' }, 503);
    const running = start(['once', '--state.url=sqlite::memory:', '--output=a.prom'], { env, cwd });
    await running.said(/Project discovered/);
    running.child.kill('SIGINT');
    const { code, stderr } = await running.ended;
    await api.fault({ endpoint: 'list', project: 'nobody' }, 403);
    expect(code).toBe(1);
    expect(stderr).toContain('Interrupted; no metrics were written');
    expect(readdirSync(cwd)).toEqual([]);
  });
});
