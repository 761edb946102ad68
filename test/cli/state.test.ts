/** `state renew` and the database table of `check`, run as commands against PostgreSQL. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { skipReason } from '../support/postgres.ts';
import { serverForTests } from '../support/server-for-tests.ts';
import { type Api, startApi } from './api.ts';
import { type Ended, run, STACK, start } from './program.ts';

const KEY = 'llx-secret-of-the-state';

describe('state renew', () => {
  test('is only for PostgreSQL', async () => {
    const { code, stderr } = await run(['state', 'renew', '--state.url=sqlite:x.db'], {
      env: { LLAMA_CLOUD_API_KEY: KEY },
    });
    expect(code).toBe(1);
    expect(stderr).toBe(
      'llamacloud-exporter: state renew is for a state on PostgreSQL, and state.url is sqlite:x.db. ' +
        'A restored SQLite file cannot be renewed: delete it, and counters start at 0.\n',
    );
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('is ended by %s while the database keeps it waiting', async (signal) => {
    const entry = fileURLToPath(new URL('entries/renewing.ts', import.meta.url));
    const env = { LLAMA_CLOUD_API_KEY: KEY };
    const running = start(['state', 'renew', '--state.url=postgresql://u@localhost/d'], { env, entry });
    await running.said(/renewing/);
    running.child.kill(signal);
    const late = setTimeout(() => running.child.kill('SIGKILL'), 2000);
    await running.ended;
    clearTimeout(late);
    expect(running.child.signalCode).toBe(signal);
  });

  test.each([
    [['state'], "state must be followed by 'renew'"],
    [['state', 'rewind'], "state must be followed by 'renew', not 'rewind'"],
    [['state', 'renew', 'all'], "unexpected argument 'all'"],
    [['check', 'renew'], "unexpected argument 'renew'"],
  ])('%j is wrong usage', async (args, complaint) => {
    const { code, stderr } = await run(args);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `llamacloud-exporter: ${complaint}. See llamacloud-exporter --help.\n`,
    });
  });
});

describe.skipIf(skipReason() !== null)('commands on PostgreSQL', () => {
  const server = serverForTests();
  let api: Api;
  beforeAll(async () => {
    api = await startApi(['--projects=1']);
  });
  afterAll(() => api?.stop());

  function program(args: readonly string[], url: string): Promise<Ended> {
    const env = { LLAMA_CLOUD_API_KEY: KEY, LLAMA_CLOUD_BASE_URL: api.url, LLAMACLOUD_EXPORTER_STATE_URL: url };
    return run(args, { env });
  }

  test('check has a table of the database', async () => {
    const url = await server.freshDatabase();
    const { code, stdout, stderr } = await program(['check'], url);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [state = ''] = stdout.replaceAll(/\d+ of \d+ used/g, 'N of N used').split('\nAccount');
    const stable = state.replaceAll(String(server.port), 'PORT').replaceAll(/PostgreSQL [\d.]+/g, 'PostgreSQL N.N');
    expect(stable.replaceAll(/ {2,}/g, '  ')).toMatchInlineSnapshot(`
      "State postgresql://127.0.0.1:PORT/test_1

        DATABASE  FOUND  VERDICT
        version  PostgreSQL N.N  ok
        role of server  primary  ok
        transactions  read and write  ok
        isolation  read committed  ok
        synchronous commit  on  ok
        encoding  UTF8  ok
        standbys  none  ok
        pooler  none  ok
        connections  N of N used  ok
        rights  may create the schema  ok
        functions  may be called  ok
        state  none yet: the first start makes it  ok
      "
    `);
  });

  test('check says what fails, and how to fix it', async () => {
    const { code, stdout } = await program(['check'], server.url('absent').replace('postgres@', 'postgres:s3cret@'));
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /What failed \(1\):\n {2}state, connection: failed\n {4}The state .* has no such database\. /,
    );
    expect(stdout).not.toContain('s3cret');
  });

  test('state renew says why it cannot', async () => {
    const { code, stderr, stdout } = await program(['state', 'renew', '--keep'], await server.freshDatabase());
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/There is no state in postgresql:.* Correct state\.url/);
    expect(stderr).not.toMatch(STACK);
  });
});
