/**
 * Mistakes people make with keys, base URLs, variable names and telemetry paths, and the message that each one gets.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { configFromText, loadConfig } from '../../../src/config/config.ts';
import type { Environment } from '../../../src/config/flags/environment.ts';
import { message } from '../message.ts';

const keyOf = async (env: Environment): Promise<string | undefined> =>
  (await loadConfig({}, env)).accounts[0]?.apiKey.current();

function keyFile(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'keys-')), 'key');
  writeFileSync(path, text);
  return path;
}

describe('an API key', () => {
  test.each(['llx-1\n', ' llx-1 ', '\tllx-1\r\n'])('loses blanks around it: %j', async (text) => {
    expect(await keyOf({ LLAMA_CLOUD_API_KEY: text })).toBe('llx-1');
    expect(await keyOf({ LLAMA_PARSE_API_KEY: text })).toBe('llx-1');
    expect(await keyOf({ LLAMA_CLOUD_API_KEY_FILE: keyFile(text) })).toBe('llx-1');
    const quoted = JSON.stringify(text);
    const { accounts } = await configFromText('x.yml', `accounts: [{ api_key: ${quoted} }]`, {}, {});
    expect(accounts[0]?.apiKey.current()).toBe('llx-1');
  });

  test.each(['"llx-1"', "'llx-1'"])('in quotes is told: %s', async (text) => {
    const path = keyFile(text);
    const wanted = 'wanted the key without the quotes around it';
    expect(await message(keyOf({ LLAMA_CLOUD_API_KEY: text }))).toBe(
      `LLAMA_CLOUD_API_KEY: found a value (not shown), ${wanted}`,
    );
    expect(await message(keyOf({ LLAMA_CLOUD_API_KEY_FILE: path }))).toBe(
      `LLAMA_CLOUD_API_KEY_FILE: ${path} contains no key, ${wanted}`,
    );
    const inYaml = configFromText('x.yml', `accounts: [{ api_key: ${JSON.stringify(text)} }]`, {}, {});
    expect(await message(inYaml)).toContain(wanted);
  });

  test('with the name of its variable in front is told', async () => {
    const path = keyFile('LLAMA_CLOUD_API_KEY=llx-1\n');
    expect(await message(keyOf({ LLAMA_CLOUD_API_KEY_FILE: path }))).toBe(
      `LLAMA_CLOUD_API_KEY_FILE: ${path} contains no key, wanted the key without "LLAMA_CLOUD_API_KEY=" in front of it`,
    );
    expect(await message(keyOf({ LLAMA_CLOUD_API_KEY: 'export KEY=llx-1' }))).toContain(
      'without "export KEY=" in front',
    );
  });

  test('of blanks only is no key', async () => {
    expect(await message(keyOf({ LLAMA_CLOUD_API_KEY: ' ' }))).toMatch(/no API key/);
  });

  test('is never shown in a complaint', async () => {
    for (const text of ['"llx-secret"', 'KEY=llx-secret', 'llx-secret llx-secret', 'llx-secret\nllx-secret']) {
      expect(await message(keyOf({ LLAMA_CLOUD_API_KEY: text }))).not.toContain('llx-secret');
      expect(await message(keyOf({ LLAMA_CLOUD_API_KEY_FILE: keyFile(text) }))).not.toContain('llx-secret');
    }
  });
});

describe('base_url', () => {
  test.each(['https://api.example.com/api/v1', 'https://api.example.com/api/v1/', 'https://api.example.com/api'])(
    'that ends in the path of the API is told: %s',
    async (url) => {
      const said = 'wanted it without the path of the API: https://api.example.com';
      expect(await message(loadConfig({}, { LLAMA_CLOUD_API_KEY: 'k', LLAMA_CLOUD_BASE_URL: url }))).toContain(said);
      const file = configFromText('x.yml', `accounts: [{ api_key: k, base_url: "${url}" }]`, {}, {});
      expect(await message(file)).toContain(said);
    },
  );

  test('may have a path of its own', async () => {
    const { accounts } = await loadConfig(
      {},
      { LLAMA_CLOUD_API_KEY: 'k', LLAMA_CLOUD_BASE_URL: 'https://gateway/llama/' },
    );
    expect(accounts[0]?.baseUrl).toBe('https://gateway/llama');
  });
});

describe('a variable that is ignored', () => {
  const warnings = async (text: string, env: Environment): Promise<readonly string[]> =>
    (await configFromText('x.yml', text, {}, env)).warnings;

  test('because the file has the value is warned of', async () => {
    const file = 'accounts: [{ api_key: a, base_url: "https://file", organization_id: o, project_id: p }]';
    const env = {
      LLAMA_CLOUD_API_KEY: 'other',
      LLAMA_PARSE_API_KEY: 'other',
      LLAMA_CLOUD_BASE_URL: 'https://env',
      LLAMA_CLOUD_ORGANIZATION_ID: 'other',
      LLAMA_CLOUD_PROJECT_ID: 'other',
    };
    expect(await warnings(file, env)).toEqual([
      'LLAMA_CLOUD_API_KEY is ignored: the file sets accounts[0].api_key',
      'LLAMA_PARSE_API_KEY is ignored: the file sets accounts[0].api_key',
      'LLAMA_CLOUD_BASE_URL is ignored: the file sets accounts[0].base_url',
      'LLAMA_CLOUD_ORGANIZATION_ID is ignored: the file sets accounts[0].organization_id',
      'LLAMA_CLOUD_PROJECT_ID is ignored: the file sets accounts[0].project_id',
    ]);
  });

  test('is not warned of where the file repeats it', async () => {
    const file = 'accounts: [{ api_key: "${LLAMA_CLOUD_API_KEY}", base_url: "https://same/" }]';
    const env = { LLAMA_CLOUD_API_KEY: 'k', LLAMA_CLOUD_BASE_URL: 'https://same' };
    expect(await warnings(file, env)).toEqual([]);
  });

  test('because it has a wrong name is warned of', async () => {
    const env = {
      LLAMA_CLOUD_API_KEY: 'k',
      LLAMACLOUD_EXPORTER_STATE_PATH: '/x',
      LLAMACLOUD_EXPORTER_LOGLEVEL: 'debug',
    };
    expect(await warnings('', env)).toEqual([
      'LLAMACLOUD_EXPORTER_STATE_PATH is ignored: there is no such setting',
      'LLAMACLOUD_EXPORTER_LOGLEVEL is ignored: there is no such setting; LLAMACLOUD_EXPORTER_LOG_LEVEL?',
    ]);
  });

  test('is not warned of where Kubernetes sets it for a service of this name', async () => {
    const env = {
      LLAMA_CLOUD_API_KEY: 'k',
      LLAMACLOUD_EXPORTER_SERVICE_HOST: '10.0.0.1',
      LLAMACLOUD_EXPORTER_SERVICE_PORT_METRICS: '10940',
      LLAMACLOUD_EXPORTER_PORT: 'tcp://10.0.0.1:10940',
      LLAMACLOUD_EXPORTER_PORT_10940_TCP_ADDR: '10.0.0.1',
      LLAMACLOUD_EXPORTER_REVISION: 'abc',
    };
    expect(await warnings('', env)).toEqual([]);
  });
});

describe('--web.telemetry-path', () => {
  const taken = (path: string): Promise<string> =>
    message(loadConfig({ 'web.telemetry-path': path }, { LLAMA_CLOUD_API_KEY: 'k' }));

  test.each([
    '/-/healthy',
    '/-',
    '/api',
    '/api/v1/status',
    '/fragment',
    '/assets/page.css',
    '/projects/x',
    '/..',
    '/a/../b',
  ])('cannot be %s, which is taken', async (path) => {
    expect(await taken(path)).toMatch(/^--web.telemetry-path: found ".*", wanted a path like \/metrics/);
  });

  test.each(['/metrics', '/my/metrics', '/api-metrics', '/fragments'])('can be %s', async (path) => {
    expect(await taken(path)).toBe('it was taken');
  });
});
