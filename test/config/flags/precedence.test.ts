/** Flag beats environment beats file beats default, and a wrong flag or variable is named in the error. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { configFromText, loadConfig } from '../../../src/config/config.ts';
import type { Environment } from '../../../src/config/flags/environment.ts';
import { environmentName, FLAGS, type Flags } from '../../../src/config/flags/flags.ts';
import type { Config } from '../../../src/config/types.ts';

const KEY: Environment = { LLAMA_CLOUD_API_KEY: 'llx-k' };
const STATE = 'state: { url: "sqlite:from-file.db" }';

const from = (text: string, flags: Flags = {}, env: Environment = {}): Promise<Config> =>
  configFromText('x.yml', text, flags, { ...KEY, ...env });

describe('precedence', () => {
  test('the defaults are those of the contract', async () => {
    const { accounts, polling, rules, state, web, log, configFile, warnings } = await loadConfig({}, KEY);
    expect(accounts).toMatchObject([
      {
        name: 'default',
        baseUrl: 'https://api.cloud.llamaindex.ai',
        organizationId: null,
        projectId: null,
        requestsPerMinute: 0,
        concurrency: 4,
        requestTimeoutMs: 30_000,
        historyShare: 0.5,
        historyMegabytesPerMinute: 100,
        pageSize: 100,
        maxPages: 1_000_000,
      },
    ]);
    expect(polling).toEqual({
      intervalMs: 60_000,
      fullSweepIntervalMs: 1_800_000,
      discoveryIntervalMs: 600_000,
      staleAfterMs: 3_600_000,
    });
    expect(rules).toMatchObject({
      accounting: 'every_run',
      exemplars: true,
      indexes: false,
      maxIndexes: 100,
      prices: [],
    });
    expect(rules.durationBuckets).toEqual([0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560]);
    expect({ state, log, configFile, warnings }).toEqual({
      state: {
        url: 'sqlite:llamacloud-exporter.db',
        shown: 'sqlite:llamacloud-exporter.db',
        password: expect.any(Function),
        passwordFile: null,
        memberName: null,
        rules: expect.stringMatching(/^[0-9a-f]{12}$/),
      },
      log: { level: 'info', format: 'auto' },
      configFile: null,
      warnings: [],
    });
    expect(web).toEqual({
      listenAddresses: [{ host: null, port: 10_940 }],
      telemetryPath: '/metrics',
      externalUrl: null,
      routePrefix: '',
      configFile: null,
      maxRequests: 40,
      enableLifecycle: false,
    });
  });

  test('flag beats environment beats file', async () => {
    const env = { LLAMACLOUD_EXPORTER_STATE_URL: 'sqlite:from-env.db' };
    const flags = { 'state.url': 'sqlite:from-flag.db' };
    expect((await from('')).state.url).toBe('sqlite:llamacloud-exporter.db');
    expect((await from(STATE)).state.url).toBe('sqlite:from-file.db');
    expect((await from(STATE, {}, env)).state.url).toBe('sqlite:from-env.db');
    expect((await from(STATE, flags, env)).state.url).toBe('sqlite:from-flag.db');
  });

  test('every flag of serving has a twin that works', async () => {
    const names = FLAGS.map(environmentName).filter((name) => name !== null);
    expect(names).toHaveLength(13);
    const config = await from(
      '',
      {},
      {
        LLAMACLOUD_EXPORTER_WEB_LISTEN_ADDRESS: '127.0.0.1:1, [::1]:2',
        LLAMACLOUD_EXPORTER_WEB_TELEMETRY_PATH: '/m',
        LLAMACLOUD_EXPORTER_WEB_EXTERNAL_URL: 'https://x/p',
        LLAMACLOUD_EXPORTER_WEB_ROUTE_PREFIX: '/q',
        LLAMACLOUD_EXPORTER_WEB_CONFIG_FILE: 'web.yml',
        LLAMACLOUD_EXPORTER_WEB_MAX_REQUESTS: '7',
        LLAMACLOUD_EXPORTER_WEB_ENABLE_LIFECYCLE: 'true',
        LLAMACLOUD_EXPORTER_LOG_LEVEL: 'warn',
        LLAMACLOUD_EXPORTER_LOG_FORMAT: 'pretty',
      },
    );
    expect(config.log).toEqual({ level: 'warn', format: 'pretty' });
    expect(config.web).toEqual({
      listenAddresses: [
        { host: '127.0.0.1', port: 1 },
        { host: '::1', port: 2 },
      ],
      telemetryPath: '/m',
      externalUrl: 'https://x/p',
      routePrefix: '/q',
      configFile: 'web.yml',
      maxRequests: 7,
      enableLifecycle: true,
    });
  });

  test('the configuration file can be named by environment', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'config-')), 'a.yml');
    writeFileSync(path, STATE);
    const config = await loadConfig({}, { ...KEY, LLAMACLOUD_EXPORTER_CONFIG_FILE: path });
    expect(config).toMatchObject({ state: { url: 'sqlite:from-file.db' }, configFile: path });
  });

  test('an empty variable counts as not set', async () => {
    const config = await from(STATE, {}, { LLAMACLOUD_EXPORTER_STATE_URL: '', LLAMA_CLOUD_BASE_URL: '' });
    expect(config.state.url).toBe('sqlite:from-file.db');
  });

  test('a null or empty section means defaults', async () => {
    const config = await from('polling:\nmetrics: { duration_buckets: null }\naccounts:\nprices: null');
    expect(config.polling.intervalMs).toBe(60_000);
    expect(config.accounts).toHaveLength(1);
  });
});

describe('wrong flags and variables', () => {
  test.each([
    [
      '--web.listen-address',
      { 'web.listen-address': ['99'] },
      {},
      'found "99", wanted host:port, [::1]:port or :port, with a port from 0 to 65535',
    ],
    ['--web.listen-address', { 'web.listen-address': [':1', ':1'] }, {}, 'found ":1", wanted each address once'],
    [
      '--web.telemetry-path',
      { 'web.telemetry-path': '/-/healthy' },
      {},
      'found "/-/healthy", wanted a path like /metrics, outside /-, /api, /assets, /fragment, /projects',
    ],
    [
      '--web.telemetry-path',
      { 'web.telemetry-path': '/' },
      {},
      'found "/", wanted a path like /metrics, outside /-, /api, /assets, /fragment, /projects',
    ],
    ['--web.max-requests', { 'web.max-requests': '0' }, {}, 'found "0", wanted a whole number from 1 to 999999'],
    ['--log.level', { 'log.level': 'trace' }, {}, 'found "trace", wanted debug, info, warn or error'],
    ['--log.format', { 'log.format': 'text' }, {}, 'found "text", wanted json, logfmt or pretty'],
    [
      '--state.url',
      { 'state.url': 'x.db' },
      {},
      'found "x.db", wanted sqlite:PATH, sqlite::memory: to keep nothing, or postgresql://USER@HOST[:PORT][,HOST[:PORT]]/DATABASE for several replicas',
    ],
    ['--config.file', { 'config.file': '/no/such.yml' }, {}, 'cannot read /no/such.yml: there is no such file'],
    [
      'LLAMACLOUD_EXPORTER_WEB_ENABLE_LIFECYCLE',
      {},
      { LLAMACLOUD_EXPORTER_WEB_ENABLE_LIFECYCLE: 'maybe' },
      'found "maybe", wanted true or false',
    ],
    [
      'LLAMACLOUD_EXPORTER_LOG_LEVEL',
      {},
      { LLAMACLOUD_EXPORTER_LOG_LEVEL: 'loud' },
      'found "loud", wanted debug, info, warn or error',
    ],
  ] as const)('%s says what is wrong %#', async (where, flags: Flags, env: Environment, text) => {
    await expect(loadConfig(flags, { ...KEY, ...env })).rejects.toMatchObject({
      code: 'config',
      message: `${where}: ${text}`,
    });
  });
});
