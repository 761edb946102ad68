/** Panels over the alerts that Prometheus evaluates: its own series `ALERTS` and `ALERTS_FOR_STATE`. */
import type { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import { OUR_ALERTS, PROMETHEUS_SERIES } from './annotations.ts';
import { stat } from './common.ts';
import { display, limitedBy, unit, width } from './overrides.ts';
import { COLOR } from './palette.ts';
import { age, max, ofExporter } from './promql.ts';
import { now, rows } from './queries.ts';
import { DATASOURCE } from './variables.ts';

/** Alerts of the chosen projects, and those that concern no single project. */
const CHOSEN = [OUR_ALERTS, 'project_id=~"$project|", account=~"$account|"'];
const firing = (...matchers: string[]): string =>
  ofExporter(PROMETHEUS_SERIES.alerts, ...CHOSEN, 'alertstate="firing"', ...matchers);
const since = ofExporter(PROMETHEUS_SERIES.alertsSince, ...CHOSEN);

/** Counts alerts; 0 only while Prometheus scrapes the exporter, for nothing is known without it. */
const count = (severity: string): string =>
  `count(${firing(severity)}) or 0 * ${max(ofExporter(PROMETHEUS_SERIES.up))}`;

export function alertCount(): StatPanel {
  return stat(
    'Alerts now',
    'Alerts of the exporter that fire now, critical ones and others. 0 is shown only while Prometheus scrapes the exporter.',
    'short',
  )
    .withTarget(now(count('severity="critical"'), 'Critical'))
    .withTarget(now(count('severity!="critical"'), 'Other'))
    .overrideByName('Critical', limitedBy({ warning: 1, bad: 1 }))
    .overrideByName('Other', limitedBy({ warning: 1, bad: 1e9 }));
}

const severityColors = {
  type: 'value',
  options: {
    critical: { text: 'critical', color: COLOR.error, index: 0 },
    warning: { text: 'warning', color: COLOR.warning, index: 1 },
    info: { text: 'info', color: COLOR.input, index: 2 },
  },
};

/** All names begin alike: the table leaves the beginning out. */
const withoutPrefix = { type: 'regex', options: { pattern: '^LlamaCloud(.+)$', result: { text: '$1', index: 0 } } };

export function alertTable(): TablePanel {
  return new TablePanel()
    .title('Firing alerts')
    .description(
      'Alerts of the exporter that fire now, and since when their condition has held. docs/runbook.md says what to do.',
    )
    .datasource(DATASOURCE)
    .unit('s')
    .noValue('No alert is firing for this selection')
    .withTarget(rows(`(${age(since)}) and ignoring (alertstate) ${firing()}`))
    .withTransformation({
      id: 'filterFieldsByName',
      options: { include: { pattern: '^(alertname|severity|project|account|Value.*)$' } },
    })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: {},
        indexByName: { alertname: 0, severity: 1, project: 2, account: 3, Value: 4 },
        renameByName: {
          alertname: 'Alert',
          severity: 'Severity',
          project: 'Project',
          account: 'Account',
          Value: 'For',
        },
      },
    })
    .minWidth(60)
    .overrideByName('Alert', [{ id: 'mappings', value: [withoutPrefix] }, width(190)])
    .overrideByName('Severity', [{ id: 'mappings', value: [severityColors] }, display('color-text'), width(75)])
    .overrideByName('For', [...unit('s', 0), width(80)]);
}
