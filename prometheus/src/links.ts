/** Where an alert leads: its section of the runbook, and the dashboard with its project chosen. */

/** Where the runbook is read. A fork, or a company with its own copy, changes this one line and runs `npm run generate`. */
export const RUNBOOK_URL = 'https://github.com/llamacloud-exporter/llamacloud-exporter/blob/main/docs/runbook.md';

/**
 * What goes before the paths of dashboards. Empty: the annotation `dashboard` is a path, and the templates of Alertmanager put
 * Grafana's address before it. Put the address here if your messages come from other templates, and run `npm run generate`.
 */
const GRAFANA_URL = '';

/** Address of an alert's section: GitHub makes the anchor from the heading, which is the alert's name. */
export function runbookUrl(alert: string): string {
  return `${RUNBOOK_URL}#${alert.toLowerCase()}`;
}

/** Prometheus fills in what an alert is about; an alert without a project opens the dashboard of the exporter. */
export const DASHBOARD =
  `${GRAFANA_URL}{{ if $labels.project }}/d/llamacloud-project?var-project={{ $labels.project_id | urlquery }}` +
  '{{ else }}/d/llamacloud-exporter{{ with $labels.instance }}?var-instance={{ . | urlquery }}{{ end }}{{ end }}';
