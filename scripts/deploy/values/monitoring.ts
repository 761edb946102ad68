/** Values of what Prometheus and Grafana are given: monitors, rules and dashboards. */
import { flag, labels, list, part, section, text, words } from './leaves.ts';

const SELECTED = 'Labels by which your Prometheus selects it, such as `release: kube-prometheus-stack`.';

const monitor = (help: string, more: Readonly<Record<string, unknown>> = {}) =>
  section(help, {
    enabled: flag(false, 'Whether to create it. Needs the Prometheus operator.'),
    namespace: text('', 'Its namespace; empty: that of the release.'),
    additionalLabels: labels({}, SELECTED),
    interval: text('15s', 'Interval of scrapes.'),
    scrapeTimeout: text('', "Time limit of a scrape; empty: Prometheus' own."),
    settings: part(
      more,
      'Further settings of the endpoint: `scheme`, `tlsConfig`, `basicAuth`, `metricRelabelings`, ...',
    ),
  });

export const MONITORING = {
  serviceMonitor: monitor('Scrapes `/metrics`: right for one pod.'),
  podMonitor: monitor('Scrapes `/metrics/exporter` of every pod: beside scrapeConfig, for several pods.'),
  scrapeConfig: monitor('Scrapes `/metrics/projects` through the service, as one target: for several pods.'),
  prometheusRule: section('Alerts and recording rules.', {
    enabled: flag(false, 'Whether to create it. Needs the Prometheus operator.'),
    namespace: text('', 'Its namespace; empty: that of the release.'),
    additionalLabels: labels({}, SELECTED),
    disabledAlerts: words('Names of alerts to leave out.'),
    additionalGroups: list('Further groups of rules.'),
  }),
  dashboards: section("Dashboards as ConfigMaps for Grafana's sidecar.", {
    enabled: flag(false, 'Whether to create them.'),
    namespace: text('', 'Their namespace; empty: that of the release.'),
    label: text('grafana_dashboard', 'The label that the sidecar looks for.'),
    labelValue: text('1', 'Its value.'),
    annotations: labels({ grafana_folder: 'LlamaCloud' }, 'Annotations; this one names the folder.'),
  }),
} as const;
