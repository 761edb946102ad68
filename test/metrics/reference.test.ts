/** The metrics reference has one row per metric, and its recommended queries use metrics that exist. */
import { expect, test } from 'vitest';
import { metricsReference } from '../../scripts/docs-metrics.ts';
import { QUERIES } from '../../scripts/docs-queries.ts';
import { BUILT_IN_CLASSES } from '../../src/domain/rules.ts';
import { CATALOG } from '../../src/metrics/catalog.ts';

test('the reference has one row per metric', () => {
  const rows = metricsReference()
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  expect(rows.map((row) => row.split('`')[1])).toEqual(CATALOG.map((metric) => metric.name));
  for (const row of rows) expect(row.match(/\|/g)).toHaveLength(6);
});

test('the reference shows every class with its pattern', () => {
  for (const entry of BUILT_IN_CLASSES) {
    expect(metricsReference()).toContain(`- \`${entry.class}\`: \`${entry.pattern.source}\``);
  }
});

test('recommended queries name existing metrics', () => {
  const names = CATALOG.flatMap(({ name }) => [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]);
  for (const [, query] of QUERIES) {
    for (const name of query.match(/llamacloud_\w+/g) ?? []) expect(names).toContain(name);
  }
});
