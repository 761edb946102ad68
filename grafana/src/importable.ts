/** Dashboards for import by hand: Grafana asks for the data source once, in place of the variable at the top of each dashboard. */
import { type Dashboard, VariableType } from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE } from './variables.ts';

const INPUT = 'DS_PROMETHEUS';

/** What Grafana's import page asks, in the form of its own "export for sharing externally". */
const ASKED = {
  __inputs: [
    {
      name: INPUT,
      label: 'Prometheus',
      description: 'The Prometheus that scrapes llamacloud-exporter',
      type: 'datasource',
      pluginId: DATASOURCE.type,
      pluginName: 'Prometheus',
    },
  ],
  __requires: [
    { type: 'grafana', id: 'grafana', name: 'Grafana', version: '9.4.0' },
    { type: 'datasource', id: DATASOURCE.type, name: 'Prometheus', version: '1.0.0' },
  ],
} as const;

/** The JSON text of a dashboard for import by hand; the same dashboard otherwise. */
export function importable(dashboard: Dashboard): string {
  const list = (dashboard.templating.list ?? []).filter((variable) => variable.type !== VariableType.Datasource);
  const text = JSON.stringify({ ...ASKED, ...dashboard, templating: { list } }, null, 2);
  return `${text.replaceAll(DATASOURCE.uid, `\${${INPUT}}`)}\n`;
}
