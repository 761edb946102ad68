/** A path prefix holds for every page and link, also behind a proxy that sends absolute targets. */
import { describe, expect, test } from 'vitest';

import { loadConfig } from '../../src/config/config.ts';
import type { Flags } from '../../src/config/flags/flags.ts';
import { projectFixture, serve } from './fixtures.ts';
import { get, raw } from './http.ts';

const PREFIX = '/ops/llamacloud';

describe('a prefix of all paths', () => {
  test.each(['/metrics', '/-/healthy', '/-/ready', '/api/v1/status', '/assets/status.css', '/fragment'])(
    'holds for %s',
    async (path) => {
      await using served = await serve({ routePrefix: PREFIX });
      const inside = await get(served.url + PREFIX + path);
      expect(inside.status).not.toBe(404);
      expect((await get(served.url + path)).status).toBe(404);
    },
  );

  test('leads from its root, and from itself without a slash, to the status page', async () => {
    await using served = await serve({ routePrefix: PREFIX });
    for (const path of ['/', PREFIX, `${PREFIX}?sort=runs`]) {
      const { status, headers } = await get(served.url + path);
      expect([status, headers.location]).toEqual([302, `${PREFIX}/`]);
    }
    expect((await get(`${served.url}${PREFIX}x/metrics`)).status).toBe(404);
  });

  test('is in every link of the pages, because all are relative', async () => {
    await using served = await serve({ routePrefix: PREFIX });
    const { text: status } = await get(`${served.url}${PREFIX}/`);
    const { text: project } = await get(`${served.url}${PREFIX}/projects/${projectFixture().id}`);
    const text = status + project;
    const links = [...text.matchAll(/ (?:href|src|action)="([^"]*)"/g)].map((match) => match[1] ?? '');
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter((link) => link.startsWith('/'))).toEqual([]);
  });
});

describe('a target in absolute form', () => {
  test.each([
    'http://exporter.example.com/metrics',
    'HTTP://exporter.example.com:10940/metrics?x=1',
    'https://[::1]/metrics',
  ])('is answered: %s', async (target) => {
    await using served = await serve();
    const plain = await get(`${served.url}/metrics`);
    const { text } = await raw(served.url, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${plain.status} `));
  });

  test('without a path is the root', async () => {
    await using served = await serve();
    const { text } = await raw(
      served.url,
      'GET http://exporter.example.com HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    expect(text).toMatch(/^HTTP\/1.1 200 /);
  });

  test('has the prefix like any other', async () => {
    await using served = await serve({ routePrefix: PREFIX });
    const ask = (path: string) =>
      raw(served.url, `GET http://x${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect((await ask(`${PREFIX}/-/healthy`)).text).toMatch(/^HTTP\/1.1 200 /);
    expect((await ask('/-/healthy')).text).toMatch(/^HTTP\/1.1 404 /);
  });
});

describe('--web.external-url and --web.route-prefix', () => {
  const web = async (flags: Flags) => (await loadConfig(flags, { LLAMA_CLOUD_API_KEY: 'k' })).web;

  test.each([
    [{}, '', null],
    [{ 'web.external-url': 'https://x/a/b/' }, '/a/b', 'https://x/a/b'],
    [{ 'web.external-url': 'https://x' }, '', 'https://x'],
    [{ 'web.external-url': 'https://x/a', 'web.route-prefix': '/' }, '', 'https://x/a'],
    [{ 'web.external-url': 'https://x/a', 'web.route-prefix': '/b/' }, '/b', 'https://x/a'],
  ] as const)('%j make the prefix %j', async (flags, prefix, url) => {
    expect(await web(flags)).toMatchObject({ routePrefix: prefix, externalUrl: url });
  });

  test.each([
    [{ 'web.external-url': 'ops.example.com' }, /--web.external-url: found "ops.example.com", wanted a URL like/],
    [{ 'web.external-url': 'https://u:p@x/' }, /--web.external-url/],
    [{ 'web.route-prefix': 'llamacloud' }, /--web.route-prefix: found "llamacloud", wanted a path like/],
    [{ 'web.route-prefix': '/a/../b' }, /--web.route-prefix/],
  ] as const)('%j is refused', async (flags, message) => {
    await expect(web(flags)).rejects.toThrow(message);
  });
});
