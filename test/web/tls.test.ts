/** TLS and client certificates as curl and openssl see them, also after a change without a restart. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { TlsConfig } from '../../src/domain/serving.ts';
import { FakeWebConfig } from '../fakes/fake-serving.ts';
import { type Pair, TestCa } from './certificates.ts';
import { type Served, serve } from './fixtures.ts';
import { get } from './http.ts';
import { run, tool } from './tools.ts';

const made: { ca: TestCa; server: Pair; renewed: Pair; client: Pair; stranger: Pair; otherCa: TestCa }[] = [];

/** All certificates, made once. */
function certificates() {
  const [all] = made;
  if (all === undefined) throw new Error('openssl is needed');
  return all;
}

function tlsConfig(change: Partial<TlsConfig> = {}): TlsConfig {
  const { server } = certificates();
  return {
    cert: server.cert,
    key: server.key,
    clientCa: null,
    clientAuth: 'none',
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    cipherSuites: [],
    curves: [],
    ...change,
  };
}

const serveTls = (change: Partial<TlsConfig> = {}) => serve({}, new FakeWebConfig({ tls: tlsConfig(change) }));

/** Status of a scrape that trusts the test CA, or the reason for which there was none. */
async function scrape({ url }: Served, client: Partial<Pair> = {}): Promise<number | string> {
  const { cert, key } = client;
  const identity = cert === undefined || key === undefined ? {} : { cert, key };
  const options = { ca: certificates().ca.ca.cert, servername: 'localhost', ...identity };
  return get(`${url}/metrics`, options).then(
    ({ status }) => status,
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
}

beforeAll(() => {
  const openssl = process.env['OPENSSL'] ?? 'openssl';
  try {
    const ca = new TestCa(openssl);
    const otherCa = new TestCa(openssl);
    const issued = { server: ca.issue('server'), renewed: ca.issue('renewed'), client: ca.issue('client') };
    made.push({ ca, otherCa, ...issued, stranger: otherCa.issue('stranger') });
  } catch (error) {
    // Without openssl each test says so by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
});

afterAll(() => {
  for (const { ca, otherCa } of made) {
    ca[Symbol.dispose]();
    otherCa[Symbol.dispose]();
  }
});

/** What openssl's client says of a handshake. */
async function handshake(openssl: string, { url }: Served, ...args: string[]): Promise<string> {
  return run(openssl, ['s_client', '-connect', new URL(url).host, ...args], true);
}

describe('TLS', () => {
  it('serves curl, which checks the certificate', async (context) => {
    const curl = tool(context, 'curl');
    tool(context, 'openssl');
    await using served = await serveTls();
    const address = `${served.url.replace('127.0.0.1', 'localhost')}/metrics`;
    expect(await run(curl, ['-s', '-S', '--cacert', certificates().ca.path('ca.crt'), address])).toBe('up 1\n');
    expect(await run(curl, ['-s', '-S', '--cacert', certificates().otherCa.path('ca.crt'), address], true)).toContain(
      'certificate',
    );
  });

  it('holds the versions asked for', async (context) => {
    const openssl = tool(context, 'openssl');
    await using modern = await serveTls({ minVersion: 'TLSv1.3' });
    expect(await handshake(openssl, modern, '-tls1_2')).toContain('Cipher is (NONE)');
    expect(await handshake(openssl, modern, '-tls1_3')).toContain('New, TLSv1.3');
    await using capped = await serveTls({ maxVersion: 'TLSv1.2' });
    expect(await handshake(openssl, capped, '-tls1_3')).toContain('Cipher is (NONE)');
    expect(await handshake(openssl, capped, '-tls1_2')).toContain('New, TLSv1.2');
  });

  it('knows old versions only when they are asked for', async (context) => {
    const openssl = tool(context, 'openssl');
    const old = ['-tls1_1', '-cipher', 'DEFAULT:@SECLEVEL=0'];
    await using usual = await serveTls();
    expect(await handshake(openssl, usual, ...old)).toContain('Cipher is (NONE)');
    await using lax = await serveTls({ minVersion: 'TLSv1.1' });
    expect(await handshake(openssl, lax, ...old)).toContain('Protocol  : TLSv1.1');
  });

  it('offers only the cipher suites configured', async (context) => {
    const openssl = tool(context, 'openssl');
    await using served = await serveTls({ maxVersion: 'TLSv1.2', cipherSuites: ['ECDHE-ECDSA-AES256-GCM-SHA384'] });
    expect(await handshake(openssl, served)).toContain('Cipher is ECDHE-ECDSA-AES256-GCM-SHA384');
    expect(await handshake(openssl, served, '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256')).toContain('Cipher is (NONE)');
  });

  it('offers only the curves configured', async (context) => {
    const openssl = tool(context, 'openssl');
    await using served = await serveTls({ curves: ['P-384'] });
    expect(await handshake(openssl, served, '-groups', 'P-384')).toContain('New, TLSv1.3');
    expect(await handshake(openssl, served, '-groups', 'X25519')).toContain('Cipher is (NONE)');
  });

  it('takes a new certificate without a restart', async (context) => {
    const openssl = tool(context, 'openssl');
    await using served = await serveTls();
    expect(await handshake(openssl, served)).toMatch(/subject=CN ?= ?server/);
    const { renewed } = certificates();
    served.webConfig.set({ tls: tlsConfig({ cert: renewed.cert, key: renewed.key }) });
    expect(await handshake(openssl, served)).toMatch(/subject=CN ?= ?renewed/);
  });

  it('keeps what works when a change cannot be used', async (context) => {
    tool(context, 'openssl');
    await using served = await serveTls();
    served.webConfig.set({ tls: tlsConfig({ cert: 'no certificate' }) });
    expect(await scrape(served)).toBe(200);
    expect(served.logger.at('error')).toHaveLength(1);
  });

  it('is neither switched on nor off silently', async (context) => {
    tool(context, 'openssl');
    await using secure = await serveTls();
    secure.webConfig.set({ tls: null });
    expect(await scrape(secure)).toBe(200);
    expect(secure.logger.at('error').map(({ message }) => message)).toEqual([
      'TLS was switched off; it stays on until the exporter is restarted',
    ]);
    await using plain = await serve();
    plain.webConfig.set({ tls: tlsConfig() });
    expect(plain.logger.at('error')).toHaveLength(1);
  });

  it('tells nothing to plain HTTP', async (context) => {
    tool(context, 'openssl');
    await using served = await serveTls();
    await expect(get(`${served.url.replace('https', 'http')}/metrics`)).rejects.toThrow('socket hang up');
  });

  it('ends a handshake that does not go on', async (context) => {
    tool(context, 'openssl');
    await using served = await serve({}, new FakeWebConfig({ tls: tlsConfig() }), { handshakeMs: 200 });
    const { raw } = await import('./http.ts');
    expect((await raw(served.url, '')).ms).toBeGreaterThan(150);
  });
});

const client = (): Pair => certificates().client;
const stranger = (): Pair => certificates().stranger;
const clientCa = (): string => certificates().ca.ca.cert;

describe('client certificates', () => {
  const REFUSED = expect.stringMatching(/^(ECONNRESET|EPIPE|socket hang up|ERR_SSL_.*|ERR_TLS_.*)$/) as string;

  it('are not asked for by default', async (context) => {
    const openssl = tool(context, 'openssl');
    await using served = await serveTls();
    expect(await scrape(served)).toBe(200);
    expect(await handshake(openssl, served)).toContain('No client certificate CA names sent');
  });

  it('may be given where requested', async (context) => {
    tool(context, 'openssl');
    await using served = await serveTls({ clientAuth: 'request' });
    expect([await scrape(served), await scrape(served, client()), await scrape(served, stranger())]).toEqual([
      200, 200, 200,
    ]);
  });

  it('of any kind must be given where required', async (context) => {
    tool(context, 'openssl');
    await using served = await serveTls({ clientAuth: 'require_any' });
    expect([await scrape(served), await scrape(served, client()), await scrape(served, stranger())]).toEqual([
      REFUSED,
      200,
      200,
    ]);
  });

  it('must be valid if given', async (context) => {
    tool(context, 'openssl');
    await using served = await serveTls({ clientAuth: 'verify_if_given', clientCa: clientCa() });
    expect([await scrape(served), await scrape(served, client()), await scrape(served, stranger())]).toEqual([
      200,
      200,
      REFUSED,
    ]);
  });

  it('must be given and valid', async (context) => {
    tool(context, 'openssl');
    await using served = await serveTls({ clientAuth: 'require_and_verify', clientCa: clientCa() });
    expect([await scrape(served), await scrape(served, client()), await scrape(served, stranger())]).toEqual([
      REFUSED,
      200,
      REFUSED,
    ]);
    expect(served.snapshot.calls).toBe(1);
  });

  it('are asked for after a change, too', async (context) => {
    tool(context, 'openssl');
    await using served = await serveTls();
    served.webConfig.set({ tls: tlsConfig({ clientAuth: 'require_and_verify', clientCa: clientCa() }) });
    expect([await scrape(served), await scrape(served, client())]).toEqual([REFUSED, 200]);
    served.webConfig.set({ tls: tlsConfig({ clientAuth: 'require_any' }) });
    expect([await scrape(served), await scrape(served, stranger())]).toEqual([REFUSED, 200]);
  });
});
