/**
 * Accounts from the file and the environment: keys, hosts, project selection, and keys that are read again from a file.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { configFromText, loadConfig } from '../../../src/config/config.ts';
import type { Environment } from '../../../src/config/flags/environment.ts';
import type { AccountConfig } from '../../../src/config/types.ts';

const TWO = `
accounts:
  - { name: us, api_key: "llx-us" }
  - { name: eu, api_key: "llx-eu", base_url: "https://api.cloud.eu.llamaindex.ai/" }
`;

async function accounts(text: string, env: Environment = {}): Promise<readonly AccountConfig[]> {
  return (await configFromText('x.yml', text, {}, env)).accounts;
}

async function only(text: string, env: Environment = {}): Promise<AccountConfig> {
  const [account] = await accounts(text, env);
  if (account === undefined) throw new Error('no account');
  return account;
}

const warned = async (url: string): Promise<number> =>
  (await configFromText('x.yml', `accounts: [{ api_key: k, base_url: "${url}" }]`, {}, {})).warnings.length;

const project = (name: string, id = `id-of-${name}`): { id: string; name: string } => ({ id, name });

describe('the account of the environment', () => {
  test('is made of variables alone', async () => {
    const account = await only('', {
      LLAMA_CLOUD_API_KEY: 'llx-1',
      LLAMA_PARSE_API_KEY: 'llx-2',
      LLAMA_CLOUD_BASE_URL: 'https://api.cloud.eu.llamaindex.ai/',
      LLAMA_CLOUD_ORGANIZATION_ID: 'org',
      LLAMA_CLOUD_PROJECT_ID: 'prj',
    });
    expect(account).toMatchObject({
      name: 'default',
      baseUrl: 'https://api.cloud.eu.llamaindex.ai',
      organizationId: 'org',
      projectId: 'prj',
    });
    expect(account.apiKey.current()).toBe('llx-1');
  });

  test('takes the key of LlamaParse last', async () => {
    expect((await only('', { LLAMA_PARSE_API_KEY: 'llx-2' })).apiKey.current()).toBe('llx-2');
  });

  test('fills what the only account leaves out', async () => {
    const env = {
      LLAMA_CLOUD_API_KEY: 'llx-env',
      LLAMA_CLOUD_BASE_URL: 'https://env',
      LLAMA_CLOUD_ORGANIZATION_ID: 'o',
    };
    const account = await only('accounts: [{ name: mine, base_url: "https://file" }]', env);
    expect(account).toMatchObject({ name: 'mine', baseUrl: 'https://file', organizationId: 'o' });
    expect(account.apiKey.current()).toBe('llx-env');
    expect((await only('accounts: [{ api_key: llx-file }]', env)).apiKey.current()).toBe('llx-file');
  });

  test('beside several accounts is refused', async () => {
    const env = { LLAMA_CLOUD_BASE_URL: 'https://x', LLAMA_PARSE_API_KEY: 'llx-secret' };
    const error = await accounts(TWO, env).catch((e: unknown) => e as Error);
    expect((error as Error).message).toBe(
      [
        '2 problems in the configuration:',
        ...['LLAMA_PARSE_API_KEY', 'LLAMA_CLOUD_BASE_URL'].map(
          (name) =>
            `  - ${name}: set beside 2 accounts, wanted unset: it is not clear whose it is. Write \${NAME} with another name in the file.`,
        ),
      ].join('\n'),
    );
  });

  test.each([
    [
      {},
      'no API key: set the environment variable LLAMA_CLOUD_API_KEY or LLAMA_CLOUD_API_KEY_FILE, or name a file with accounts by --config.file',
    ],
    [
      { LLAMA_CLOUD_API_KEY: 'a b' },
      'LLAMA_CLOUD_API_KEY: found a value (not shown), wanted an API key: one line of printable characters without blanks',
    ],
    [
      { LLAMA_CLOUD_API_KEY: 'k', LLAMA_CLOUD_API_KEY_FILE: 'f' },
      'LLAMA_CLOUD_API_KEY_FILE: set beside LLAMA_CLOUD_API_KEY, wanted one of them',
    ],
    [{ LLAMA_CLOUD_API_KEY_FILE: '/no/such' }, 'LLAMA_CLOUD_API_KEY_FILE: cannot read /no/such: there is no such file'],
    [
      { LLAMA_CLOUD_API_KEY: 'k', LLAMA_CLOUD_PROJECT_ID: 'a b' },
      'LLAMA_CLOUD_PROJECT_ID: found "a b", wanted an id of 1 to 128 letters, digits, "_" or "-"',
    ],
    [
      { LLAMA_CLOUD_API_KEY: 'k', LLAMA_CLOUD_BASE_URL: 'https://me:hush@x' },
      'LLAMA_CLOUD_BASE_URL: found "https://***@x", wanted a URL like https://api.cloud.llamaindex.ai, without user, password, query or fragment',
    ],
  ])('says what is wrong %#', async (env: Environment, message) => {
    await expect(loadConfig({}, env)).rejects.toMatchObject({ code: 'config', message });
  });
});

describe('accounts', () => {
  test('several keep their own key and host', async () => {
    const both = await accounts(TWO);
    expect(both.map(({ name, baseUrl, apiKey }) => [name, baseUrl, apiKey.current()])).toEqual([
      ['us', 'https://api.cloud.llamaindex.ai', 'llx-us'],
      ['eu', 'https://api.cloud.eu.llamaindex.ai', 'llx-eu'],
    ]);
  });

  test('say how much histories may cost', async () => {
    const text = 'accounts: [{ api_key: k, history_share: 0.05, history_megabytes_per_minute: 0 }]';
    expect(await only(text)).toMatchObject({ historyShare: 0.05, historyMegabytesPerMinute: 0 });
    expect(await only('accounts: [{ api_key: k, history_share: 1 }]')).toMatchObject({ historyShare: 1 });
  });

  test('expand variables in string values', async () => {
    const env = { EU_KEY: 'llx-eu', HOST: 'example.org' };
    const text =
      'accounts: [{ api_key: "${EU_KEY}", base_url: "https://${HOST}/${HOST}" }]\nstate: { url: "sqlite:$${HOST}.db" }';
    const config = await configFromText('x.yml', text, {}, env);
    expect(config.accounts[0]?.apiKey.current()).toBe('llx-eu');
    expect(config.accounts[0]?.baseUrl).toBe('https://example.org/example.org');
    expect(config.state.url).toBe('sqlite:${HOST}.db');
  });

  test('over plain http deserve a warning', async () => {
    expect(await warned('http://example.org')).toBe(1);
    expect(await warned('http://127.0.0.1:10941')).toBe(0);
    expect(await warned('http://[::1]:1')).toBe(0);
    expect(await warned('http://localhost:1')).toBe(0);
    expect(await warned('http://127.0.0.1.example.org')).toBe(1);
    expect(await warned('https://example.org')).toBe(0);
  });

  test('select projects by name or id', async () => {
    const { selects } = await only(
      'accounts: [{ api_key: k, projects: { include: ["prod-*", "id-7"], exclude: ["*-old"] } }]',
    );
    expect(selects(project('prod-a'))).toBe(true);
    expect(selects(project('prod-a/b'))).toBe(true);
    expect(selects(project('prod-old'))).toBe(false);
    expect(selects(project('test', 'id-7'))).toBe(true);
    expect(selects(project('test', 'id-8'))).toBe(false);
    const all = await only('accounts: [{ api_key: k }]');
    expect(all.selects(project(''))).toBe(true);
  });

  test('a star takes every name there is', async () => {
    const { selects } = await only('accounts: [{ api_key: k, projects: { include: ["*"] } }]');
    for (const name of ['', '.', '..', 'a/b', 'a\nb', '🦙', '.hidden', ' ', 'x'.repeat(10_000)]) {
      expect(selects(project(name))).toBe(true);
    }
  });
});

describe('a key in a file', () => {
  test('is read again on demand', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'config-'));
    writeFileSync(join(directory, 'key'), 'llx-old\n');
    writeFileSync(join(directory, 'a.yml'), 'accounts: [{ api_key_file: key }]');
    const secrets: string[] = [];
    const config = await loadConfig({ 'config.file': join(directory, 'a.yml') }, {}, (value) => secrets.push(value));
    const apiKey = config.accounts[0]?.apiKey;
    expect(apiKey?.current()).toBe('llx-old');
    writeFileSync(join(directory, 'key'), ' llx-new\r\n');
    expect(apiKey?.current()).toBe('llx-old');
    expect(await apiKey?.refresh()).toBe('llx-new');
    expect(apiKey?.current()).toBe('llx-new');
    expect(secrets).toEqual(['llx-old', 'llx-new']);
  });

  test('stays the old one while unreadable', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'config-')), 'key');
    writeFileSync(path, 'llx-old');
    const { apiKey } = await only('', { LLAMA_CLOUD_API_KEY_FILE: path });
    writeFileSync(path, '');
    expect(await apiKey.refresh()).toBe('llx-old');
  });

  test('must hold one line without blanks', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'config-')), 'key');
    writeFileSync(path, 'hush\nhush');
    await expect(only('', { LLAMA_CLOUD_API_KEY_FILE: path })).rejects.toThrow(
      `LLAMA_CLOUD_API_KEY_FILE: ${path} contains no key, wanted an API key: one line of printable characters without blanks`,
    );
    writeFileSync(path, '\n');
    await expect(only('', { LLAMA_CLOUD_API_KEY_FILE: path })).rejects.toThrow(
      `LLAMA_CLOUD_API_KEY_FILE: ${path} is empty`,
    );
  });
});
