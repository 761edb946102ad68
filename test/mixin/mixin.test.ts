/** The jsonnet mixin has every shipped rule and dashboard, and can leave some out or add labels. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { alertsOf, readGroups, recordsOf } from '../rules/shipped.ts';
import { hasProgram } from '../support/tools.ts';

const FOLDER = path.join(import.meta.dirname, '../../mixin');
const source = readFileSync(path.join(FOLDER, 'mixin.libsonnet'), 'utf8');

type Rules = { readonly groups: readonly { readonly rules: readonly Record<string, unknown>[] }[] };

/** A field of the mixin, by jsonnet. */
const field = (name: string, config = '{}'): unknown =>
  JSON.parse(
    execFileSync('jsonnet', ['-e', `((import 'mixin.libsonnet') + { _config+:: ${config} }).${name}`], {
      cwd: FOLDER,
      encoding: 'utf8',
    }),
  );
const rules = (found: unknown): readonly Record<string, unknown>[] =>
  (found as Rules).groups.flatMap((group) => group.rules);

describe('mixin', () => {
  it('reads files that exist', () => {
    const files = [...source.matchAll(/import '([^']+)'/g)].map((match) => match[1] ?? '');
    expect(files).toHaveLength(5);
    expect(files.filter((file) => !existsSync(path.join(FOLDER, file)))).toEqual([]);
  });

  it.runIf(hasProgram('jsonnet'))('has every rule and dashboard', async () => {
    const groups = await readGroups();
    const names = alertsOf(groups).map((rule) => rule.alert);
    expect(rules(field('prometheusAlerts')).map((rule) => rule['alert'])).toEqual(names);
    const records = rules(field('prometheusRules')).map((rule) => rule['record']);
    expect(new Set(records)).toEqual(new Set(recordsOf(groups).map((rule) => rule.record)));
    expect(Object.keys(field('grafanaDashboards') as object)).toHaveLength(3);
  });

  it.runIf(hasProgram('jsonnet'))('takes a part, with labels', () => {
    const config = "{ withoutAlerts: ['LlamaCloudApiSlow'], alertLabels: { cluster: 'eu' }, grafanaUrl: 'https://g' }";
    const found = rules(field('prometheusAlerts', config));
    expect(found.some((rule) => rule['alert'] === 'LlamaCloudApiSlow')).toBe(false);
    expect(found[0]).toMatchObject({
      labels: { cluster: 'eu', severity: 'critical' },
      annotations: { dashboard: expect.stringMatching(/^https:\/\/g\{\{ if/) },
    });
  });
});
