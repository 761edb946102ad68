/** examples/llamacloud-exporter.yml loads, names every key, and shows the real defaults. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { loadConfig } from '../../../src/config/config.ts';
import { Account, SECTIONS } from '../../../src/config/file/schema.ts';

const PATH = fileURLToPath(new URL('../../../examples/llamacloud-exporter.yml', import.meta.url));
const ENV = { LLAMA_CLOUD_API_KEY: 'llx-k' };

describe('the example file', () => {
  test('loads, and shows the defaults', async () => {
    const example = await loadConfig({ 'config.file': PATH }, ENV);
    const plain = await loadConfig({}, ENV);
    expect(example.polling).toEqual(plain.polling);
    expect(example.state.url).toBe(plain.state.url);
    expect(example.rules).toMatchObject({
      ...plain.rules,
      prices: [{ input: 3 }, { input: 0.25 }],
      budgets: [{ perDay: 20, perMonth: 400 }],
      totalBudget: { perDay: null, perMonth: 5000 },
      teams: [{ team: 'platform' }],
      errorClasses: [{ class: 'quota' }, ...plain.rules.errorClasses],
    });
    const [a, b] = [example.accounts[0], plain.accounts[0]].map((account) => ({
      ...account,
      apiKey: null,
      selects: null,
    }));
    expect(a).toEqual(b);
  });

  test('names every key there is', () => {
    const text = readFileSync(PATH, 'utf8');
    const file = parse(text) as Record<string, unknown>;
    expect(Object.keys(file)).toEqual(Object.keys(SECTIONS));
    for (const key of Object.keys(Account.shape)) expect(text).toMatch(new RegExp(`^ +(# |- )?${key}:`, 'm'));
  });
});
