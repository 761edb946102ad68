import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { CATALOG, EXPORTER, MONEY, PROCESS } from '../../src/metrics/catalog.ts';
import { FAMILIES } from '../../src/metrics/families/families.ts';
import { createInstruments } from '../../src/metrics/live/instruments.ts';
import { processRegistry } from '../../src/metrics/live/process.ts';

test('every project metric has its family', () => {
  const wanted = CATALOG.filter((metric) => metric.scope === 'project');
  expect(FAMILIES.map((family) => family.metric.name)).toEqual(wanted.map((metric) => metric.name));
});

test('every live metric has its instrument', async () => {
  const registry = new Registry();
  createInstruments(registry);
  const made = (await registry.getMetricsAsJSON()).map(({ name, help, type }) => ({ name, help, type: `${type}` }));
  expect(made).toEqual(
    [...Object.values(EXPORTER), MONEY.totalBudget].map(({ name, help, type }) => ({ name, help, type })),
  );
});

test('names are unique and end as their type wants', () => {
  const names = CATALOG.map((metric) => metric.name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, type } of CATALOG) expect(name.endsWith('_total')).toBe(type === 'counter');
});

test('no help text needs escaping', () => {
  // prom-client does not escape the quotes of HELP in OpenMetrics.
  for (const { help } of CATALOG) expect(help).not.toMatch(/["\\\n]/);
});

test('the process metrics we name exist', () => {
  const registry = processRegistry();
  for (const name of Object.values(PROCESS)) expect(registry.getSingleMetric(name)).toBeDefined();
});
