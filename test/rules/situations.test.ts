/** Each alert has a case in which it stays silent for each situation, or a reason why it needs none. */
import { describe, expect, it } from 'vitest';
import { SITUATIONS, type Situation, type World } from './case.ts';
import { CASES } from './cases/index.ts';
import { metricsIn } from './expressions.ts';
import { healthyWorld } from './series.ts';
import { alertsOf, readGroups, recordedNames, rulesFor, type ShippedRule } from './shipped.ts';
import { WORLDS } from './worlds.ts';

const groups = await readGroups();
const alerts = alertsOf(groups).map((rule) => rule.alert);

/** Why an alert need not stay silent in a situation, or cannot be in it. */
const REASONS: Readonly<Record<string, Partial<Record<Situation, string>>>> = {
  LlamaCloudMostDataStale: { 'stale data': 'it is what the alert tells' },
  LlamaCloudExporterStateRecreated: {
    'counters begin again': 'it tells that the state, and with it the counters, began again',
  },
};

/** Metrics that an alert reads, directly or not, and the recorded series that are given. */
function reads(alert: string, given: readonly string[]): readonly string[] {
  const rules: readonly ShippedRule[] = rulesFor(alert, groups, given).flatMap((group) => group.rules);
  const recorded = rules.flatMap((rule) => recordedNames(rule.expr)).filter((name) => given.includes(name));
  return [...new Set([...rules.flatMap((rule) => metricsIn(rule.expr)), ...recorded])];
}

/** Names of the series of a world, with those of the healthy world beneath it. */
function shown({ series }: World): ReadonlySet<string> {
  const names = { ...healthyWorld(1, 2), ...series };
  return new Set(
    Object.entries(names).flatMap(([key, values]) => (values === null ? [] : [/^[\w:]+/.exec(key)?.[0] ?? ''])),
  );
}

/** Whether the alert has what it looks at in a world that shows the situation, and is silent all the same. */
const inWorld = (alert: string, situation: Situation): boolean =>
  WORLDS.filter(({ shows, fires }) => shows.includes(situation) && fires[alert] === undefined).some((world) => {
    const names = shown(world);
    return reads(alert, world.given).every((name) => names.has(name));
  });

const inCase = (alert: string, situation: Situation): boolean =>
  CASES.filter((item) => item.alert === alert).every((item) => item.silent.some(({ as }) => as === situation));

const isCovered = (alert: string, situation: Situation): boolean =>
  inWorld(alert, situation) || inCase(alert, situation);

describe('every alert', () => {
  it.each(SITUATIONS)('is tried when %s, or has a reason not to be', (situation) => {
    const missing = alerts.filter((alert) => !isCovered(alert, situation) && REASONS[alert]?.[situation] === undefined);
    expect(missing).toEqual([]);
  });

  it('needs the reasons that are given', () => {
    const idle = Object.entries(REASONS).flatMap(([alert, reasons]) =>
      (Object.keys(reasons) as Situation[])
        .filter((situation) => !alerts.includes(alert) || isCovered(alert, situation))
        .map((situation) => `${alert}: ${situation}`),
    );
    expect(idle).toEqual([]);
  });

  it('has worlds and cases for every situation', () => {
    const told = new Set(WORLDS.flatMap(({ shows }) => shows));
    expect(SITUATIONS.filter((situation) => !told.has(situation))).toEqual([]);
  });
});
