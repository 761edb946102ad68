/** Marks over all graphs, and the links between the dashboards. */
import {
  AnnotationQueryBuilder,
  DashboardLinkBuilder,
  DashboardLinkType,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PROCESS } from '../../src/metrics/catalog.ts';
import { COLOR } from './palette.ts';
import { ofExporter } from './promql.ts';
import { DATASOURCE } from './variables.ts';

/** The tag that all dashboards carry and by which they find each other. */
export const TAG = 'llamacloud';

/** Names of the alerts that come with the exporter, prometheus/rules. */
export const OUR_ALERTS = 'alertname=~"LlamaCloud.+"';

/** Series that Prometheus itself makes; they are not the exporter's and so not in the catalogue. */
export const PROMETHEUS_SERIES = { up: 'up', alerts: 'ALERTS', alertsSince: 'ALERTS_FOR_STATE' } as const;

function restarts(): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name('Restarts')
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor(COLOR.input)
    .expr(`${ofExporter(PROCESS.startTime)} * 1000`)
    .useValueForTime(true)
    .step('60s')
    .titleFormat('Exporter started')
    .textFormat('{{instance}}');
}

/** A line where the condition of an alert that fires began: regions of several alerts would hide the graphs below them. */
function firingAlerts(): AnnotationQueryBuilder {
  const { alerts, alertsSince } = PROMETHEUS_SERIES;
  const fires = `ignoring (alertstate) ${alerts}{${OUR_ALERTS}, alertstate="firing"}`;
  return new AnnotationQueryBuilder()
    .name('Alerts')
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor(COLOR.error)
    .expr(
      `min by (alertname, severity) (${alertsSince}{${OUR_ALERTS}, project_id=~"$project|", account=~"$account|"} and ${fires}) * 1000`,
    )
    .useValueForTime(true)
    .step('60s')
    .titleFormat('{{alertname}}')
    .textFormat('Its condition has held since then')
    .tagKeys('severity');
}

export function annotations(): AnnotationQueryBuilder[] {
  return [restarts(), firingAlerts()];
}

/** To the other dashboards of the pack: time range and variables go along. */
export function links(): DashboardLinkBuilder[] {
  return [
    new DashboardLinkBuilder('LlamaCloud')
      .type(DashboardLinkType.Dashboards)
      .tags([TAG])
      .asDropdown(true)
      .keepTime(true)
      .includeVars(true)
      .targetBlank(false)
      .icon('external link')
      .tooltip(''),
  ];
}
