/** Thresholds pass promtool's linter and can be raised, or switched off, for one project. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findTool } from '../support/tools.ts';
import { CASES } from './cases/index.ts';
import { failures, firingGroup, silentGroup } from './promtool.ts';
import { alertsOf, RULE_NAMES, RULES_DIRECTORY, readGroups, rulesFor, type ShippedGroup } from './shipped.ts';

const promtool = findTool('promtool') ?? '';
const groups = await readGroups();
const BUDGET = 'project:llamacloud_cost_usd_per_day:threshold';
const cost = CASES.find((item) => item.alert === 'LlamaCloudDailyCostOverBudget');

const withBudget = (expr: string): readonly ShippedGroup[] =>
  rulesFor('LlamaCloudDailyCostOverBudget', groups).map((group) => ({
    ...group,
    rules: group.rules.map((rule) => ('record' in rule && rule.record === BUDGET ? { ...rule, expr } : rule)),
  }));

const exception = (matcher: string, value: number): string =>
  `${value} * project:llamacloud_project_info:group{${matcher}} or 50 * project:llamacloud_project_info:group`;

describe.runIf(promtool)('thresholds', () => {
  const url = alertsOf(groups).find((rule) => rule.alert === cost?.alert)?.annotations.runbook_url ?? '';

  it('pass the linter of promtool', async () => {
    const files = RULE_NAMES.map((name) => join(RULES_DIRECTORY, name));
    const run = await promisify(execFile)(promtool, ['check', 'rules', '--lint=all', '--lint-fatal', ...files]);
    expect(run.stdout).not.toContain('FAILED');
  });

  it('take an exception for one project', async () => {
    if (cost === undefined) throw new Error('no case for the daily cost');
    const raised = withBudget(exception('project="support"', 500));
    expect(await failures(promtool, raised, [silentGroup(cost, { name: 'raised', series: cost.series })])).toBe('');
  });

  it('keep the default for other projects', async () => {
    if (cost === undefined) throw new Error('no case for the daily cost');
    const others = withBudget(exception('project=~"batch-.*"', 500));
    expect(await failures(promtool, others, [firingGroup(cost, url)])).toBe('');
  });

  it('switch an alert off by leaving a project out', async () => {
    if (cost === undefined) throw new Error('no case for the daily cost');
    const off = withBudget('50 * project:llamacloud_project_info:group{project!="support"}');
    expect(await failures(promtool, off, [silentGroup(cost, { name: 'off', series: cost.series })])).toBe('');
  });
});
