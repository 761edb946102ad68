/** Where the runbook is read. A fork, or a company with its own copy, changes this one line and runs `npm run generate`. */
export const RUNBOOK_URL = 'https://github.com/llamacloud-exporter/llamacloud-exporter/blob/main/docs/runbook.md';

/** Address of an alert's section: GitHub makes the anchor from the heading, which is the alert's name. */
export function runbookUrl(alert: string): string {
  return `${RUNBOOK_URL}#${alert.toLowerCase()}`;
}
