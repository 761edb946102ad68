/** Requests through proxies and TLS with a private CA, and the message when the network fails. */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type AccountSettings, createSource, DIRECT } from '../../../src/llamacloud/index.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { recordingObserver } from '../../fakes/recording-observer.ts';
import { SkippingClock } from '../../fakes/skipping-clock.ts';
import { failure } from '../../support/failure.ts';
import { findTool } from '../../support/tools.ts';
import { TestCa } from '../../web/certificates.ts';
import { inTurn, reply } from '../api-server.ts';
import { item, readPage, start } from '../harness.ts';
import { type ProxyServer, startProxy } from '../proxy-server.ts';
import { settingsFor } from '../settings.ts';

const PAGE = { items: [item()], next_page_token: null };
const openssl = findTool('openssl');

async function proxied(...args: Parameters<typeof startProxy>): Promise<ProxyServer> {
  const proxy = await startProxy(...args);
  onTestFinished(() => proxy.close());
  return proxy;
}

describe('a proxy', () => {
  it('forwards requests to an http API, with its user and not with the key', async () => {
    const proxy = await proxied('some:one');
    const { source, api } = await start(inTurn({ body: PAGE }), { connection: { ...DIRECT, proxyUrl: proxy.url } });
    expect((await readPage(source)).sessions).toHaveLength(1);
    expect(proxy.passed).toEqual([expect.stringMatching(`^GET ${api.url}/api/v1/chat\\?`)]);
    expect(api.keys).toEqual(['Bearer llx-the-secret-key']);
  });

  it('that wants a user is told from the API', async () => {
    const proxy = await proxied('some:one');
    const withoutUser = proxy.url.replace('some:one@', '');
    const { source } = await start(inTurn({ body: PAGE }), { connection: { ...DIRECT, proxyUrl: withoutUser } });
    const { code, message, fix } = await failure(readPage(source));
    expect([code, message]).toEqual([
      'connection',
      expect.stringMatching(/: the proxy 127.0.0.1:\d+ requires a user and password$/),
    ]);
    expect(fix).toContain('http://USER:PASSWORD@HOST:PORT');
  });

  it('that is not there is named, without its password', async () => {
    const connection = { ...DIRECT, proxyUrl: 'http://some:secret@127.0.0.1:1' };
    const { source } = await start(inTurn({ body: PAGE }), { connection });
    const { message, fix } = await failure(readPage(source));
    expect(message).toMatch(/: the proxy 127.0.0.1:1: the connection was refused \(ECONNREFUSED 127.0.0.1:1\)$/);
    expect(fix).toBe('Check proxy_url or HTTPS_PROXY, and whether the proxy runs.');
    expect(message + fix).not.toContain('secret');
  });
});

/** An API with TLS, and a source for it; `clients`: it wants a certificate of the CA. */
async function secureApi(ca: TestCa, clients: boolean, connection: AccountSettings['connection'], host = 'localhost') {
  const { cert, key } = ca.issue('server');
  const wants = clients ? { requestCert: true, rejectUnauthorized: true, ca: ca.ca.cert } : {};
  const server = createServer({ cert, key, ...wants }, (_, response) => reply(response, { body: PAGE }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const deps = { clock: new SkippingClock(), logger: new RecordingLogger(), observer: recordingObserver().observer };
  const source = createSource({ ...settingsFor(`https://${host}:${port}`), connection }, deps);
  onTestFinished(async () => {
    await source.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { source, port };
}

describe.runIf(openssl)('an API with a private CA', () => {
  const ca = new TestCa(openssl ?? 'openssl');
  const trusting = { ...DIRECT, ca: ca.ca.cert };
  const showing = { ...trusting, clientCertificate: ca.issue('client') };

  it('is trusted by tls.ca_file alone', async () => {
    const { source } = await secureApi(ca, false, trusting);
    expect((await readPage(source)).sessions).toHaveLength(1);
    const untrusted = await secureApi(ca, false, DIRECT);
    const { message, fix } = await failure(readPage(untrusted.source));
    expect(message).toMatch(/: its certificate is from a CA that is not trusted \([A-Z_]+\)$/);
    expect(fix).toContain('tls.ca_file');
  });

  it('gets the client certificate that it wants', async () => {
    const { source } = await secureApi(ca, true, showing);
    expect((await readPage(source)).sessions).toHaveLength(1);
    const bare = await secureApi(ca, true, trusting);
    const { message, fix } = await failure(readPage(bare.source));
    // With TLS 1.3 the alert comes after the handshake, and is lost where the connection is closed at once.
    expect(message).toMatch(/: (it requires a client certificate|the server closed the connection) \([A-Z0-9_]+\)$/);
    expect(fix).toContain('tls.cert_file');
  });

  it('is reached through the tunnel of a proxy, with both', async () => {
    const proxy = await proxied('some:one');
    const { source, port } = await secureApi(ca, true, { ...showing, proxyUrl: proxy.url });
    expect((await readPage(source)).sessions).toHaveLength(1);
    expect(proxy.passed).toEqual([`CONNECT localhost:${port}`]);
  });

  it('is not reached where the proxy refuses, or is not trusted behind it', async () => {
    const refusing = await proxied(null, 403);
    const { source } = await secureApi(ca, false, { ...trusting, proxyUrl: refusing.url });
    expect((await failure(readPage(source))).message).toMatch(
      /: the proxy 127.0.0.1:\d+ refused the connection with status 403$/,
    );
    const open = await proxied();
    const untrusted = await secureApi(ca, false, { ...DIRECT, proxyUrl: open.url });
    const { message, fix } = await failure(readPage(untrusted.source));
    expect(message).toMatch(/: through the proxy 127.0.0.1:\d+: its certificate is from a CA that is not trusted/);
    expect(fix).toContain('tls.ca_file');
  });

  it('says in one line what is wrong with scheme and host', async () => {
    const { source: plain } = await start(inTurn({ body: PAGE }), {});
    await plain.close();
    const { api } = await start(inTurn({ body: PAGE }), {});
    const tls = createSource(settingsFor(api.url.replace('http:', 'https:')), {
      clock: new SkippingClock(),
      logger: new RecordingLogger(),
      observer: recordingObserver().observer,
    });
    onTestFinished(() => tls.close());
    const { message, fix } = await failure(readPage(tls));
    expect(message).toMatch(/: it does not speak TLS \(ERR_SSL_[A-Z_]+\)$/);
    expect(fix).toContain('base_url');
    const { source: other } = await secureApi(ca, false, trusting, '127.0.0.2');
    expect((await failure(readPage(other))).message).toMatch(/: its certificate is for another host name|refused/);
  });
});

describe('a name', () => {
  it('that nobody knows is told', async () => {
    const { source } = await start(inTurn({ body: PAGE }), { baseUrl: 'http://llamacloud.invalid' });
    const { message, fix } = await failure(readPage(source));
    expect(message).toMatch(
      /: the host name (is not known|could not be looked up) \((ENOTFOUND|EAI_AGAIN) llamacloud.invalid\)$/,
    );
    expect(fix).toContain('DNS');
  });

  it('is looked up again, because no connection is kept for longer than five minutes', async () => {
    const ports = new Set<number | undefined>();
    const { source } = await start(
      (request, response) => {
        ports.add(request.socket.remotePort);
        reply(response, { body: PAGE });
      },
      { concurrency: 1 },
    );
    await readPage(source);
    await readPage(source);
    expect(ports.size).toBe(1);
    const later = Date.now() + 5 * 60_000 + 1;
    const spy = vi.spyOn(Date, 'now').mockImplementation(() => later);
    onTestFinished(() => spy.mockRestore());
    await readPage(source);
    expect(ports.size).toBe(2);
  });
});
