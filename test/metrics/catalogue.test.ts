/** Every metric of the catalogue has the family or instrument that fills it, and a well-formed name. */
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { CATALOG, ONLY_MEMBERS, PROCESS } from '../../src/metrics/catalog.ts';
import { COMMON_FAMILIES, SHARED_FAMILIES } from '../../src/metrics/common/families.ts';
import { FAMILIES } from '../../src/metrics/families/families.ts';
import { createInstruments } from '../../src/metrics/live/instruments.ts';
import { createMemberInstruments } from '../../src/metrics/live/members.ts';
import { processRegistry } from '../../src/metrics/live/process.ts';

test('every project metric has its family', () => {
  const wanted = CATALOG.filter((metric) => metric.scope === 'project');
  expect(FAMILIES.map((family) => family.metric.name)).toEqual(wanted.map((metric) => metric.name));
});

const described = ({ name, help, type }: { name: string; help: string; type: unknown }) => ({ name, help, type });

test('every metric of the exporter part has its instrument', async () => {
  const registry = new Registry();
  createInstruments(registry);
  createMemberInstruments(registry);
  const made = await registry.getMetricsAsJSON();
  const wanted = CATALOG.filter((metric) => metric.part === 'exporter');
  expect(made.map(described)).toEqual(wanted.map(described));
});

test('every metric of the project part that is about no project has its family', () => {
  const wanted = CATALOG.filter((metric) => metric.part === 'projects' && metric.scope === 'live');
  expect(SHARED_FAMILIES.map(({ metric }) => metric.name)).toEqual(wanted.map(({ name }) => name));
  const alone = wanted.filter(({ name }) => !ONLY_MEMBERS.has(name));
  expect(COMMON_FAMILIES.map(({ metric }) => metric.name)).toEqual(alone.map(({ name }) => name));
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
