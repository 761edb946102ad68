import { describe, expect, it } from 'vitest';
import { findTool } from '../support/tools.ts';
import { CASES } from './cases/index.ts';
import { failures, firingGroup, healthyGroup, silentGroup } from './promtool.ts';
import { alertsOf, readGroups, rulesFor } from './shipped.ts';

const promtool = findTool('promtool') ?? '';
const groups = await readGroups();
const urls = new Map(alertsOf(groups).map((rule) => [rule.alert, rule.annotations.runbook_url]));

describe.runIf(promtool)('alerts, as promtool evaluates them', () => {
  it.each([
    { step: 1, minutes: 120 },
    { step: 10, minutes: 8 * 24 * 60 },
  ] as const)('stay silent for $minutes healthy minutes', { timeout: 120_000 }, async ({ step, minutes }) => {
    expect(await failures(promtool, groups, [healthyGroup(step, minutes)])).toBe('');
  });

  it.each(CASES)('$alert fires after $for minutes, not before', { timeout: 60_000 }, async (item) => {
    const firing = firingGroup(item, urls.get(item.alert) ?? '');
    expect(await failures(promtool, rulesFor(item.alert, groups), [firing])).toBe('');
  });

  it.each(CASES)('$alert stays silent when it should', { timeout: 60_000 }, async (item) => {
    const silent = item.silent.map((entry) => silentGroup(item, entry));
    expect(await failures(promtool, rulesFor(item.alert, groups), silent)).toBe('');
  });
});
