import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { LIMITS } from '../../grafana/src/limits.ts';

type RuleFile = {
  readonly groups: readonly { readonly rules: readonly { readonly record: string; readonly expr: string }[] }[];
};

const file = new URL('../../prometheus/rules/llamacloud-thresholds.yml', import.meta.url);
const rules = (parse(readFileSync(file, 'utf8')) as RuleFile).groups.flatMap((group) => group.rules);

/** The number that a threshold starts with, or the floor under it. */
function threshold(record: string): number {
  const expr = rules.find((rule) => rule.record === record)?.expr ?? '';
  return Number(/clamp_min\(.*, (\d+)\)/s.exec(expr)?.[1] ?? /^[\d.e]+/.exec(expr)?.[0]);
}

test.each([
  ['errorRatio', 'project:llamacloud_run_error_ratio:threshold'],
  ['durationP95', 'project:llamacloud_run_duration_p95_seconds:threshold'],
  ['turnsP95', 'project:llamacloud_run_turns_p95:threshold'],
  ['withoutUsage', 'project:llamacloud_runs_without_usage_ratio:threshold'],
  ['dataAge', 'project:llamacloud_data_age_seconds:threshold'],
  ['requestP95', 'instance:llamacloud_api_request_duration_p95_seconds:threshold'],
  ['stateSize', 'instance:llamacloud_exporter_state_size_bytes:threshold'],
  ['memory', 'instance:llamacloud_exporter_resident_memory_bytes:threshold'],
  ['eventLoopLag', 'instance:llamacloud_exporter_eventloop_lag_p99_seconds:threshold'],
] as const)('%s turns red where the alert fires', (name, record) => {
  expect(LIMITS[name].bad).toBe(threshold(record));
  expect(LIMITS[name].warning).toBeLessThan(LIMITS[name].bad);
});

test('the objective is the error budget', () => {
  expect(LIMITS.errorRatio.warning).toBe(threshold('project:llamacloud_run_error_budget_ratio:threshold'));
});

test('every limit is compared', () => {
  expect(Object.keys(LIMITS)).toHaveLength(9);
});
