/**
 * `check` run as a user runs it, against a simulated API: the tables it prints, and what it says about each failure.
 */
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Api, startApi } from '../api.ts';
import { type Ended, run, STACK, scratch } from '../program.ts';

const KEY = 'llx-secret-of-the-check';
let api: Api;

beforeAll(async () => {
  api = await startApi(['--projects=3', '--order=oldest']);
});
afterAll(() => api.stop());

function check(accounts: string): Promise<Ended> {
  const cwd = scratch();
  writeFileSync(`${cwd}/a.yml`, `accounts:\n${accounts.replaceAll('API', api.url)}`);
  return run(['check', '--config.file=a.yml'], { cwd, env: { KEY } });
}

/** Times and names of the day taken out. */
const stable = (text: string): string =>
  text
    .replaceAll(api.url, 'http://API')
    .replaceAll(/ +\d+ ms/g, ' N ms')
    .replaceAll(/ {2,}/g, '  ')
    .replaceAll(/(or more  0)  \d+  [\d.]+ K?i?B/g, '$1  N  SIZE');

describe('check', () => {
  test('shows a table for people', async () => {
    const { code, stdout, stderr } = await check(
      '  - { base_url: API, api_key: "${KEY}", page_size: 40, requests_per_minute: 6000 }',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stable(stdout)).toMatchInlineSnapshot(`
      "Account default, http://API
        key  ok
        discovery  ok, 3 projects in N ms

        PROJECT  FIRST PAGE  ORDER SEEN  PAGE SIZE  LATENCY  REQUESTS PER SWEEP  AT RATE LIMIT
        Customer Support  40  oldest first  40 honoured N ms  2 or more *  0.1 s or more *
        Contract Review  40  oldest first  40 honoured N ms  2 or more *  0.1 s or more *
        Invoice Matching  40  oldest first  40 honoured N ms  2 or more *  0.1 s or more *

        * The API gives no total, so the length of the list is unknown: every 1,000 sessions take 25 requests, 0.3 s at 6000 requests per minute.

        A list that is not newest first is read whole at every poll; mind the rate limit.

        PROJECT  ACTIVE SESSIONS  ADDED REQUESTS PER MINUTE  RUNS IN ONE HISTORY  ITS SIZE  LATENCY
        Customer Support  0 or more  0  N  SIZE N ms
        Contract Review  0 or more  0  N  SIZE N ms
        Invoice Matching  0 or more  0  N  SIZE N ms

        Reading event histories adds an unknown number of requests per minute at present: one each time that one of the sessions active
        in the last 5 minutes rests for polling.interval, or keeps running for 5 minutes.
        With accounting: last_run it would add none, but of several runs of a session between two polls only the last would count.

      All is well.
      "
    `);
  });

  test('names every failure and its fix', async () => {
    await api.fault({ endpoint: 'list', project: 'Contract Review' }, 404);
    const { code, stdout, stderr } = await check(
      '  - { name: a, base_url: API, api_key: "${KEY}" }\n' +
        '  - { name: b, base_url: "http://127.0.0.1:1", api_key: "${KEY}", request_timeout: 1s }\n' +
        '  - { name: c, base_url: API, api_key: "${KEY}", projects: { include: ["nothing"] } }\n',
    );
    await api.fault({ endpoint: 'list', project: 'nobody' }, 403);
    expect(code).toBe(1);
    expect(stderr).not.toContain('"level":"error"');
    expect(stdout).toContain('What failed (3):');
    expect(stdout).toMatch(/account a, project Contract Review \([0-9a-f-]{36}\)\n {4}\[GET\] .*404 Not Found\. .+/);
    expect(stdout).toMatch(/account b\n {4}.*ECONNREFUSED.*\. Check base_url/);
    expect(stdout).toContain('account c\n    no discovered project is selected. Correct the globs');
    expect(stdout + stderr).not.toContain(KEY);
    expect(stdout + stderr).not.toMatch(STACK);
  });

  test('names the setting where histories are forbidden', async () => {
    await api.fault({ endpoint: 'session' }, 403);
    const account = '  - { base_url: API, api_key: "${KEY}" }\n';
    const { code, stdout } = await check(account);
    const listOnly = await check(`${account}accounting: last_run`);
    await api.fault({ endpoint: 'list', project: 'nobody' }, 403);
    expect(code).toBe(1);
    expect(stdout).toContain('What failed (3):');
    expect(stdout).toContain('403 Forbidden. Set accounting: last_run to count without event histories');
    expect(listOnly.code).toBe(0);
    expect(listOnly.stdout).toContain('accounting: last_run reads no event histories');
  });

  test('says that a key is rejected', async () => {
    await api.fault({}, 401);
    const { code, stdout } = await check('  - { base_url: API, api_key: "${KEY}" }');
    await api.fault({ endpoint: 'list', project: 'nobody' }, 403);
    expect(code).toBe(1);
    expect(stdout).toContain('  key        REJECTED by the API\n  discovery  FAILED: unauthorized\n');
  });

  test('takes the flags of serve', async () => {
    const env = { LLAMA_CLOUD_API_KEY: KEY, LLAMA_CLOUD_BASE_URL: api.url };
    const { code } = await run(['check', '--web.listen-address=:1', '--state.url=sqlite:x.db'], {
      env,
      cwd: scratch(),
    });
    expect(code).toBe(0);
  });
});
