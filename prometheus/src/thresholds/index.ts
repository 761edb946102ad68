/** Every number that a team may want to change: recording rules in a file of their own, which the alerts compare with. */
import { PROJECTS } from '../levels.ts';
import type { RuleFile } from '../rule.ts';
import { AGENT_THRESHOLDS } from './agents.ts';
import { COST_THRESHOLDS } from './cost.ts';
import { EXPORTER_THRESHOLDS } from './exporter.ts';

const RULES = { ...AGENT_THRESHOLDS, ...COST_THRESHOLDS, ...EXPORTER_THRESHOLDS } as const;

/** The name of each threshold's series. */
export const T = Object.fromEntries(Object.entries(RULES).map(([key, rule]) => [key, rule.record])) as {
  readonly [K in keyof typeof RULES]: string;
};

export const THRESHOLDS: RuleFile = {
  name: 'llamacloud-thresholds.yml',
  header: `
The numbers that the alerts compare with. Change them here; this is the only file you should need to edit.
Most scale with the project: with its own last week, or with the budget that the exporter's configuration gives it.
Each threshold is a series with the labels of its level (job, instance, project_id, project, account and team for a project), so
it can differ from project to project: put the exceptions first, joined by "or"; the first that names a project wins.

  - record: project:llamacloud_tokens_floor:threshold
    expr: |
      1e7 * ${PROJECTS}{project=~"batch-.*"}
        or
      1e5 * ${PROJECTS}

To switch one alert off for a project, leave the project out of its threshold: {project!="sandbox"}, or {team!="research"}.`,
  groups: [{ name: 'llamacloud-thresholds', comment: '', interval: '', rules: Object.values(RULES) }],
};
