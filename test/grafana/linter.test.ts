/**
 * The 17 rules of grafana/dashboard-linter (docs/index.md there), on the committed files. Rules about PromQL look at the syntax tree
 * of a real Prometheus, as the linter looks at that of its parser; both Loki rules hold as long as no dashboard asks Loki.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTool } from '../support/tools.ts';
import { type Model, models, type Panel, shown, targets, variableQuery } from './model.ts';
import { type Node, Prometheus } from './prometheus.ts';

const program = findTool('prometheus');
const promtool = findTool('promtool');
const prometheus = new Prometheus();

/** What Grafana puts in for its variables outside of strings; an odd number that no expression has by itself. */
const RATE_WINDOW = 8_869_990;
const expand = (expr: string) => expr.replaceAll('$__rate_interval', `${RATE_WINDOW}ms`).replaceAll('$__range', '6h');

/** What a rule finds wrong; nothing if it holds. */
type Rule = (model: Model) => string[] | Promise<string[]>;

const variable = (model: Model, name: string) => model.templating.list.find((item) => item.name === name);
const when = (isWrong: boolean, text: string): string[] => (isWrong ? [text] : []);

function targetVariable(name: string, label: string): Rule {
  return (model) => {
    const found = variable(model, name);
    return [
      ...when(found?.type !== 'query', `${name} is no query`),
      ...when(found?.datasource?.uid !== '${datasource}', `${name} asks a fixed data source`),
      ...when(found?.label !== label, `${name} has the label ${found?.label}`),
      ...when(found?.multi !== true, `${name} takes one value only`),
      ...when(found?.allValue !== '.+', `${name} means by all ${found?.allValue}`),
    ];
  };
}

/** Applies a check to every node of every query. */
function everyNode(check: (node: Node, parents: readonly Node[]) => boolean, text: string): Rule {
  return async (model) => {
    const wrong: string[] = [];
    for (const { name, target } of targets(model)) {
      for (const { node, parents } of await prometheus.parse(expand(target.expr))) {
        if (!check(node, parents)) wrong.push(`${name}: ${text}`);
      }
    }
    return wrong;
  };
}

const isSelector = (node: Node) => node.type === 'vectorSelector' || node.type === 'matrixSelector';

function matcher(label: string): Rule {
  const value = `$${label}`;
  return everyNode(
    (node) =>
      !isSelector(node) ||
      (node.matchers ?? []).some((one) => one.name === label && one.type === '=~' && one.value === value),
    `a selector without ${label}=~"${value}"`,
  );
}

const LINTED = new Set(['stat', 'gauge', 'table', 'timeseries', 'singlestat', 'graph']);
const linted = (model: Model): Panel[] => shown(model).filter((panel) => LINTED.has(panel.type));

/** Units of Grafana that the dashboards use, out of those that the linter takes as valid. */
const UNITS = new Set([
  'short',
  'none',
  'locale',
  'percentunit',
  's',
  'bytes',
  'binBps',
  'currencyUSD',
  'reqps',
  'dateTimeFromNow',
]);

const rules: Readonly<Record<string, Rule>> = {
  'template-datasource-rule': (model) => {
    const found = model.templating.list.filter((item) => item.type === 'datasource');
    const [first] = found;
    return when(
      found.length !== 1 ||
        first?.name !== 'datasource' ||
        first.label !== 'Data source' ||
        first.query !== 'prometheus',
      'not one variable datasource with the label Data source',
    );
  },
  'template-job-rule': targetVariable('job', 'Job'),
  'template-instance-rule': targetVariable('instance', 'Instance'),
  'template-label-promql-rule': async (model) => {
    const queries = model.templating.list.filter((item) => item.type === 'query').map(variableQuery);
    const asked = queries.map((query) =>
      /^(?:label_values\((.+), \w+\)|query_result\((.+)\))$/.exec(query)?.slice(1).find(Boolean),
    );
    for (const expr of asked) await prometheus.parse(expand(expr ?? ''));
    return asked.flatMap((expr, index) =>
      when(expr === undefined, `neither label_values nor query_result: ${queries[index]}`),
    );
  },
  'template-on-time-change-reload-rule': (model) =>
    model.templating.list
      .filter((item) => item.type === 'query' && item.refresh !== 2)
      .map((item) => `${item.name} is not asked anew when the time range changes`),
  'panel-datasource-rule': (model) =>
    shown(model)
      .filter((panel) => panel.datasource?.uid !== '${datasource}')
      .map((panel) => `${panel.title} has a fixed data source`),
  'panel-title-description-rule': (model) =>
    shown(model)
      .filter((panel) => !panel.title || !panel.description)
      .map((panel) => `${panel.title} lacks a title or a description`),
  'panel-units-rule': (model) =>
    linted(model)
      .filter((panel) => !UNITS.has(panel.fieldConfig?.defaults.unit ?? ''))
      .map((panel) => `${panel.title} has the unit ${panel.fieldConfig?.defaults.unit}`),
  'panel-no-targets-rule': (model) =>
    shown(model)
      .filter((panel) => (panel.targets ?? []).length === 0)
      .map((panel) => `${panel.title} asks nothing`),
  'target-logql-rule': noLoki,
  'target-logql-auto-rule': noLoki,
  'target-promql-rule': everyNode((node) => node.type !== '', 'no PromQL'),
  'target-rate-interval-rule': everyNode((node, parents) => {
    if (node.type !== 'matrixSelector' || node.range === RATE_WINDOW) return true;
    const call = parents.at(-1)?.func?.name;
    return call !== undefined && call !== 'rate' && call !== 'irate';
  }, 'a rate over another window than $__rate_interval'),
  'target-job-rule': matcher('job'),
  'target-instance-rule': matcher('instance'),
  'target-counter-agg-rule': everyNode((node, parents) => {
    if (!isSelector(node) || !node.name?.endsWith('_total')) return true;
    return node.type === 'matrixSelector' && ['rate', 'irate', 'increase'].includes(parents.at(-1)?.func?.name ?? '');
  }, 'a counter without rate or increase'),
  'uneditable-dashboard': (model) => when(model.editable, 'can be edited'),
};

function noLoki(model: Model): string[] {
  return targets(model)
    .filter(({ target }) => target.datasource.type !== 'prometheus')
    .map(({ name }) => `${name} does not ask Prometheus`);
}

/** For each rule, what to replace in a dashboard so that it no longer holds. */
const BREAKS: Readonly<Record<keyof typeof rules, readonly [found: string, replacement: string]>> = {
  'template-datasource-rule': ['"label":"Data source"', '"label":"Source"'],
  'template-job-rule': ['"label":"Job"', '"label":"Scrape job"'],
  'template-instance-rule': ['"label":"Instance"', '"label":"Target"'],
  'template-label-promql-rule': ['query_result(', 'results('],
  'template-on-time-change-reload-rule': ['"refresh":2', '"refresh":1'],
  'panel-datasource-rule': ['"uid":"${datasource}"', '"uid":"prometheus"'],
  'panel-title-description-rule': ['"description":', '"text":'],
  'panel-units-rule': ['"unit":"percentunit"', '"unit":"suffix: %"'],
  'panel-no-targets-rule': ['"targets":', '"queries":'],
  'target-logql-rule': ['"type":"prometheus"', '"type":"loki"'],
  'target-logql-auto-rule': ['"type":"prometheus"', '"type":"loki"'],
  'target-promql-rule': ['sum(', 'sum of('],
  'target-rate-interval-rule': ['[$__rate_interval]', '[5m]'],
  'target-job-rule': ['job=~\\"$job\\"', 'job=\\"$job\\"'],
  'target-instance-rule': [', instance=~\\"$instance\\"', ''],
  'target-counter-agg-rule': ['increase(', 'max_over_time('],
  'uneditable-dashboard': ['"editable":false', '"editable":true'],
};

it('all 17 rules of the linter are here', () => {
  expect(Object.keys(rules)).toHaveLength(17);
});

describe.runIf(program && promtool)('dashboard-linter', () => {
  beforeAll(() => prometheus.start(program ?? '', promtool ?? ''));
  afterAll(() => prometheus.stop());

  describe.each(Object.entries(rules))('%s', (name, rule) => {
    it.each(models)('holds for $title', async (model) => {
      expect(await rule(model)).toEqual([]);
    });

    it('finds what breaks it', async () => {
      const [found, replacement] = BREAKS[name] ?? ['', ''];
      const text = JSON.stringify(models.find((model) => model.uid === 'llamacloud-overview'));
      expect(text).toContain(found);
      const broken = JSON.parse(text.replaceAll(found, replacement)) as Model;
      const problems = await Promise.resolve(rule(broken)).catch((error: unknown) => [String(error)]);
      expect(problems).not.toEqual([]);
    });
  });
});
