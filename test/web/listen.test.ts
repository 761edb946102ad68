/** Listening on several addresses, and stopping without cutting off an answer. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';

import { ExporterError } from '../../src/domain/errors.ts';
import { FakeWebConfig } from '../fakes/fake-serving.ts';
import { failure } from '../support/failure.ts';
import { serve } from './fixtures.ts';
import { get } from './http.ts';

describe('listening', () => {
  it('names a port in use and the fix', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = (other.address() as { port: number }).port;
    const error = await failure(serve({ listenAddresses: [{ host: '127.0.0.1', port }] }));
    expect(error).toBeInstanceOf(ExporterError);
    expect([error.code, error.message]).toEqual(['startup', `Cannot listen on 127.0.0.1:${port}: the port is in use.`]);
    expect(error.fix).toContain('--web.listen-address');
    other.close();
  });

  it('names an address that is not ours', async () => {
    const error = await failure(serve({ listenAddresses: [{ host: '192.0.2.1', port: 0 }] }));
    expect(error.message).toBe('Cannot listen on 192.0.2.1:0: this machine has no such address.');
  });

  it('closes all when one address fails', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as { port: number };
    free.close();
    await once(free, 'close');
    const listenAddresses = [
      { host: '127.0.0.1', port },
      { host: '192.0.2.1', port: 0 },
    ];
    await failure(serve({ listenAddresses }));
    await expect(get(`http://127.0.0.1:${port}/`)).rejects.toThrow('ECONNREFUSED');
  });

  it('serves several addresses', async () => {
    await using served = await serve({
      listenAddresses: [
        { host: '127.0.0.1', port: 0 },
        { host: '::1', port: 0 },
      ],
    });
    expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await get(`${served.url}/-/healthy`)).status).toBe(200);
  });

  it('shows all addresses as localhost', async () => {
    await using served = await serve({ listenAddresses: [{ host: null, port: 0 }] });
    expect(served.url).toMatch(/^http:\/\/localhost:\d+$/);
    expect((await get(`${served.url.replace('localhost', '127.0.0.1')}/-/healthy`)).status).toBe(200);
  });
});

describe('stopping', () => {
  it('lets an answer under way finish', async () => {
    const served = await serve();
    const { promise, resolve: release } = Promise.withResolvers<void>();
    served.snapshot.held = promise;
    const scrape = get(`${served.url}/metrics`);
    while (served.snapshot.calls === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const stopped = served.web.stop();
    release();
    expect((await scrape).status).toBe(200);
    await stopped;
    await expect(get(served.url)).rejects.toThrow('ECONNREFUSED');
  });

  it('does not wait for those that hang', async () => {
    const served = await serve({}, new FakeWebConfig(), { stopMs: 100 });
    served.snapshot.held = new Promise(() => undefined);
    const scrape = get(`${served.url}/metrics`).catch((error: Error) => error.message);
    while (served.snapshot.calls === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await served.web.stop();
    expect(await scrape).toBe('socket hang up');
  });

  it('closes connections that are kept alive', async () => {
    const served = await serve();
    const { Agent } = await import('node:http');
    const agent = new Agent({ keepAlive: true });
    await get(`${served.url}/-/healthy`, { agent });
    const began = performance.now();
    await served.web.stop();
    expect(performance.now() - began).toBeLessThan(1500);
    agent.destroy();
  });
});
