/** What a person can choose at the top of the dashboards. */
import { describe, expect, test } from 'vitest';
import { models, shown, targets, type Variable } from './model.ts';

const variable = (name: string): Variable => {
  const found = models[0]?.templating.list.find((item) => item.name === name);
  if (found === undefined) throw new Error(`no variable ${name}`);
  return found;
};

/** A series as Grafana's `query_result` writes it: labels in alphabetical order, nothing escaped. */
const written = (labels: Readonly<Record<string, string>>): string =>
  `{${Object.entries(labels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}="${value}"`)
    .join(',')}} 1 1767225600000`;

const option = (labels: Readonly<Record<string, string>>) => {
  const [, source = ''] = /^\/(.*)\/$/s.exec(variable('project').regex ?? '') ?? [];
  return { ...new RegExp(source).exec(written(labels))?.groups };
};

describe.each(models)('$title', (model) => {
  test('has all variables in the order in which they depend on each other', () => {
    expect(model.templating.list.map(({ name }) => name)).toEqual(
      'datasource job instance account project slowest min_step exporter'.split(' '),
    );
  });

  test('chooses projects by id', () => {
    for (const { name, target } of targets(model)) expect(target.expr, name).not.toMatch(/\bproject=~/);
  });
});

describe('the option of a project', () => {
  const series = { account: 'default', project_id: 'id-1' };

  test.each([
    'Support',
    'a "quoted", name',
    'two\nlines',
    '"} 1 ',
    'x",project_id="id-2',
    'x",project_id="id-2",team="y"} 1 5',
    'مرحبا',
  ])('%j is shown by name and chosen by id', (project) => {
    expect(option({ ...series, project })).toEqual({ text: project, value: 'id-1' });
    expect(option({ ...series, project, team: 'billing' })).toEqual({ text: project, value: 'id-1' });
  });

  test('all means those that are listed', () => {
    expect(variable('project')).toMatchObject({ multi: true, includeAll: true });
    expect(variable('project').allValue).toBeUndefined();
  });
});

test('the address of the exporter is a text', () => {
  expect(variable('exporter')).toMatchObject({ type: 'textbox', query: 'http://localhost:10940' });
});

test('the heatmap shows the slowest sessions only', () => {
  const heatmaps = models.flatMap(shown).filter((panel) => panel.type === 'heatmap');
  for (const { targets: asked = [] } of heatmaps) {
    const withSessions = asked.filter((target) => JSON.stringify(target).includes('"exemplar":true'));
    expect(withSessions.map((target) => target.expr)).toEqual([expect.stringContaining('le=~"$slowest"')]);
  }
  expect(heatmaps).toHaveLength(1);
});
