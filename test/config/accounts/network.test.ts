/** The proxy and TLS files of an account: where each setting comes from, and which values are refused. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { configFromText, loadConfig } from '../../../src/config/config.ts';
import type { Environment } from '../../../src/config/flags/environment.ts';
import type { ConnectionConfig } from '../../../src/config/types.ts';
import { findTool } from '../../support/tools.ts';
import { TestCa } from '../../web/certificates.ts';
import { message } from '../message.ts';

const KEY: Environment = { LLAMA_CLOUD_API_KEY: 'k' };
const openssl = findTool('openssl');

async function connection(account: string, env: Environment = {}, secrets: string[] = []): Promise<ConnectionConfig> {
  const text = account === '' ? '' : `accounts: [{ ${account} }]`;
  const config = await configFromText('x.yml', text, {}, { ...KEY, ...env }, (secret) => secrets.push(secret));
  return config.accounts[0]?.connection as ConnectionConfig;
}
const proxy = async (account: string, env?: Environment): Promise<string | null> =>
  (await connection(account, env)).proxyUrl;

describe('the proxy', () => {
  test('is none by default', async () => expect(await proxy('')).toBeNull());

  test('comes from the variable for the scheme of base_url, in either case', async () => {
    const env = { HTTPS_PROXY: 'http://s:1', HTTP_PROXY: 'http://p:2' };
    expect(await proxy('', env)).toBe('http://s:1');
    expect(await proxy('base_url: "http://api.example.com"', env)).toBe('http://p:2');
    expect(await proxy('', { https_proxy: 'proxy.example.com:3128' })).toBe('http://proxy.example.com:3128');
  });

  test('of the account is stronger, and "" means none', async () => {
    const env = { HTTPS_PROXY: 'http://env:1' };
    expect(await proxy('proxy_url: "http://u:p@file:3128"', env)).toBe('http://u:p@file:3128');
    expect(await proxy('proxy_url: ""', env)).toBeNull();
    expect(await proxy('proxy_url: null', env)).toBe('http://env:1');
  });

  test.each([
    ['*', true],
    ['api.cloud.llamaindex.ai', true],
    ['llamaindex.ai', true],
    ['.llamaindex.ai, other', true],
    ['*.llamaindex.ai', true],
    ['api.cloud.llamaindex.ai:443', true],
    ['api.cloud.llamaindex.ai:8443', false],
    ['index.ai', false],
    ['other.example.com', false],
    ['', false],
  ])('NO_PROXY=%j exempts LlamaCloud: %j', async (list, isExempt) => {
    const url = await proxy('', { HTTPS_PROXY: 'http://env:1', NO_PROXY: list });
    expect(url).toBe(isExempt ? null : 'http://env:1');
  });

  test.each(['http://localhost:10941', 'http://127.0.0.1:1', 'http://[::1]:1'])(
    'of the environment is not for %s',
    async (url) => {
      expect(await proxy(`base_url: "${url}"`, { HTTP_PROXY: 'http://env:1' })).toBeNull();
    },
  );

  test('is a secret where it has a password', async () => {
    const secrets: string[] = [];
    await connection('proxy_url: "http://user:p%40ss@file:3128"', {}, secrets);
    expect(secrets).toEqual(expect.arrayContaining(['p%40ss', 'p@ss', 'http://user:p%40ss@file:3128']));
  });

  test.each(['ftp://x', 'http://x/path', 'http://'])('cannot be %s', async (url) => {
    expect(await message(connection(`proxy_url: "${url}"`))).toContain(
      'wanted a URL like http://proxy.example.com:3128',
    );
    const inVariable = await message(loadConfig({}, { ...KEY, HTTPS_PROXY: url }));
    expect(inVariable).toBe(
      'HTTPS_PROXY: found a value (not shown), wanted a URL like http://proxy.example.com:3128, or "" for none',
    );
  });
});

describe.runIf(openssl)('tls of an account', () => {
  const ca = new TestCa(openssl ?? 'openssl');
  const { certFile, keyFile, cert, key } = ca.issue('client');
  const other = ca.issue('other');
  const noPem = join(mkdtempSync(join(tmpdir(), 'tls-')), 'no.pem');
  writeFileSync(noPem, 'hello');

  test('is read from its files', async () => {
    const tls = `tls: { ca_file: "${ca.ca.certFile}", cert_file: "${certFile}", key_file: "${keyFile}" }`;
    expect(await connection(tls)).toEqual({ proxyUrl: null, ca: ca.ca.cert, clientCertificate: { cert, key } });
    expect(await connection(`tls: { ca_file: "${ca.ca.certFile}" }`)).toMatchObject({ clientCertificate: null });
  });

  test.each([
    ['a missing file', '{ ca_file: none.pem }', /tls\.ca_file: cannot read .*none\.pem: there is no such file/],
    ['no PEM', `{ ca_file: "${noPem}" }`, /tls\.ca_file: the file holds no certificate in PEM/],
    [
      'a certificate without a key',
      `{ cert_file: "${certFile}" }`,
      /tls\.cert_file: set without key_file, wanted both/,
    ],
    ['a key without a certificate', `{ key_file: "${keyFile}" }`, /tls\.key_file: set without cert_file, wanted both/],
    [
      "another certificate's key",
      `{ cert_file: "${certFile}", key_file: "${other.keyFile}" }`,
      /tls\.cert_file: the file holds no/,
    ],
    ['an unknown key', '{ insecure: true }', /unknown key/],
  ])('refuses %s', async (_, tls, said) => {
    expect(await message(connection(`tls: ${tls}`))).toMatch(said);
  });
});
