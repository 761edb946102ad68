/** What PromQL expressions read, found in their text. */
import { CATALOG, PROCESS } from '../../src/metrics/catalog.ts';

/** Labels that Prometheus adds to every series of a target. */
const TARGET_LABELS = ['job', 'instance'];
const HISTOGRAM_PARTS = ['_bucket', '_sum', '_count'];

/** Labels of every series that the exporter may show, by name; histograms by the names of their parts. */
export function labelsByMetric(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>([['up', TARGET_LABELS]]);
  for (const name of Object.values(PROCESS)) found.set(name, TARGET_LABELS);
  for (const metric of CATALOG) {
    const own = metric.scope === 'project' ? ['project_id', 'project'] : [];
    const labels = [...TARGET_LABELS, ...own, ...metric.labels];
    if (metric.type !== 'histogram') found.set(metric.name, labels);
    else for (const part of HISTOGRAM_PARTS) found.set(metric.name + part, [...labels, 'le']);
  }
  return found;
}

/** Names of metrics in an expression, recorded ones left out. */
export function metricsIn(expr: string): readonly string[] {
  const plain = expr.replace(/"[^"]*"/g, '""').replace(/[a-z_]+:[a-z0-9_]+:[a-z0-9_]+/g, '0');
  return plain.match(/\bup\b|\b(?:llamacloud|process|nodejs)_[a-z0-9_]+/g) ?? [];
}

/** Label matchers that a metric cannot satisfy, as `metric{label}`. */
export function unknownLabels(expr: string): readonly string[] {
  const labels = labelsByMetric();
  return [...expr.matchAll(/\b([a-z][a-z0-9_]*)\{([^}]*)\}/g)].flatMap(([, metric = '', matchers = '']) => {
    const names = [...matchers.matchAll(/([a-z_]+)\s*(?:=~|!~|!=|=)/g)].map((match) => match[1] ?? '');
    const known = labels.get(metric);
    return known === undefined ? [] : names.filter((name) => !known.includes(name)).map((name) => `${metric}{${name}}`);
  });
}
