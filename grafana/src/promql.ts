/** Builders of PromQL: strings in, strings out. Names come from the catalogue, windows from Grafana's variables. */
import { type Metric, SESSIONS } from '../../src/metrics/catalog.ts';

/** Matchers that every selector carries: which exporter. */
const TARGET = 'job=~"$job", instance=~"$instance"';

/** Matchers of series with project labels: which exporter and which project. */
const PROJECT = `${TARGET}, project_id=~"$project"`;

/** What identifies a project even when it is renamed. */
const IDENTITY = 'job, instance, project_id';

/** The window of rates: four polls at least, wider when a pixel spans more. */
const RATE_WINDOW = '[$__rate_interval]';

type Name = Metric | string;

const nameOf = (metric: Name): string => (typeof metric === 'string' ? metric : metric.name);

/** The metric of the chosen projects; `matchers` are added as they stand, such as `state="error"`. */
export function ofProjects(metric: Name, ...matchers: string[]): string {
  return `${nameOf(metric)}{${[PROJECT, ...matchers].join(', ')}}`;
}

/** The metric of the chosen exporters, of all their projects. */
export function ofExporter(metric: Name, ...matchers: string[]): string {
  return `${nameOf(metric)}{${[TARGET, ...matchers].join(', ')}}`;
}

/** Per second, over at least four polls. */
export function rate(selector: string): string {
  return `rate(${selector}${RATE_WINDOW})`;
}

/** How much a counter grew within the dashboard's time range. */
export function growth(selector: string): string {
  return `increase(${selector}[$__range])`;
}

/** How much a counter grew within each window; for heatmaps, whose cells are counts. */
export function growthPerWindow(selector: string): string {
  return `increase(${selector}${RATE_WINDOW})`;
}

export function sum(expr: string, ...labels: string[]): string {
  return aggregate('sum', expr, labels);
}

export function max(expr: string, ...labels: string[]): string {
  return aggregate('max', expr, labels);
}

export function aggregate(operator: string, expr: string, labels: readonly string[]): string {
  return labels.length === 0 ? `${operator}(${expr})` : `${operator} by (${labels.join(', ')}) (${expr})`;
}

/** A share; nothing at all where the whole is zero, rather than NaN. */
export function ratio(part: string, whole: string): string {
  return `${part} / (${whole} > 0)`;
}

/**
 * The sum of series of projects, each project once: members of one state show the same projects, and more than one of them may be scraped.
 * Their counters differ by a moment at most, and the newest is the largest.
 */
export function total(expr: string, ...labels: string[]): string {
  return sum(once(expr), ...labels);
}

/** Each series of projects once, however many targets show it. */
export function once(expr: string): string {
  return `max without (instance, pod) (${expr})`;
}

/** The quantile `q` of a histogram over all chosen projects, from what was observed per window. */
export function quantile(q: number, metric: Metric, ...labels: string[]): string {
  return `histogram_quantile(${q}, ${total(rate(ofProjects(`${metric.name}_bucket`)), 'le', ...labels)})`;
}

/** The quantile `q` of a histogram over the whole time range. */
export function quantileOverRange(q: number, metric: Metric, ...labels: string[]): string {
  return `histogram_quantile(${q}, ${total(growth(ofProjects(`${metric.name}_bucket`)), 'le', ...labels)})`;
}

/** The mean of what a histogram observed per window. */
export function mean(metric: Metric): string {
  return ratio(total(rate(ofProjects(`${metric.name}_sum`))), total(rate(ofProjects(`${metric.name}_count`))));
}

/**
 * An instant or range vector of a week ago, summed per project and with the name that the project has now, so that a renamed project
 * keeps its past (the rule at the end of docs/metrics.md).
 *
 * @param perWindow what becomes of the shifted selector, such as `rate` over a window
 */
export function weekAgo(metric: Name, perWindow: 'rate' | 'growth', ...labels: string[]): string {
  const selector = ofExporter(metric);
  const past =
    perWindow === 'rate' ? `rate(${selector}${RATE_WINDOW} offset 1w)` : `increase(${selector}[$__range] offset 1w)`;
  return `${aggregate('sum', past, ['job', 'instance', 'project_id', ...labels])} ${named()}`;
}

/** The mean of what a histogram observed per window, a week ago. */
export function weekAgoMean(metric: Metric): string {
  return ratio(total(weekAgo(`${metric.name}_sum`, 'rate')), total(weekAgo(`${metric.name}_count`, 'rate')));
}

/**
 * One series for each project of a vector of `llamacloud_project_info`, with its account and team. The label `project` is its name;
 * where several projects have that name, name, account and id, so that they can be told apart.
 */
export function names(info: string): string {
  const known = aggregate('group', info, ['account', 'team', 'project', 'project_id']);
  const alike = `count by (project) (${known})`;
  const inFull = `label_join(${known} and on (project) ${alike} > 1, "project", " / ", "project", "account", "project_id")`;
  return `(${known} and on (project) ${alike} == 1) or ${inFull}`;
}

/** Takes the names by which projects are told apart to a vector that is aggregated by `project_id`. */
export function withNames(expr: string): string {
  return `(${expr}) * on (project_id) group_left (project) (${names(ofProjects(SESSIONS.projectInfo))})`;
}

/** Takes the present name of a project to a vector that is aggregated by its identity. */
function named(): string {
  return `* on (${IDENTITY}) group_left (project) ${ofProjects(SESSIONS.projectInfo)}`;
}

/** Seconds since the time that a gauge holds. */
export function age(selector: string): string {
  return `time() - ${selector}`;
}

/**
 * Of `shown`, the `n` projects with the smallest `judged`. Judged once, at the end of the time range, so that the choice stays the
 * same from left to right: `judged` must take its selectors by `atEnd`.
 */
export function lowestProjects(n: number, shown: string, judged: string): string {
  return `${shown} and on (project_id) bottomk(${n}, min by (project_id) (${judged}))`;
}

/** A selector as it stands at the end of the time range, at every instant. */
export function atEnd(selector: string): string {
  return `${selector} @ end()`;
}

/** The `n` largest at every instant. */
export function top(n: number, expr: string): string {
  return `topk(${n}, ${expr})`;
}
