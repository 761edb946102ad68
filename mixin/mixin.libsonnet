// The rules and dashboards of this repository in the form of a Prometheus mixin (https://monitoring.mixins.dev). It holds nothing of its
// own: rules/ is generated from the same sources as prometheus/rules, and dashboards are read from grafana/dashboards.

{
  _config+:: {
    // Alerts to leave out, by name: ['LlamaCloudApiSlow'].
    withoutAlerts: [],
    // Labels that every alert gets beside its own.
    alertLabels: {},
    // Where dashboards are. Empty: the annotation `dashboard` is a path.
    grafanaUrl: '',
  },

  local config = self._config,
  local adapted(rule) = rule {
    labels+: config.alertLabels,
    annotations+: { dashboard: config.grafanaUrl + rule.annotations.dashboard },
  },

  prometheusAlerts+:: {
    groups+: [
      group { rules: [adapted(rule) for rule in group.rules if !std.member(config.withoutAlerts, rule.alert)] }
      for group in (import 'rules/alerts.json').groups
    ],
  },

  // Alerts compare with thresholds, and thresholds with recorded series: take both or none.
  prometheusRules+:: {
    groups+: (import 'rules/records.json').groups,
  },

  grafanaDashboards+:: {
    'llamacloud-overview.json': import '../grafana/dashboards/overview.json',
    'llamacloud-project.json': import '../grafana/dashboards/project.json',
    'llamacloud-exporter.json': import '../grafana/dashboards/exporter.json',
  },
}
