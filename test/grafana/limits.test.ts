/** Panels turn red at the threshold at which the alert fires. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { LIMITS } from '../../grafana/src/limits.ts';
import { models, type Panel, shown } from './model.ts';

type RuleFile = {
  readonly groups: readonly { readonly rules: readonly { readonly record: string; readonly expr: string }[] }[];
};

const file = new URL('../../prometheus/rules/llamacloud-thresholds.yml', import.meta.url);
const rules = (parse(readFileSync(file, 'utf8')) as RuleFile).groups.flatMap((group) => group.rules);

/** The number that a threshold starts with, or the floor under it. */
function threshold(record: string): number {
  const expr = rules.find((rule) => rule.record === record)?.expr ?? '';
  const share = /^clamp\(.*, ([\d.]+), 0\.9\)/.exec(expr)?.[1];
  return Number(share ?? /clamp_min\(.*, (\d+)\)/s.exec(expr)?.[1] ?? /^[\d.e]+/.exec(expr)?.[0]);
}

test.each([
  ['errorRatio', 'project:llamacloud_run_fault_ratio_high:threshold'],
  ['withoutUsage', 'project:llamacloud_runs_without_usage_ratio:threshold'],
  ['dataAge', 'project:llamacloud_data_age_seconds:threshold'],
  ['requestP95', 'instance:llamacloud_api_request_duration_p95_seconds:threshold'],
  ['stateSize', 'instance:llamacloud_exporter_state_size_bytes:threshold'],
  ['memory', 'instance:llamacloud_exporter_resident_memory_bytes:threshold'],
] as const)('%s turns red where the alert fires', (name, record) => {
  expect(LIMITS[name].bad).toBe(threshold(record));
  expect(LIMITS[name].warning).toBeLessThan(LIMITS[name].bad);
});

test('every limit is compared, or belongs to no alert', () => {
  const withoutAlert = ['durationP95', 'turnsP95', 'eventLoopLag'];
  const compared = ['errorRatio', 'withoutUsage', 'dataAge', 'requestP95', 'stateSize', 'memory'];
  expect(new Set(Object.keys(LIMITS))).toEqual(new Set([...compared, ...withoutAlert]));
});

const UNITS: Readonly<Record<string, number>> = { '%': 0.01, seconds: 1, minutes: 60, MB: 1e6, GB: 1e9 };
const TOLD = /The dashed lines stand at ([\d.]+)(?: (?:% ?|\([^)]*\))*)? and ([\d.]+)(?: (%|seconds|minutes|MB|GB))?\./;

/** Where the description says that the dashed lines are. */
function told({ description }: Panel): readonly number[] {
  const [, warning, bad, unit] = TOLD.exec(description ?? '') ?? [];
  return [warning, bad].map((text) => Number((Number(text) * (UNITS[unit ?? ''] ?? 1)).toPrecision(6)));
}

/** Where they are. */
function drawn({ fieldConfig }: Panel): readonly number[] {
  const defaults = fieldConfig?.defaults as { thresholds?: { steps: { value: number | null }[] } } | undefined;
  return defaults?.thresholds?.steps.flatMap(({ value }) => value ?? []) ?? [];
}

const withLines = models.flatMap((model) =>
  shown(model)
    .filter(({ description }) => description?.includes('dashed lines'))
    .map((panel) => ({ name: `${model.uid} / ${panel.title}`, panel })),
);

test('there are panels with dashed lines', () => {
  expect(withLines.length).toBeGreaterThanOrEqual(9);
});

test.each(withLines)('$name says where its dashed lines are', ({ panel }) => {
  expect(told(panel)).toEqual(drawn(panel));
});
