/** Basic authentication: who is let in, and what a password check costs and remembers. */
import { hashSync } from '@node-rs/bcrypt';
import { describe, expect, it } from 'vitest';

import { Credentials } from '../../src/web/server/credentials.ts';
import { FakeWebConfig } from '../fakes/fake-serving.ts';
import { serve } from './fixtures.ts';
import { get } from './http.ts';
import { run, tool } from './tools.ts';

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const USERS = { prom: hashSync('pass:word', 4), zoë: hashSync('größe', 4) };

describe('users', () => {
  it('are asked for on every path', async () => {
    await using served = await serve({}, new FakeWebConfig({ users: USERS }));
    for (const path of [
      '/metrics',
      '/',
      '/fragment',
      '/api/v1/status',
      '/-/healthy',
      '/-/ready',
      '/-/reload',
      '/assets/status.js',
      '/x',
    ]) {
      const { status, headers } = await get(served.url + path);
      expect([path, status]).toEqual([path, 401]);
      expect(headers['www-authenticate']).toBe('Basic realm="llamacloud-exporter", charset="UTF-8"');
    }
    expect(served.snapshot.calls).toBe(0);
  });

  it.each([
    ['prom', 'pass:word', 200],
    ['zoë', 'größe', 200],
    ['prom', 'wrong', 401],
    ['prom', '', 401],
    ['nobody', 'pass:word', 401],
    ['__proto__', 'pass:word', 401],
    ['', '', 401],
  ])('%s with %s: %i', async (user, password, wanted) => {
    await using served = await serve({}, new FakeWebConfig({ users: USERS }));
    const headers = { authorization: basic(user, password) };
    expect((await get(`${served.url}/metrics`, { headers })).status).toBe(wanted);
    expect((await get(`${served.url}/metrics`, { headers })).status).toBe(wanted);
  });

  it.each(['Bearer abc', 'Basic', 'Basic !!!', `Basic ${Buffer.from('no colon').toString('base64')}`, 'basic'])(
    'cannot come in by %s',
    async (authorization) => {
      await using served = await serve({}, new FakeWebConfig({ users: USERS }));
      expect((await get(`${served.url}/metrics`, { headers: { authorization } })).status).toBe(401);
    },
  );

  it('change without a restart', async () => {
    await using served = await serve({}, new FakeWebConfig({ users: USERS }));
    const ask = async (password: string) =>
      (await get(`${served.url}/metrics`, { headers: { authorization: basic('prom', password) } })).status;
    expect(await ask('pass:word')).toBe(200);
    served.webConfig.set({ users: { prom: hashSync('new', 4) } });
    expect([await ask('pass:word'), await ask('new')]).toEqual([401, 200]);
    served.webConfig.set({ users: {} });
    expect((await get(`${served.url}/metrics`)).status).toBe(200);
  });

  it('may have a hash made by htpasswd', async (context) => {
    const made = await run(tool(context, 'htpasswd'), ['-nbBC', '5', 'prom', 'secret']);
    const [user = '', hash = ''] = made.trim().split(':');
    await using served = await serve({}, new FakeWebConfig({ users: { [user]: hash } }));
    const curl = (secret: string): Promise<string> =>
      run(tool(context, 'curl'), [
        '-s',
        '-o',
        '/dev/null',
        '-w',
        '%{http_code}',
        '-u',
        `prom:${secret}`,
        `${served.url}/metrics`,
      ]);
    expect([await curl('secret'), await curl('other')]).toEqual(['200', '401']);
  });
});

describe('password checks', () => {
  it('are remembered when right, and only then', async () => {
    const credentials = new Credentials(USERS);
    expect(await credentials.check(basic('prom', 'pass:word'))).toBe('known');
    expect(credentials.check(basic('prom', 'pass:word'))).toBe('known');
    expect(await credentials.check(basic('prom', 'wrong'))).toBe('unknown');
    expect(credentials.check(basic('prom', 'wrong'))).toBeInstanceOf(Promise);
  });

  it('keep no password in clear', async () => {
    const credentials = new Credentials(USERS);
    await credentials.check(basic('prom', 'pass:word'));
    const kept = JSON.stringify(Object.values(Object.getOwnPropertyDescriptors(credentials)));
    expect(kept).not.toContain('pass');
  });

  it('of the same credentials are shared', () => {
    const credentials = new Credentials(USERS);
    expect(credentials.check(basic('prom', 'x'))).toBe(credentials.check(basic('prom', 'x')));
  });

  it('beyond the bound are refused, but not to the known', async () => {
    const credentials = new Credentials(USERS);
    await credentials.check(basic('prom', 'pass:word'));
    const guesses = Array.from({ length: 32 }, async (_, i) => credentials.check(basic('prom', `guess ${i}`)));
    expect(credentials.check(basic('prom', 'one more'))).toBe('busy');
    expect(credentials.check(basic('prom', 'pass:word'))).toBe('known');
    expect(new Set(await Promise.all(guesses))).toEqual(new Set(['unknown']));
    expect(credentials.check(basic('prom', 'one more'))).toBeInstanceOf(Promise);
  });

  it('cost the same for unknown users', async () => {
    const credentials = new Credentials({ a: hashSync('x', 9), b: hashSync('x', 4) });
    const timed = async (header: string): Promise<number> => {
      const began = performance.now();
      await credentials.check(header);
      return performance.now() - began;
    };
    const known = [await timed(basic('a', '1')), await timed(basic('a', '2')), await timed(basic('a', '3'))].sort(
      (x, y) => x - y,
    );
    const unknown = [await timed(basic('q', '1')), await timed(basic('q', '2')), await timed(basic('q', '3'))].sort(
      (x, y) => x - y,
    );
    // A check that is left out takes less than a hundredth; noise of the machine far less than a factor of 5.
    expect((unknown[1] ?? 0) / (known[1] ?? 1)).toBeGreaterThan(0.2);
  });
});
