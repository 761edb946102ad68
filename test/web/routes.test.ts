/** Every route besides /metrics: health, status, reload, pages, their headers, and odd addresses. */
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

import { ExporterError } from '../../src/domain/errors.ts';
import { FakeWebConfig } from '../fakes/fake-serving.ts';
import { manyProjects, serve, statusFixture } from './fixtures.ts';
import { get, raw } from './http.ts';

describe('health', () => {
  it('is there while the process lives', async () => {
    await using served = await serve();
    served.snapshot.isReady = false;
    expect((await get(`${served.url}/-/healthy`)).status).toBe(200);
  });

  it('tells readiness by the snapshot', async () => {
    await using served = await serve();
    expect((await get(`${served.url}/-/ready`)).status).toBe(200);
    served.snapshot.isReady = false;
    const { status, text } = await get(`${served.url}/-/ready`);
    expect([status, text]).toEqual([503, 'Not ready: no project has been published yet.\n']);
  });

  it('says why it is not ready', async () => {
    await using served = await serve();
    served.snapshot.isReady = false;
    const at = '2026-05-04T12:00:00.000Z';
    const what = { scope: 'account', subject: 'default', code: 'unauthorized', count: 1 } as const;
    const open = {
      ...what,
      message: 'The key is refused.',
      fix: 'Renew it.',
      firstAt: at,
      lastAt: at,
      resolved: false,
    };
    served.status.value = statusFixture({ problems: [{ ...open, resolved: true, message: 'Over' }, open] });
    const { text } = await get(`${served.url}/-/ready`);
    expect(text).toBe('Not ready: no project has been published yet. The key is refused. Renew it.\n');
  });
});

describe('status as JSON', () => {
  it('is exactly the status', async () => {
    await using served = await serve();
    const { headers, text } = await get(`${served.url}/api/v1/status`);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(text)).toEqual(statusFixture());
  });

  it('is compressed when that is accepted', async () => {
    await using served = await serve();
    served.status.value = statusFixture({ projects: manyProjects(50) });
    const { headers, body } = await get(`${served.url}/api/v1/status`, { headers: { 'accept-encoding': 'gzip' } });
    expect(headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(body).toString())).toEqual(served.status.value);
  });
});

describe('reload', () => {
  it('is forbidden unless enabled', async () => {
    await using served = await serve();
    const { status, text } = await get(`${served.url}/-/reload`, { method: 'POST' });
    expect(status).toBe(403);
    expect(text).toContain('--web.enable-lifecycle');
    expect(served.lifecycle.reloads).toBe(0);
  });

  it.each(['POST', 'PUT'])('works by %s', async (method) => {
    await using served = await serve({ enableLifecycle: true });
    expect((await get(`${served.url}/-/reload`, { method })).status).toBe(200);
    expect(served.lifecycle.reloads).toBe(1);
  });

  it('refuses GET with the methods allowed', async () => {
    await using served = await serve({ enableLifecycle: true });
    const { status, headers } = await get(`${served.url}/-/reload`);
    expect([status, headers.allow, served.lifecycle.reloads]).toEqual([405, 'POST, PUT', 0]);
  });

  it('answers a bad file with its fix', async () => {
    await using served = await serve({ enableLifecycle: true });
    served.lifecycle.error = new ExporterError(
      'config',
      'exporter.yml: polling.interval: found "x", wanted a duration',
      'Write 60s.',
    );
    const { status, text } = await get(`${served.url}/-/reload`, { method: 'POST' });
    expect(status).toBe(500);
    expect(text).toBe('exporter.yml: polling.interval: found "x", wanted a duration\nWrite 60s.\n');
  });

  it('hides what went wrong inside', async () => {
    await using served = await serve({ enableLifecycle: true });
    served.lifecycle.error = new Error('secret detail');
    const { status, text } = await get(`${served.url}/-/reload`, { method: 'POST' });
    expect(status).toBe(500);
    expect(text).not.toContain('secret');
    expect(served.logger.at('error')).toHaveLength(1);
  });

  it('cannot be caused by another site', async () => {
    await using served = await serve({ enableLifecycle: true });
    const reload = (site: string) =>
      get(`${served.url}/-/reload`, { method: 'POST', headers: { 'sec-fetch-site': site } });
    expect((await reload('cross-site')).status).toBe(403);
    expect((await reload('same-site')).status).toBe(403);
    expect((await reload('same-origin')).status).toBe(200);
  });
});

describe('pages', () => {
  it('carry strict security headers', async () => {
    await using served = await serve();
    for (const path of ['/', '/fragment', '/nowhere', '/api/v1/status', '/assets/status.js']) {
      const { headers } = await get(served.url + path);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['x-powered-by']).toBeUndefined();
    }
  });

  it('hold no inline script or style', async () => {
    await using served = await serve();
    const { text } = await get(served.url);
    expect(text).not.toMatch(/<style|style=|<script>|\son[a-z]+=/i);
  });

  it('let configured headers win', async () => {
    const headers = { 'Content-Security-Policy': "default-src 'self'" };
    await using served = await serve({}, new FakeWebConfig({ headers }));
    expect((await get(served.url)).headers['content-security-policy']).toBe("default-src 'self'");
  });

  it('are not stored, but their files are', async () => {
    await using served = await serve();
    const { headers, text } = await get(served.url);
    expect(headers['cache-control']).toBe('no-store');
    const address = /href="(assets\/status\.css\?v=[^"]+)"/.exec(text)?.[1] ?? '';
    expect((await get(`${served.url}/${address}`)).headers['cache-control']).toContain('immutable');
    expect((await get(`${served.url}/assets/status.css?v=old`)).headers['cache-control']).toBe('no-store');
  });

  it('answer 404 as text and as page', async () => {
    await using served = await serve();
    const text = await get(`${served.url}/a/b`);
    expect([text.status, text.headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8']);
    const page = await get(`${served.url}/a/b`, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
    expect(page.text).toContain('href="../assets/status.css');
  });

  it.each(['/', '/fragment', '/api/v1/status', '/-/healthy', '/-/ready', '/assets/status.css'])(
    'refuse to be written: %s',
    async (path) => {
      await using served = await serve();
      const { status, headers } = await get(served.url + path, { method: 'POST' });
      expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
    },
  );

  it('answer 500 without a stack', async () => {
    await using served = await serve();
    served.status.status = () => {
      throw new Error('secret detail');
    };
    const { status, text } = await get(served.url);
    expect([status, text]).toEqual([500, 'This page could not be rendered; the log says why.\n']);
    expect(served.logger.at('error')).toHaveLength(1);
  });

  it.each(['/%', '/%E0%A4%A', '//', '/..%2f..%2fetc/passwd', '/assets/../web.ts', '/?q=%', '/assets/'])(
    'survive the odd address %s',
    async (path) => {
      await using served = await serve();
      const { text } = await raw(served.url, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(text).toMatch(/^HTTP\/1\.1 (200|400|404) /);
      expect(text).not.toMatch(/at .*\.(ts|js):\d+/);
    },
  );
});
