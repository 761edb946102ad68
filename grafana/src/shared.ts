/** Panels that the overview and the project dashboard have in common. */
import type { PanelBuilder as TimeseriesPanel } from '@grafana/grafana-foundation-sdk/timeseries';
import { type Metric, RUNS, SESSIONS } from '../../src/metrics/catalog.ts';
import { lines, stacked } from './common.ts';
import { color } from './overrides.ts';
import { COLOR } from './palette.ts';
import { ofProjects, quantile, sum } from './promql.ts';
import { series, seriesWithExemplars } from './queries.ts';

/** p50, p95 and p99 of a histogram over time, with the sessions behind the numbers as points to click. */
export function quantiles(title: string, description: string, unit: string, metric: Metric): TimeseriesPanel {
  return lines(title, `${description} A point is a session: its tooltip shows the id and leads to it.`, unit)
    .withTarget(seriesWithExemplars(quantile(0.5, metric), 'p50'))
    .withTarget(series(quantile(0.95, metric), 'p95'))
    .withTarget(series(quantile(0.99, metric), 'p99'))
    .overrideByName('p50', [color(COLOR.p50)])
    .overrideByName('p95', [color(COLOR.p95)])
    .overrideByName('p99', [color(COLOR.p99)]);
}

export function durationQuantiles(): TimeseriesPanel {
  return quantiles(
    'Duration of runs',
    'Quantiles of the duration of runs, estimated from the buckets of the histogram.',
    's',
    RUNS.duration,
  );
}

export function activeSessions(): TimeseriesPanel {
  return lines('Active sessions', 'Sessions updated within the window that ends at the last successful poll.', 'short')
    .withTarget(series(sum(ofProjects(SESSIONS.active), 'window'), '{{window}}'))
    .overrideByName('5m', [color(COLOR.p50)])
    .overrideByName('1h', [color(COLOR.input)])
    .overrideByName('24h', [color(COLOR.p95)]);
}

export function sessionsByState(): TimeseriesPanel {
  return stacked('Sessions by state', 'All sessions by the outcome of their most recent run.', 'short')
    .withTarget(series(sum(ofProjects(SESSIONS.sessions), 'state'), '{{state}}'))
    .overrideByName('ok', [color(COLOR.ok)])
    .overrideByName('error', [color(COLOR.error)])
    .overrideByName('never_run', [color(COLOR.neutral)]);
}
