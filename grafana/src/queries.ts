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

/** No line, only the points of the exemplars behind a selector, for a panel that draws something else. */
export function exemplarsOnly(selector: string): DataqueryBuilder {
  return seriesWithExemplars(`sum(${selector}) < 0`, 'Sessions');
}

/** Buckets of a histogram, one per upper bound. */
export function buckets(expr: string): DataqueryBuilder {
  return query(expr).range().format(PromQueryFormat.Heatmap).legendFormat('{{le}}');
}
