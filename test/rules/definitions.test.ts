/**
 * The shipped rules follow our conventions, and each alert has cases, a row in docs/alerting.md and a section in the
 * runbook.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RUNBOOK_URL } from '../../prometheus/src/links.ts';
import { generatePrometheusRule, generateRules } from '../../prometheus/src/main.ts';
import { CASES } from './cases/index.ts';
import { labelsByMetric, metricsIn, unknownLabels } from './expressions.ts';
import { alertsOf, readGroups, recordedNames, recordsOf } from './shipped.ts';

const ROOT = join(import.meta.dirname, '../..');
const groups = await readGroups();
const alerts = alertsOf(groups);
const records = recordsOf(groups);
const rules = [...alerts, ...records];
const minutes = (duration: string): number =>
  Number.parseInt(duration, 10) * ({ m: 1, h: 60, d: 1440, w: 10_080 }[duration.slice(-1)] ?? Number.NaN);

describe('shipped rules', () => {
  it('are what the generator writes', async () => {
    for (const [name, text] of generateRules()) {
      expect(await readFile(join(ROOT, 'prometheus/rules', name), 'utf8')).toBe(text);
    }
    const operator = await readFile(join(ROOT, 'deploy/kubernetes/prometheus-rule.yaml'), 'utf8');
    expect(operator).toBe(generatePrometheusRule());
  });

  it('have well-formed and unique names', () => {
    for (const { alert } of alerts) expect(alert).toMatch(/^LlamaCloud([A-Z][a-z0-9]+)+$/);
    for (const { record } of records)
      expect(record).toMatch(/^(project|account|instance|class):llamacloud_[a-z0-9_]+:[a-z0-9_]+$/);
    const names = rules.map((rule) => ('alert' in rule ? rule.alert : rule.record));
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(groups.map((group) => group.name)).size).toBe(groups.length);
  });

  it('read metrics that the catalogue has', () => {
    const known = new Set(labelsByMetric().keys());
    const unknown = rules.flatMap((rule) => metricsIn(rule.expr).filter((metric) => !known.has(metric)));
    expect(unknown).toEqual([]);
  });

  it('select by labels that the metrics have', () => {
    expect(rules.flatMap((rule) => unknownLabels(rule.expr))).toEqual([]);
  });

  it('read recorded series that are recorded', () => {
    const known = new Set(records.map((rule) => rule.record));
    for (const rule of rules) for (const name of recordedNames(rule.expr)) expect(known).toContain(name);
  });

  it('record nothing that is not read', () => {
    const read = new Set(rules.flatMap((rule) => recordedNames(rule.expr)));
    expect(records.map((rule) => rule.record).filter((name) => !read.has(name))).toEqual([]);
  });

  it('look at windows of 5 minutes or more', () => {
    const windows = rules.flatMap((rule) => rule.expr.match(/(?<=\[)\d+[smhdw](?=\])/g) ?? []);
    expect(windows.length).toBeGreaterThan(30);
    expect(windows.filter((window) => !(minutes(window) >= 5))).toEqual([]);
  });
});

describe('shipped alerts', () => {
  it('have cases with the same name, duration and severity', () => {
    const shipped = alerts.map((rule) => [rule.alert, minutes(rule.for), rule.labels.severity].join(' '));
    const tested = CASES.map((item) => [item.alert, item.for, item.severity].join(' '));
    expect([...new Set(tested)].sort()).toEqual(shipped.sort());
  });

  it('have a case in which they stay silent', () => {
    expect(CASES.filter((item) => item.silent.length === 0).map((item) => item.alert)).toEqual([]);
  });

  it('have a severity, a summary, a description and two links', () => {
    for (const rule of alerts) {
      expect(Object.keys(rule.labels)).toEqual(['severity']);
      expect(['critical', 'warning', 'info']).toContain(rule.labels.severity);
      expect(Object.keys(rule.annotations)).toEqual(['summary', 'description', 'runbook_url', 'dashboard']);
      expect(rule.annotations.summary.length).toBeLessThan(130);
      expect(rule.annotations.summary).not.toMatch(/\.$/);
      expect(rule.annotations.description).toMatch(/\.$/);
    }
  });

  it('lead to their section of the runbook', async () => {
    const text = await readFile(join(ROOT, 'docs/runbook.md'), 'utf8');
    const headings = [...text.matchAll(/^### (.+)$/gm)].map((match) => match[1] ?? '');
    expect(headings.filter((heading) => heading.startsWith('LlamaCloud')).sort()).toEqual(
      alerts.map((rule) => rule.alert).sort(),
    );
    for (const rule of alerts) expect(rule.annotations.runbook_url).toBe(`${RUNBOOK_URL}#${rule.alert.toLowerCase()}`);
  });

  it('are in the table of docs/alerting.md', async () => {
    const text = await readFile(join(ROOT, 'docs/alerting.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `(LlamaCloud\w+)` \| (\w+) \|.*\| (\w+) \|$/gm)].map((row) =>
      row.slice(1).join(' '),
    );
    expect(rows).toEqual(alerts.map((rule) => [rule.alert, rule.labels.severity, rule.for].join(' ')));
  });

  it('have what it means, how to tell, what to do and what not', async () => {
    const text = await readFile(join(ROOT, 'docs/runbook.md'), 'utf8');
    const parts = ['**Meaning.**', '**How to tell.**', '**What to do.**', '**What not to do.**'];
    const sections = text.split(/^### /m).filter((section) => section.startsWith('LlamaCloud'));
    const incomplete = sections.filter((section) => !parts.every((part) => section.includes(part)));
    expect(incomplete.map((section) => section.split('\n')[0])).toEqual([]);
  });
});
