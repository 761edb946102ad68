/** Runs `promtool test rules` on cases: writes its input into a folder of its own, and gives back what it printed. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { type AlertCase, firesAt, type SilentCase, type World } from './case.ts';
import { healthyWorld, type Series } from './series.ts';
import type { ShippedGroup } from './shipped.ts';

/** A test group of promtool; its fields are described in Prometheus' documentation, "Unit testing for rules". */
export type TestGroup = Readonly<Record<string, unknown>>;

const YAML_OPTIONS = { aliasDuplicateObjects: false, lineWidth: 0 };

function group(name: string, step: number, minutes: number, series: Series, checks: TestGroup): TestGroup {
  const world = { ...healthyWorld(step, minutes / step + 1), ...series };
  const input = Object.entries(world).filter((entry): entry is [string, string] => entry[1] !== null);
  return {
    name,
    interval: `${step}m`,
    input_series: input.map(([key, values]) => ({ series: key, values })),
    ...checks,
  };
}

/** The dashboard with what the alert is about chosen. */
function dashboard({ project_id: project, instance }: AlertCase['labels']): string {
  if (project !== undefined) return `/d/llamacloud-project?var-project=${encodeURIComponent(project)}`;
  return instance === undefined
    ? '/d/llamacloud-exporter'
    : `/d/llamacloud-exporter?var-instance=${encodeURIComponent(instance)}`;
}

const pending = (alert: string): string => `count(ALERTS{alertname="${alert}", alertstate="pending"})`;
const nobody: readonly { labels: string; value: number }[] = [];

/** An alert of the case as promtool expects it, with other values of some labels. */
function expected(item: AlertCase, runbookUrl: string, others: Readonly<Record<string, string>>): TestGroup {
  const labels: Readonly<Record<string, string>> = { ...item.labels, ...others };
  const worded = (text: string): string =>
    Object.entries(others).reduce((words, [key, value]) => words.replaceAll(item.labels[key] ?? key, value), text);
  return {
    exp_labels: { ...labels, severity: item.severity },
    exp_annotations: {
      summary: worded(item.summary),
      description: worded(item.description),
      runbook_url: runbookUrl,
      dashboard: dashboard(labels),
    },
  };
}

/** Not active before `since`, pending until just before its `for`, firing with exactly these words at its `for`. */
export function firingGroup(item: AlertCase, runbookUrl: string): TestGroup {
  const at = firesAt(item);
  const all = [{}, ...(item.also ?? [])].map((others) => expected(item, runbookUrl, others));
  const one = [{ labels: '{}', value: all.length }];
  const states = [
    { expr: pending(item.alert), eval_time: `${item.since}m`, exp_samples: one },
    { expr: pending(item.alert), eval_time: `${at - item.step}m`, exp_samples: one },
  ];
  if (item.since > 0) {
    states.unshift({ expr: pending(item.alert), eval_time: `${item.since - item.step}m`, exp_samples: [] });
  }
  return group(`${item.alert} fires`, item.step, at, item.series, {
    promql_expr_test: states,
    alert_rule_test: [
      { eval_time: `${at - item.step}m`, alertname: item.alert, exp_alerts: [] },
      { eval_time: `${at}m`, alertname: item.alert, exp_alerts: all },
    ],
  });
}

/** Never firing, from the start until an hour after the moment at which the alert of the case fires. */
export function silentGroup(item: AlertCase, silent: SilentCase): TestGroup {
  const end = firesAt(item) + 60;
  const fired = `ALERTS{alertname="${item.alert}", alertstate="firing"}`;
  // promtool prints the expression of a failed check, and so the name.
  const ever = `count(count_over_time(${fired}[${end}m])) # ${silent.name}`;
  return group(`${item.alert} stays silent: ${silent.name}`, item.step, end, silent.series, {
    promql_expr_test: [{ expr: ever, eval_time: `${end}m`, exp_samples: nobody }],
  });
}

/** Exactly these alerts fire at any time of a world: each counts the label sets with which it ever did. */
export function worldGroup(world: World): TestGroup {
  const ever = `count by (alertname) (count_over_time(ALERTS{alertstate="firing"}[${world.minutes + 1}m]))`;
  const samples = Object.entries(world.fires).map(([name, value]) => ({ labels: `{alertname="${name}"}`, value }));
  return group(world.name, 1, world.minutes, world.series, {
    promql_expr_test: [{ expr: ever, eval_time: `${world.minutes}m`, exp_samples: samples }],
  });
}

/** Runs groups of one step over rules: what promtool says of those that failed, and nothing if it ends with exit code 0. */
export async function failures(
  promtool: string,
  rules: readonly ShippedGroup[],
  tests: readonly TestGroup[],
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'llamacloud-rules-'));
  const input = {
    rule_files: ['rules.yml'],
    evaluation_interval: tests[0]?.['interval'],
    group_eval_order: rules.map((each) => each.name),
    tests,
  };
  try {
    await writeFile(join(folder, 'rules.yml'), stringify({ groups: rules }, YAML_OPTIONS));
    await writeFile(join(folder, 'test.yml'), stringify(input, YAML_OPTIONS));
    await promisify(execFile)(promtool, ['test', 'rules', join(folder, 'test.yml')], {
      maxBuffer: 1 << 26,
    });
    return '';
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    return `${stdout ?? ''}${stderr ?? ''}` || String(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
