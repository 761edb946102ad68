/** Budgets, teams and disabled metrics: which entry of the file applies to a project. */
import { describe, expect, test } from 'vitest';
import { configFromText } from '../../../src/config/config.ts';
import { budgetOf, isDisabled, type Rules, teamOf } from '../../../src/domain/rules.ts';

async function rulesOf(text: string): Promise<Rules> {
  const { rules } = await configFromText('file.yml', `accounts: [{ api_key: k }]\n${text}`, {}, {});
  return rules;
}

const named = (name: string, id = 'some-id') => ({ id, name });

describe('budgets', () => {
  test('the first that applies by name or id wins', async () => {
    const rules = await rulesOf(`budgets:
  - { per_month: 5000 }
  - { projects: ["billing-*"], per_day: 20, per_month: 400 }
  - { projects: ["id-7", "billing-eu"], per_day: 0.5 }
  - { per_month: 1 }`);
    expect(budgetOf(named('billing-eu'), rules)).toMatchObject({ perDay: 20, perMonth: 400 });
    expect(budgetOf(named('other', 'id-7'), rules)).toMatchObject({ perDay: 0.5, perMonth: null });
    expect(budgetOf(named('other'), rules)).toBeNull();
    expect(rules.totalBudget).toEqual({ perDay: null, perMonth: 5000 });
  });

  test('a second one for all projects together is ignored, and said to be', async () => {
    const text =
      'accounts: [{ api_key: k }]\nbudgets: [{ per_day: 9 }, { projects: [a], per_day: 1 }, { per_month: 90 }]';
    const { rules, warnings } = await configFromText('file.yml', text, {}, {});
    expect(rules.totalBudget).toEqual({ perDay: 9, perMonth: null });
    expect(warnings).toEqual(['budgets[2] is ignored: budgets[0] is the budget of all projects together already']);
  });

  test('there are none by default', async () => {
    const rules = await rulesOf('');
    expect(rules).toMatchObject({ budgets: [], totalBudget: null, teams: [], disabled: [] });
    expect(teamOf(named('a'), rules)).toBe('');
  });

  test('a key without a value means all projects together', async () => {
    const rules = await rulesOf('budgets: [{ projects: null, per_day: 3 }]');
    expect(rules).toMatchObject({ budgets: [], totalBudget: { perDay: 3, perMonth: null } });
  });
});

test('the first team that applies owns a project', async () => {
  const rules = await rulesOf(`teams:
  - { projects: ["billing-*", "id-7"], team: billing }
  - { team: everybody else }`);
  expect([named('billing-1'), named('x', 'id-7'), named('x')].map((project) => teamOf(project, rules))).toEqual([
    'billing',
    'billing',
    'everybody else',
  ]);
});

test('globs leave families out, but for project info', async () => {
  const rules = await rulesOf('metrics: { disable: ["llamacloud_*_info", "llamacloud_chat_run_*_tokens"] }');
  const names = ['llamacloud_chat_run_input_tokens', 'llamacloud_chat_runs_total', 'llamacloud_project_info'];
  expect(names.filter((name) => isDisabled(name, rules))).toEqual(['llamacloud_chat_run_input_tokens']);
});
