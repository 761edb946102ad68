/** All alerts, in the order of the file. */
import type { RuleFile, RuleGroup } from '../rule.ts';
import { FAILURE_GROUP } from './agents.ts';
import { API_ALERTS } from './api.ts';
import { BEHAVIOUR_GROUP } from './behaviour.ts';
import { COST_ALERTS } from './cost.ts';
import { EXPORTER_ALERTS } from './exporter.ts';
import { MEMBER_GROUP } from './members.ts';
import { POLLING_ALERTS } from './polling.ts';

const GROUPS: readonly RuleGroup[] = [
  ...EXPORTER_ALERTS,
  MEMBER_GROUP,
  ...API_ALERTS,
  ...POLLING_ALERTS,
  FAILURE_GROUP,
  BEHAVIOUR_GROUP,
  ...COST_ALERTS,
];

export const ALERT_FILE: RuleFile = {
  name: 'llamacloud-alerts.yml',
  header: `
Alerts. Load this file together with llamacloud-recording.yml and llamacloud-thresholds.yml, where every number stands that
you may want to change. LlamaCloudExporterDown looks for scrape jobs whose name contains "llamacloud".

critical: somebody is woken. warning: somebody looks at it today. info: good to know when something else is wrong.`,
  groups: GROUPS,
};
