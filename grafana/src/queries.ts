/** Queries of panels: each with Min step at the polling interval, so that `$__rate_interval` spans four polls. */
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { DATASOURCE } from './variables.ts';

const MIN_STEP = '$min_step';

function query(expr: string): DataqueryBuilder {
  return new DataqueryBuilder().datasource(DATASOURCE).interval(MIN_STEP).expr(expr);
}

/** Lines over the time range. */
export function series(expr: string, legend: string): DataqueryBuilder {
  return query(expr).range().legendFormat(legend);
}

/** Lines with the sessions behind them: a point of an exemplar shows its session id and links to it. */
export function seriesWithExemplars(expr: string, legend: string): DataqueryBuilder {
  return series(expr, legend).exemplar(true);
}

/** One value per series, at the end of the time range. */
export function now(expr: string, legend: string): DataqueryBuilder {
  return query(expr).instant().legendFormat(legend);
}

/** Rows of a table, at the end of the time range. */
export function rows(expr: string): DataqueryBuilder {
  return query(expr).instant().format(PromQueryFormat.Table);
}

/** Buckets of a histogram, one per upper bound, with exemplars. */
export function buckets(expr: string): DataqueryBuilder {
  return query(expr).range().format(PromQueryFormat.Heatmap).legendFormat('{{le}}').exemplar(true);
}
