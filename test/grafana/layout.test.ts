/** Rules that every dashboard keeps: unique ids and titles, units, descriptions, full rows, and links. */
import { describe, expect, test } from 'vitest';
import { models, type Panel, shown, targets, unfolded } from './model.ts';

function overlap(a: Panel['gridPos'], b: Panel['gridPos']): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

describe.each(models)('$title', (model) => {
  test('ids of panels are unique', () => {
    const ids = unfolded(model).map((panel) => panel.id);
    expect(ids.every((id) => Number.isInteger(id) && id > 0)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('queries of a panel differ in refId', () => {
    for (const panel of shown(model)) {
      const refIds = (panel.targets ?? []).map((target) => target.refId);
      expect(refIds.every((refId) => /^[A-Z]$/.test(refId))).toBe(true);
      expect(new Set(refIds).size, panel.title).toBe(refIds.length);
    }
  });

  test('titles of panels are unique', () => {
    const titles = shown(model).map((panel) => panel.title);
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  });

  test('every panel says what it shows', () => {
    for (const panel of shown(model)) {
      expect(panel.title.length, `${panel.id}`).toBeGreaterThan(2);
      expect(panel.description?.length ?? 0, panel.title).toBeGreaterThan(20);
    }
  });

  test('every panel has unit and empty text', () => {
    for (const panel of shown(model)) {
      expect(panel.fieldConfig?.defaults.unit, panel.title).toBeTruthy();
      expect(panel.fieldConfig?.defaults.noValue, panel.title).toBeTruthy();
    }
  });

  test('panels neither overlap nor overhang', () => {
    const panels = unfolded(model);
    for (const [index, panel] of panels.entries()) {
      expect(panel.gridPos.x + panel.gridPos.w, panel.title).toBeLessThanOrEqual(24);
      const others = panels.slice(index + 1).filter((other) => overlap(panel.gridPos, other.gridPos));
      expect(others.map((other) => `${panel.title} over ${other.title}`)).toEqual([]);
    }
  });

  test('rows are full and never empty', () => {
    const types = unfolded(model).map((panel) => panel.type);
    expect(types[0]).toBe('row');
    expect(types.at(-1)).not.toBe('row');
    expect(types.some((type, index) => type === 'row' && types[index + 1] === 'row')).toBe(false);
    const widths = new Map<number, number>();
    for (const { gridPos } of unfolded(model)) widths.set(gridPos.y, (widths.get(gridPos.y) ?? 0) + gridPos.w);
    expect([...widths.values()].filter((width) => width !== 24)).toEqual([]);
  });

  test('only the last row may be folded', () => {
    const open = model.panels.findIndex((panel) => panel.collapsed === true);
    expect([-1, model.panels.length - 1]).toContain(open);
    expect(open >= 0).toBe(model.uid === 'llamacloud-exporter');
  });

  test('stat titles fit at 1440 pixels', () => {
    // A column is 59 pixels wide at 1440; a title loses 44 to borders and the info corner, a character needs 7.5.
    for (const panel of shown(model)) {
      expect(panel.title.length * 7.5 + 44, panel.title).toBeLessThan(panel.gridPos.w * 59);
    }
  });

  test('min step is the polling interval', () => {
    const step = model.templating.list.find((variable) => variable.name === 'min_step');
    expect(step).toMatchObject({ current: { value: '1m' } });
    for (const { name, target } of targets(model)) expect(target.interval, name).toBe('$min_step');
  });

  test('links lead to all three', () => {
    expect(model.links).toMatchObject([
      { type: 'dashboards', tags: ['llamacloud'], keepTime: true, includeVars: true },
    ]);
    expect(model.tags).toContain('llamacloud');
  });

  test('restarts and alerts are annotated', () => {
    expect(model.annotations.list.map((annotation) => annotation.name)).toEqual(['Restarts', 'Alerts']);
  });

  test('Grafana 9.4 can read the schema', () => {
    expect(model.schemaVersion).toBe(37);
  });
});

test('the table of projects keeps the time range', () => {
  const table = models.flatMap(shown).find((panel) => panel.type === 'table' && panel.title === 'Projects');
  const properties = (table?.fieldConfig?.overrides ?? []).flatMap((override) => override.properties);
  const links = properties.filter((property) => property.id === 'links').flatMap((property) => property.value);
  const urls = links.map((link) => (link as { url: string }).url);
  expect(urls).toHaveLength(2);
  expect(urls[0]).toContain('/d/llamacloud-project/');
  expect(urls[0]).toContain('${__url_time_range}');
  expect(urls[0]).toContain('var-project=${__data.fields.project_id:percentencode}');
  expect(urls[1]).toBe('${exporter}/projects/${__data.fields.project_id:percentencode}');
});

test('exemplars are on where runs are few', () => {
  const project = models.find((model) => model.uid === 'llamacloud-project');
  const panels = project ? shown(project).filter((panel) => JSON.stringify(panel).includes('"exemplar":true')) : [];
  expect(panels.map((panel) => panel.title)).toEqual([
    'Failed runs by class',
    'Durations of runs',
    'Quantiles of durations',
    'Input tokens per run',
    'Output tokens per run',
  ]);
});
