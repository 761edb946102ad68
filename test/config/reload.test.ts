/** What a reload of the configuration may change, and what it refuses. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { loadConfig, reloadConfig } from '../../src/config/config.ts';

const ENV = { LLAMA_CLOUD_API_KEY: 'llx-k' };

function file(text: string): { path: string; write: (text: string) => void } {
  const path = join(mkdtempSync(join(tmpdir(), 'config-')), 'a.yml');
  const write = (next: string): void => writeFileSync(path, next);
  write(text);
  return { path, write };
}

describe('reload', () => {
  test('takes what the file says now', async () => {
    const { path, write } = file('polling: { interval: 10s }');
    const flags = { 'config.file': path };
    const before = await loadConfig(flags, ENV);
    write('polling: { interval: 20s }');
    expect((await reloadConfig(before, flags, ENV)).polling.intervalMs).toBe(20_000);
    expect(before.polling.intervalMs).toBe(10_000);
  });

  test('refuses another state', async () => {
    const { path, write } = file('state: { url: "sqlite:a.db" }');
    const flags = { 'config.file': path };
    const before = await loadConfig(flags, ENV);
    write('state: { url: "sqlite:b.db" }');
    await expect(reloadConfig(before, flags, ENV)).rejects.toMatchObject({
      code: 'config',
      message: 'state.url cannot change by reload (from sqlite:a.db to sqlite:b.db)',
      cure: 'Change it back, or restart the exporter.',
    });
  });

  test('refuses other listen addresses', async () => {
    const before = await loadConfig({ 'web.listen-address': [':1', '[::1]:2'] }, ENV);
    await expect(reloadConfig(before, { 'web.listen-address': [':3'] }, ENV)).rejects.toThrow(
      'web.listen-address cannot change by reload (from :1, [::1]:2 to :3)',
    );
  });

  test('refuses a bad file whole', async () => {
    const { path, write } = file('');
    const flags = { 'config.file': path };
    const before = await loadConfig(flags, ENV);
    write('polling: { interval: soon }');
    await expect(reloadConfig(before, flags, ENV)).rejects.toThrow('polling.interval: found "soon"');
  });
});
