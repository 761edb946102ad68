/** Dashboards use only metrics of the catalogue, show every one of them, and list every query they make. */
import { describe, expect, test } from 'vitest';
import { allQueries } from '../../grafana/src/inventory.ts';
import { CATALOG, PROCESS } from '../../src/metrics/catalog.ts';
import { models, targets, variableQuery } from './model.ts';

/** Metrics of the catalogue that no dashboard shows, each with the reason. */
const NOT_SHOWN: Readonly<Record<string, string>> = {};

const OWN_NAME = /\b(?:llamacloud|process|nodejs)_[a-z0-9_]+/g;

/** The names under which a scrape shows a metric: a histogram has three. */
function exposed(name: string, type: string): string[] {
  return type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name];
}

/** Name on a scrape to name in the catalogue. */
const known = new Map<string, string>([
  ...CATALOG.flatMap(({ name, type }) => exposed(name, type).map((shown) => [shown, name] as const)),
  ...Object.values(PROCESS).flatMap((name) =>
    exposed(name, name === PROCESS.gcDuration ? 'histogram' : 'gauge').map((shown) => [shown, name] as const),
  ),
]);

function expressions(): string[] {
  return models.flatMap((model) => [
    ...targets(model).map(({ target }) => target.expr),
    ...model.annotations.list.map((annotation) => annotation.expr),
    ...model.templating.list.map(variableQuery),
  ]);
}

describe('catalogue', () => {
  test('dashboards ask only for known metrics', () => {
    const asked = expressions().flatMap((expr) => [...expr.matchAll(OWN_NAME)].map(([name]) => name));
    expect(asked.length).toBeGreaterThan(100);
    expect([...new Set(asked)].filter((name) => !known.has(name))).toEqual([]);
  });

  test('every metric is shown somewhere', () => {
    const asked = expressions().flatMap((expr) => [...expr.matchAll(OWN_NAME)].map(([name]) => known.get(name)));
    const missing = [...new Set(known.values())].filter((name) => !asked.includes(name));
    expect(new Set(missing)).toEqual(new Set(Object.keys(NOT_SHOWN)));
  });
});

test('the inventory holds every query', () => {
  const listed = allQueries().map((query) => query.expr);
  const selectors = expressions()
    .map(
      (expr) =>
        /^(?:label_values\((?=.+, \w+\)$)|query_result\()(.+?)(?:, (?:job|instance|account))?\)$/.exec(expr)?.[1] ??
        expr,
    )
    .filter((expr) => /[a-z]_[a-z]|ALERTS|up\{/.test(expr));
  expect(selectors.filter((expr) => !listed.includes(expr))).toEqual([]);
  expect(new Set(allQueries().map((query) => `${query.dashboard}/${query.panel}/${query.refId}`)).size).toBe(
    listed.length,
  );
});
