/** What a reload of the configuration may change, and what it refuses. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { loadConfig, reloadConfig } from '../../src/config/config.ts';
import type { Config } from '../../src/config/types.ts';

const ENV = { LLAMA_CLOUD_API_KEY: 'llx-k' };

/** A loaded file, and a reload of it after the file has been written anew. */
async function loaded(text: string) {
  const path = join(mkdtempSync(join(tmpdir(), 'config-')), 'a.yml');
  const flags = { 'config.file': path };
  writeFileSync(path, text);
  const before = await loadConfig(flags, ENV);
  const reload = (next: string): Promise<Config> => {
    writeFileSync(path, next);
    return reloadConfig(before, flags, ENV);
  };
  return { before, reload };
}

describe('reload', () => {
  test('takes what the file says now', async () => {
    const { before, reload } = await loaded('polling: { interval: 10s }');
    expect((await reload('polling: { interval: 20s }')).polling.intervalMs).toBe(20_000);
    expect(before.polling.intervalMs).toBe(10_000);
  });

  test('refuses another state', async () => {
    const { reload } = await loaded('state: { url: "sqlite:a.db" }');
    await expect(reload('state: { url: "sqlite:b.db" }')).rejects.toMatchObject({
      code: 'config',
      message: 'state.url cannot change by reload (from sqlite:a.db to sqlite:b.db)',
      fix: 'Change it back, or restart the exporter.',
    });
  });

  test('refuses another file of the password', async () => {
    const { reload } = await loaded('state: { url: "postgresql://me@db/x", password_file: /run/a }');
    await expect(reload('state: { url: "postgresql://me@db/x", password_file: /run/b }')).rejects.toThrow(
      'state.password_file cannot change by reload (from /run/a to /run/b)',
    );
    await expect(reload('state: { url: "postgresql://me@db/x" }')).rejects.toThrow(
      'state.password_file cannot change by reload (from /run/a to none)',
    );
  });

  test('refuses other listen addresses', async () => {
    const before = await loadConfig({ 'web.listen-address': [':1', '[::1]:2'] }, ENV);
    await expect(reloadConfig(before, { 'web.listen-address': [':3'] }, ENV)).rejects.toThrow(
      'web.listen-address cannot change by reload (from :1, [::1]:2 to :3)',
    );
  });

  test('refuses a bad file whole', async () => {
    const { reload } = await loaded('');
    await expect(reload('polling: { interval: soon }')).rejects.toThrow('polling.interval: found "soon"');
  });
});
