/** promtool evaluates every alert: it fires after its `for` and not before, and stays silent where it should. */
import { describe, expect, it } from 'vitest';
import { findTool } from '../support/tools.ts';
import type { AlertCase } from './case.ts';
import { CASES } from './cases/index.ts';
import { failures, firingGroup, silentGroup, worldGroup } from './promtool.ts';
import { alertsOf, readGroups, rulesFor, without } from './shipped.ts';
import { WORLDS } from './worlds.ts';

const promtool = findTool('promtool') ?? '';
const groups = await readGroups();
const urls = new Map(alertsOf(groups).map((rule) => [rule.alert, rule.annotations.runbook_url]));

/** Recorded series that the case gives itself. */
const given = (item: AlertCase): readonly string[] => Object.keys(item.series);

describe.runIf(promtool)('alerts, as promtool evaluates them', () => {
  it.each(WORLDS)('tell what they should: $name', { timeout: 240_000 }, async (world) => {
    expect(await failures(promtool, without(groups, world.given), [worldGroup(world)])).toBe('');
  });

  it.each(CASES)('$alert fires after $for minutes, not before', { timeout: 240_000 }, async (item) => {
    const firing = firingGroup(item, urls.get(item.alert) ?? '');
    expect(await failures(promtool, rulesFor(item.alert, groups, given(item)), [firing])).toBe('');
  });

  it.each(CASES)('$alert stays silent when it should', { timeout: 240_000 }, async (item) => {
    const silent = item.silent.map((entry) => silentGroup(item, entry));
    expect(await failures(promtool, rulesFor(item.alert, groups, given(item)), silent)).toBe('');
  });
});
