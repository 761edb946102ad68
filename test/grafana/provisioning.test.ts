/** Grafana's provisioning files: exemplars link to sessions, and dashboards cannot be changed in the browser. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const read = (name: string): unknown =>
  parse(readFileSync(new URL(`../../grafana/provisioning/${name}`, import.meta.url), 'utf8'));

test('exemplars lead to the sessions of their project', () => {
  const file = read('datasources/prometheus.yml') as {
    datasources: { type: string; jsonData: Record<string, unknown> }[];
  };
  const [source] = file.datasources;
  expect(source?.type).toBe('prometheus');
  // Grafana reads $ in its provisioning files as the start of a variable: $$ stands for one.
  expect(source?.jsonData['exemplarTraceIdDestinations']).toEqual([
    expect.objectContaining({ name: 'session_id', url: '$${exporter}/projects/$${project}#$${__value.raw}' }),
  ]);
});

test('provisioned dashboards stay as committed', () => {
  const file = read('dashboards/llamacloud.yml') as { providers: { allowUiUpdates: boolean; type: string }[] };
  expect(file.providers).toEqual([expect.objectContaining({ type: 'file', allowUiUpdates: false })]);
});
