/** Requests that are too large, malformed or slow are turned away, and scrapes still get through. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';

import { FakeWebConfig } from '../fakes/fake-serving.ts';
import { serve } from './fixtures.ts';
import { get, raw } from './http.ts';

const QUICK = { headersMs: 300, requestMs: 300, checkMs: 50 };

describe('a request', () => {
  it('with a body is refused unread', async () => {
    await using served = await serve({ enableLifecycle: true });
    const { status, headers } = await get(`${served.url}/-/reload`, { method: 'POST', body: 'x'.repeat(1_000_000) });
    expect([status, headers.connection]).toEqual([413, 'close']);
    expect(served.lifecycle.reloads).toBe(0);
  });

  it('with an empty body is taken', async () => {
    await using served = await serve({ enableLifecycle: true });
    const { status } = await get(`${served.url}/-/reload`, { method: 'POST', headers: { 'content-length': '0' } });
    expect(status).toBe(200);
  });

  it('with a body in chunks is refused', async () => {
    await using served = await serve();
    const chunked = 'GET /metrics HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n';
    expect((await raw(served.url, chunked)).text).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('with large headers gets 431', async () => {
    await using served = await serve();
    const { status } = await get(`${served.url}/metrics`, { headers: { 'x-long': 'x'.repeat(9000) } });
    expect(status).toBe(431);
  });

  it('that is no HTTP gets 400', async () => {
    await using served = await serve();
    expect((await raw(served.url, 'hello\r\n\r\n')).text).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('a slow client', () => {
  it('that never finishes its headers is sent away', async () => {
    await using served = await serve({}, new FakeWebConfig(), QUICK);
    const { text, ms } = await raw(served.url, 'GET /metrics HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(ms).toBeGreaterThan(200);
  });

  it('that drips a byte now and then is sent away too', async () => {
    await using served = await serve({}, new FakeWebConfig(), QUICK);
    const { hostname, port } = new URL(served.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n');
    const drip = setInterval(() => socket.write('X-A: b\r\n'), 40);
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(drip);
    expect(socket.destroyed).toBe(true);
  });

  it('that sends nothing at all is sent away', async () => {
    await using served = await serve({}, new FakeWebConfig(), QUICK);
    expect((await raw(served.url, '')).ms).toBeGreaterThan(200);
  });

  it('that never reads is cut off', async () => {
    await using served = await serve({}, new FakeWebConfig(), { stalledMs: 300 });
    served.snapshot.texts.text = 'x'.repeat(30_000_000);
    const { hostname, port } = new URL(served.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.pause();
    socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => setTimeout(resolve, 1200));
    socket.resume();
    await closed;
    expect(socket.bytesRead).toBeLessThan(30_000_000);
  });
});

describe('many slow clients', () => {
  it('do not keep scrapes away', async () => {
    await using served = await serve({}, new FakeWebConfig(), { ...QUICK, connections: 20 });
    const { hostname, port } = new URL(served.url);
    const lorises = Array.from({ length: 20 }, () => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write('GET / HTTP/1.1\r\nHost:');
      return socket;
    });
    await Promise.all(lorises.map((socket) => once(socket, 'connect')));
    await Promise.all(lorises.map((socket) => new Promise((resolve) => socket.resume().once('close', resolve))));
    expect((await get(`${served.url}/metrics`)).status).toBe(200);
  });

  it('are dropped beyond the connections allowed', async () => {
    await using served = await serve({}, new FakeWebConfig(), { connections: 2 });
    const { hostname, port } = new URL(served.url);
    const held = [connect(Number(port), hostname), connect(Number(port), hostname)];
    await Promise.all(held.map((socket) => once(socket, 'connect')));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(get(`${served.url}/metrics`)).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(served.logger.at('warn')).toHaveLength(1);
    for (const socket of held) socket.destroy();
  });

  it('that idle make room for others', async () => {
    await using served = await serve({}, new FakeWebConfig(), { connections: 2 });
    const { Agent } = await import('node:http');
    const agents = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })];
    for (const agent of agents) await get(`${served.url}/-/healthy`, { agent });
    await expect(get(`${served.url}/metrics`)).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect((await get(`${served.url}/metrics`)).status).toBe(200);
    for (const agent of agents) agent.destroy();
  });
});
