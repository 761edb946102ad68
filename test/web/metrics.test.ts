/** /metrics over HTTP: formats, compression, its two parts, refusals, and the limit on concurrent scrapes. */
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { hashSync } from '@node-rs/bcrypt';
import { describe, expect, it } from 'vitest';

import { ExporterError } from '../../src/domain/errors.ts';
import { CONTENT_TYPES } from '../../src/domain/serving.ts';
import { FakeWebConfig } from '../fakes/fake-serving.ts';
import { projectFixture, serve } from './fixtures.ts';
import { get } from './http.ts';

const OPENMETRICS = { accept: 'application/openmetrics-text; version=1.0.0' };
const GZIP = { 'accept-encoding': 'gzip' };

describe('a scrape', () => {
  it('answers plain text by default', async () => {
    await using served = await serve();
    const { status, headers, text } = await get(`${served.url}/metrics`);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe(CONTENT_TYPES.text);
    expect(headers['content-encoding']).toBeUndefined();
    expect(text).toBe(served.snapshot.texts.text);
  });

  it('answers OpenMetrics as gzip when asked', async () => {
    await using served = await serve();
    const { headers, body } = await get(`${served.url}/metrics`, { headers: { ...OPENMETRICS, ...GZIP } });
    expect(headers['content-type']).toBe(CONTENT_TYPES.openmetrics);
    expect(headers['content-encoding']).toBe('gzip');
    expect(headers['content-length']).toBe(String(body.length));
    expect(gunzipSync(body).toString()).toBe(served.snapshot.texts.openmetrics);
  });

  it('must not be cached or mixed up', async () => {
    await using served = await serve();
    const { headers } = await get(`${served.url}/metrics?x=1`);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers.vary).toBe('Accept, Accept-Encoding');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-powered-by']).toBeUndefined();
  });

  it.each([GZIP, {}])('answers HEAD without a body (%o)', async (headers) => {
    await using served = await serve();
    const { status, headers: answered, body } = await get(`${served.url}/metrics`, { method: 'HEAD', headers });
    expect([status, body.length]).toEqual([200, 0]);
    expect(answered['content-type']).toBe(CONTENT_TYPES.text);
  });

  it('refuses other methods with Allow', async () => {
    await using served = await serve();
    const { status, headers } = await get(`${served.url}/metrics`, { method: 'DELETE' });
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  it('follows the telemetry path literally', async () => {
    await using served = await serve({ telemetryPath: '/a.b/:c*' });
    expect((await get(`${served.url}/a.b/:c*`)).status).toBe(200);
    expect((await get(`${served.url}/axb/d`)).status).toBe(404);
    expect((await get(`${served.url}/metrics`)).status).toBe(404);
  });

  it('takes the place of the page at the root', async () => {
    await using served = await serve({ telemetryPath: '/' });
    expect((await get(served.url)).text).toBe(served.snapshot.texts.text);
  });

  it('carries the configured headers', async () => {
    const headers = { 'Strict-Transport-Security': 'max-age=5', 'X-Frame-Options': 'sameorigin' };
    await using served = await serve({}, new FakeWebConfig({ headers }));
    const answer = await get(`${served.url}/metrics`);
    expect(answer.headers['strict-transport-security']).toBe('max-age=5');
    expect(answer.headers['x-frame-options']).toBe('sameorigin');
  });
});

describe('a part of the metrics', () => {
  it.each(['projects', 'exporter'])('has a path of its own: %s', async (part) => {
    await using served = await serve();
    const plain = await get(`${served.url}/metrics/${part}?x=1`);
    expect([plain.status, plain.text]).toEqual([200, `# ${part}\n${served.snapshot.texts.text}`]);
    const { headers, body } = await get(`${served.url}/metrics/${part}`, { headers: { ...OPENMETRICS, ...GZIP } });
    expect(headers['content-type']).toBe(CONTENT_TYPES.openmetrics);
    expect(gunzipSync(body).toString()).toBe(`# ${part}\n${served.snapshot.texts.openmetrics}`);
    const head = await get(`${served.url}/metrics/${part}`, { method: 'HEAD', headers: GZIP });
    expect([head.status, head.headers['content-encoding'], head.body.length]).toEqual([200, 'gzip', 0]);
    expect((await get(`${served.url}/metrics/${part}`, { method: 'POST' })).headers.allow).toBe('GET, HEAD');
  });

  it('lies below the telemetry path and the prefix', async () => {
    await using served = await serve({ telemetryPath: '/a/b', routePrefix: '/x' });
    expect((await get(`${served.url}/x/a/b/exporter`)).text).toContain('# exporter');
    expect((await get(`${served.url}/a/b/exporter`)).status).toBe(404);
    for (const path of ['/metrics/exporter', '/a/b/', '/a/b/exporter/', '/a/b/other', '/a/exporter']) {
      expect((await get(`${served.url}/x${path}`)).status).toBe(404);
    }
  });

  it('leaves the pages of projects alone where the telemetry path is the root', async () => {
    await using served = await serve({ telemetryPath: '/' });
    expect((await get(`${served.url}/projects`)).text).toContain('# projects');
    expect((await get(`${served.url}/projects/${projectFixture().id}`)).headers['content-type']).toContain('text/html');
  });

  it('wants the password', async () => {
    await using served = await serve({}, new FakeWebConfig({ users: { prom: hashSync('secret', 4) } }));
    for (const part of ['/projects', '/exporter', '']) {
      expect((await get(`${served.url}/metrics${part}`)).status).toBe(401);
      expect((await get(`${served.url}/metrics${part}`, { auth: 'prom:secret' })).status).toBe(200);
    }
  });
});

describe('projects that a shared state does not give', () => {
  const AWAY = new ExporterError('state', 'The database does not answer.', 'See that it runs.');
  const REASON = 'The metrics of the projects cannot be shown now. The database does not answer. See that it runs.\n';

  it.each([
    ['', 'GET', {}],
    ['', 'GET', GZIP],
    ['/projects', 'GET', GZIP],
    ['/projects', 'HEAD', {}],
    ['', 'HEAD', GZIP],
  ])('are refused with the reason: /metrics%s by %s (%o)', async (path, method, headers) => {
    await using served = await serve();
    served.snapshot.refusal = AWAY;
    const answer = await get(`${served.url}/metrics${path}`, { method, headers });
    expect([answer.status, answer.headers.connection]).toEqual([503, 'close']);
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(answer.text).toBe(method === 'HEAD' ? '' : REASON);
    expect(served.logger.at('error')).toEqual([]);
  });

  it('leave the exporter part as it is', async () => {
    await using served = await serve();
    served.snapshot.refusal = AWAY;
    expect((await get(`${served.url}/metrics/exporter`)).status).toBe(200);
  });

  it('make the exporter not ready, with the reason', async () => {
    await using served = await serve();
    served.snapshot.refusal = AWAY;
    const { status, text } = await get(`${served.url}/-/ready`);
    expect([status, text]).toEqual([503, 'Not ready: The database does not answer. See that it runs.\n']);
    expect((await get(`${served.url}/-/healthy`)).status).toBe(200);
    served.snapshot.refusal = null;
    expect((await get(`${served.url}/-/ready`)).status).toBe(200);
  });
});

describe('a scrape that fails', () => {
  it('answers 500 without a stack', async () => {
    await using served = await serve();
    served.snapshot.gzip = () => Promise.reject(new Error('secret detail'));
    const { status, text } = await get(`${served.url}/metrics`, { headers: GZIP });
    expect(status).toBe(500);
    expect(text).toBe('The metrics could not be rendered; the log says why.\n');
    expect(served.logger.at('error')).toHaveLength(1);
  });

  it('breaks off when the stream breaks', async () => {
    await using served = await serve();
    served.snapshot.identity = async () =>
      Readable.from(
        (async function* () {
          yield 'up 1\n';
          throw new Error('broken');
        })(),
      );
    await expect(get(`${served.url}/metrics`)).rejects.toThrow('aborted');
    expect(served.logger.at('error')).toHaveLength(1);
  });
});

describe('scrapes at once', () => {
  it('beyond the limit get 503, then places free up', async () => {
    await using served = await serve({ maxRequests: 2 });
    const { promise, resolve: release } = Promise.withResolvers<void>();
    served.snapshot.held = promise;
    const waiting = [get(`${served.url}/metrics`), get(`${served.url}/metrics`)];
    while (served.snapshot.calls < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const refused = await get(`${served.url}/metrics`);
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toBe('5');
    release();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await get(`${served.url}/metrics`)).status).toBe(200);
  });

  it('that take too long give way', async () => {
    await using served = await serve({ maxRequests: 1 }, new FakeWebConfig(), { scrapeMs: 0 });
    served.snapshot.held = new Promise(() => undefined);
    const slow = get(`${served.url}/metrics`).catch((error: Error) => error.message);
    while (served.snapshot.calls < 1) await new Promise((resolve) => setTimeout(resolve, 5));
    served.snapshot.held = null;
    expect((await get(`${served.url}/metrics`)).status).toBe(200);
    expect(await slow).toBe('socket hang up');
  });
});
