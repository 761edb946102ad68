/** Panels that the overview and the project dashboard have in common. */
import type { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat';
import type { PanelBuilder as TimeseriesPanel } from '@grafana/grafana-foundation-sdk/timeseries';
import { type Metric, POLLING, SESSIONS } from '../../src/metrics/catalog.ts';
import { byThresholds, limits, lines, stacked, stat } from './common.ts';
import { LIMITS } from './limits.ts';
import { color, limitedBy, rightAxis } from './overrides.ts';
import { COLOR } from './palette.ts';
import { age, max, ofProjects, once, quantile, total } from './promql.ts';
import { now, series, seriesWithExemplars } from './queries.ts';

/** p50, p95 and p99 of a histogram over time. */
export function quantiles(title: string, description: string, unit: string, metric: Metric): TimeseriesPanel {
  return lines(title, description, unit)
    .withTarget(series(quantile(0.5, metric), 'p50'))
    .withTarget(series(quantile(0.95, metric), 'p95'))
    .withTarget(series(quantile(0.99, metric), 'p99'))
    .overrideByName('p50', [color(COLOR.p50)])
    .overrideByName('p95', [color(COLOR.p95)])
    .overrideByName('p99', [color(COLOR.p99)]);
}

/** The same with the sessions behind the numbers: points to click, for the few runs of one project. */
export function quantilesWithSessions(
  title: string,
  description: string,
  unit: string,
  metric: Metric,
): TimeseriesPanel {
  return quantiles(
    title,
    `${description} A point is a session: its tooltip shows the id and leads to the sessions of the project.`,
    unit,
    metric,
  ).targets([
    series(quantile(0.5, metric), 'p50'),
    series(quantile(0.95, metric), 'p95'),
    seriesWithExemplars(quantile(0.99, metric), 'p99'),
  ]);
}

export function activeSessions(): TimeseriesPanel {
  return lines(
    'Active sessions',
    'Sessions updated within the window that ends at the last successful poll; 24h has its scale on the right.',
    'short',
  )
    .withTarget(series(total(ofProjects(SESSIONS.active), 'window'), '{{window}}'))
    .overrideByName('5m', [color(COLOR.p50)])
    .overrideByName('1h', [color(COLOR.input)])
    .overrideByName('24h', [color(COLOR.p95), rightAxis()]);
}

export function sessionsByState(): TimeseriesPanel {
  return stacked('Sessions by state', 'All sessions by the outcome of their most recent run.', 'short')
    .withTarget(series(total(ofProjects(SESSIONS.sessions), 'state'), '{{state}}'))
    .overrideByName('ok', [color(COLOR.ok)])
    .overrideByName('error', [color(COLOR.error)])
    .overrideByName('never_run', [color(COLOR.neutral)]);
}

/** Projects that are read and projects that fail, side by side. */
export function projectCount(): StatPanel {
  const up = once(ofProjects(POLLING.up));
  return stat('Projects read', 'Projects whose last poll succeeded, and those whose last poll failed.', 'short')
    .withTarget(now(`sum(${up})`, 'Read'))
    .withTarget(now(`count(${up}) - sum(${up})`, 'Failing'))
    .overrideByName('Read', [color(COLOR.ok)])
    .overrideByName('Failing', [...limitedBy({ warning: 1, bad: 2 })]);
}

/** The age of the oldest data shown. */
export function oldestData(): StatPanel {
  return stat(
    'Oldest data',
    'Time since the last successful poll of the project that was not read for longest. All numbers are as old as their last poll.',
    's',
  )
    .colorScheme(byThresholds())
    .thresholds(limits(LIMITS.dataAge))
    .withTarget(now(max(age(ofProjects(POLLING.lastSuccess))), 'Oldest'));
}
