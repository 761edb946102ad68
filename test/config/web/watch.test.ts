/**
 * The web configuration and its certificates are read again when their files change; a bad change is ignored with one
 * warning.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

import { fixedWebConfig, LOOK_EVERY_MS, watchWebConfig } from '../../../src/config/web/watch.ts';
import { ExporterError } from '../../../src/domain/errors.ts';
import type { WebConfig, WebConfigSource } from '../../../src/domain/serving.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { type Pair, TestCa } from '../../web/certificates.ts';
import { tool } from '../../web/tools.ts';

const HASH = '$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG';
let folder = '';
let ca: TestCa | null = null;
const pairs: Pair[] = [];
const opened: WebConfigSource[] = [];

beforeEach((context) => {
  ca ??= new TestCa(tool(context, 'openssl'));
  if (pairs.length === 0) pairs.push(ca.issue('one'), ca.issue('two'));
  folder = mkdtempSync(join(tmpdir(), 'web-watch-'));
});
afterEach(() => {
  for (const source of opened.splice(0)) source.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => ca?.[Symbol.dispose]());

const pair = (i: number): Pair => pairs[i] ?? expect.fail('no such pair');
const path = (name: string): string => join(folder, name);

/** Writes a file beside the old one and puts it in its place, as careful programs do. */
function put(name: string, text: string): void {
  writeFileSync(path('new'), text);
  renameSync(path('new'), path(name));
}

function watch(name = 'web.yml') {
  const clock = new ManualClock(0);
  const logger = new RecordingLogger();
  const source = watchWebConfig(path(name), logger, clock);
  opened.push(source);
  const changes: WebConfig[] = [];
  source.onChange((config) => changes.push(config));
  /** One look at the files. */
  const look = async (): Promise<void> => {
    clock.advance(LOOK_EVERY_MS / 1000);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { source, logger, changes, look };
}

describe('a watched web configuration', () => {
  it('throws at start when it is bad', () => {
    put('web.yml', 'bogus: 1');
    expect(() => watch()).toThrow(ExporterError);
  });

  it('is read again after a change, and only then', async () => {
    put('web.yml', '');
    const { source, changes, look } = watch();
    await look();
    expect(changes).toEqual([]);
    put('web.yml', `basic_auth_users: { prom: "${HASH}" }`);
    await look();
    await look();
    expect(changes).toHaveLength(1);
    expect(source.current().users).toEqual({ prom: HASH });
  });

  it('keeps the old one with one warning when it turns bad', async () => {
    put('web.yml', `basic_auth_users: { prom: "${HASH}" }`);
    const { source, changes, logger, look } = watch();
    put('web.yml', 'bogus: 1');
    for (let looks = 0; looks < 5; looks++) await look();
    expect(changes).toEqual([]);
    expect(source.current().users).toEqual({ prom: HASH });
    expect(logger.at('warn')).toHaveLength(1);
    expect(String(logger.at('warn')[0]?.fields['error'])).toContain('bogus: no such key');
    put('web.yml', '');
    await look();
    expect(source.current().users).toEqual({});
    put('web.yml', 'bogus: 2');
    for (let looks = 0; looks < 3; looks++) await look();
    expect(logger.at('warn')).toHaveLength(2);
  });

  it('survives its file being away for a while', async () => {
    put('web.yml', `basic_auth_users: { prom: "${HASH}" }`);
    const { source, logger, look } = watch();
    rmSync(path('web.yml'));
    for (let looks = 0; looks < 3; looks++) await look();
    expect(source.current().users).toEqual({ prom: HASH });
    expect(logger.at('warn')).toHaveLength(1);
    put('web.yml', '');
    await look();
    expect(source.current().users).toEqual({});
  });

  it('follows certificate and key, replaced one after the other', async () => {
    put('tls.crt', pair(0).cert);
    put('tls.key', pair(0).key);
    put('web.yml', 'tls_server_config: { cert_file: tls.crt, key_file: tls.key }');
    const { source, changes, logger, look } = watch();
    put('tls.crt', pair(1).cert);
    await look();
    expect(source.current().tls?.cert).toBe(pair(0).cert);
    put('tls.key', pair(1).key);
    await look();
    expect(source.current().tls?.cert).toBe(pair(1).cert);
    expect([changes.length, logger.at('warn').length]).toEqual([1, 0]);
  });

  it('follows links that are swapped, as in Kubernetes', async () => {
    for (const [i, version] of ['v1', 'v2'].entries()) {
      mkdirSync(path(version));
      writeFileSync(path(`${version}/tls.crt`), pair(i).cert);
      writeFileSync(path(`${version}/tls.key`), pair(i).key);
      writeFileSync(path(`${version}/web.yml`), 'tls_server_config: { cert_file: tls.crt, key_file: tls.key }');
    }
    symlinkSync('v1', path('..data'));
    for (const name of ['tls.crt', 'tls.key', 'web.yml']) symlinkSync(`..data/${name}`, path(name));
    const { source, look } = watch();
    expect(source.current().tls?.cert).toBe(pair(0).cert);
    symlinkSync('v2', path('..data_tmp'));
    renameSync(path('..data_tmp'), path('..data'));
    await look();
    expect(source.current().tls?.cert).toBe(pair(1).cert);
  });

  it('watches files that a change names', async () => {
    put('a.crt', pair(0).cert);
    put('a.key', pair(0).key);
    put('web.yml', '');
    const { source, look } = watch();
    put('web.yml', 'tls_server_config: { cert_file: a.crt, key_file: a.key }');
    await look();
    put('a.key', pair(1).key);
    put('a.crt', pair(1).cert);
    await look();
    expect(source.current().tls?.cert).toBe(pair(1).cert);
  });

  it('is silent once stopped', async () => {
    put('web.yml', '');
    const { source, changes, look } = watch();
    source.stop();
    put('web.yml', `basic_auth_users: { prom: "${HASH}" }`);
    await look();
    expect(changes).toEqual([]);
  });
});

describe('no web configuration', () => {
  it('is plain HTTP for everybody', () => {
    const source = fixedWebConfig();
    expect(source.current()).toEqual({ tls: null, users: {}, headers: {}, http2: true });
    source.onChange(() => expect.fail('it changed'))();
    source.stop();
  });
});
