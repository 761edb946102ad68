/** docs/configuration.md has every flag, variable and key, with the default that really applies. */
import { describe, expect, test } from 'vitest';

import { configurationReference } from '../../../scripts/docs-configuration.ts';
import { keyReference } from '../../../src/config/file/reference.ts';
import { ACCOUNT_VARIABLES } from '../../../src/config/flags/environment.ts';
import { environmentName, FLAGS, type FlagSpec } from '../../../src/config/flags/flags.ts';

describe('docs/configuration.md', () => {
  const text = configurationReference();

  test('has every flag with its twin', () => {
    for (const flag of FLAGS as readonly FlagSpec[]) {
      expect(text).toMatch(new RegExp(`^\\| \`--${flag.name}[=\`]`, 'm'));
      expect(text).toContain(environmentName(flag) ?? flag.name);
    }
  });

  test('has every variable and every key, described', () => {
    for (const { name } of ACCOUNT_VARIABLES) expect(text).toContain(`| \`${name}\` |`);
    for (const { path, description } of keyReference()) {
      expect(description).not.toBe('');
      expect(text).toContain(`| \`${path}\` |`);
    }
  });

  test('shows the defaults of the contract', () => {
    const defaults = Object.fromEntries(keyReference().map((key) => [key.path, key.default]));
    expect(defaults).toMatchObject({
      'accounts[].base_url': 'https://api.cloud.llamaindex.ai',
      'accounts[].projects.include': '["*"]',
      'accounts[].request_timeout': '30s',
      'accounts[].max_pages': '1000000',
      'polling.interval': '60s',
      'polling.full_sweep_interval': '30m',
      'polling.discovery_interval': '10m',
      'polling.stale_after': '1h',
      'accounts[].history_share': '0.5',
      'accounts[].history_megabytes_per_minute': '100',
      accounting: 'every_run',
      'state.url': 'sqlite:llamacloud-exporter.db',
      'metrics.exemplars': 'true',
      'metrics.max_indexes': '100',
      'prices[].input': null,
    });
  });
});
