/** The committed dashboards are what the generator writes. */
import { expect, test } from 'vitest';
import { generateDashboards } from '../../grafana/src/main.ts';
import { committed } from './model.ts';

test('committed dashboards are up to date', () => {
  expect([...committed().keys()].sort()).toEqual([...generateDashboards().keys()].sort());
  for (const [name, text] of generateDashboards()) {
    expect(committed().get(name) === text, `${name} differs: run npm run generate`).toBe(true);
  }
});

test('two generations give the same text', () => {
  expect([...generateDashboards()]).toEqual([...generateDashboards()]);
});
