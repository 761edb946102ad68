/** The rule files as a user gets them: parsed from YAML, not from the code that made them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

export const RULES_DIRECTORY = join(import.meta.dirname, '../../prometheus/rules');
export const RULE_NAMES = ['llamacloud-recording.yml', 'llamacloud-thresholds.yml', 'llamacloud-alerts.yml'] as const;

export type ShippedAlert = {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly keep_firing_for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    readonly runbook_url: string;
    readonly dashboard: string;
  };
};
export type ShippedRecord = { readonly record: string; readonly expr: string };
export type ShippedRule = ShippedAlert | ShippedRecord;
export type ShippedGroup = { readonly name: string; readonly rules: readonly ShippedRule[] };

/** Levels, then thresholds, then what compares with them: the order in which a test evaluates the groups. */
const rank = ({ name }: ShippedGroup): number => ['llamacloud-levels', 'llamacloud-thresholds'].indexOf(name);

/** The groups of all files. */
export async function readGroups(): Promise<readonly ShippedGroup[]> {
  const texts = await Promise.all(RULE_NAMES.map((name) => readFile(join(RULES_DIRECTORY, name), 'utf8')));
  const groups = texts.flatMap((text) => (parse(text) as { groups: readonly ShippedGroup[] }).groups);
  const first = groups.filter((group) => rank(group) >= 0).toSorted((a, b) => rank(a) - rank(b));
  return [...first, ...groups.filter((group) => rank(group) < 0)];
}

export function alertsOf(groups: readonly ShippedGroup[]): readonly ShippedAlert[] {
  return groups.flatMap((group) => group.rules).filter((rule): rule is ShippedAlert => 'alert' in rule);
}

export function recordsOf(groups: readonly ShippedGroup[]): readonly ShippedRecord[] {
  return groups.flatMap((group) => group.rules).filter((rule): rule is ShippedRecord => 'record' in rule);
}

/** The groups without the rules that record these series: the test gives them itself. */
export function without(groups: readonly ShippedGroup[], given: readonly string[]): readonly ShippedGroup[] {
  return groups
    .map((group) => ({
      ...group,
      rules: group.rules.filter((rule) => !('record' in rule && given.includes(rule.record))),
    }))
    .filter((group) => group.rules.length > 0);
}

/** Names of recorded series in an expression. */
export function recordedNames(expr: string): readonly string[] {
  return expr.match(/[a-z_]+:[a-z0-9_]+:[a-z0-9_]+/g) ?? [];
}

/**
 * One alert and all that it reads, directly or not, but for recorded series that the test gives itself: promtool takes half an hour
 * over all rules, case by case.
 */
export function rulesFor(
  alert: string,
  groups: readonly ShippedGroup[],
  given: readonly string[] = [],
): readonly ShippedGroup[] {
  const records = new Map(recordsOf(groups).map((rule) => [rule.record, rule]));
  for (const name of given.flatMap(recordedNames)) records.delete(name);
  const needed = new Set<ShippedRule>();
  const follow = (rule: ShippedRule): void => {
    if (needed.has(rule)) return;
    needed.add(rule);
    for (const name of recordedNames(rule.expr)) {
      const source = records.get(name);
      if (source !== undefined) follow(source);
    }
  };
  for (const rule of alertsOf(groups)) if (rule.alert === alert) follow(rule);
  return groups
    .map((group) => ({ ...group, rules: group.rules.filter((rule) => needed.has(rule)) }))
    .filter((group) => group.rules.length > 0);
}
