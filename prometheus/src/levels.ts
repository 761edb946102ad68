/**
 * The levels at which rules aggregate. A project can be renamed: rules know it by its id, and the name is joined in at the end, so that
 * a rename neither ends an alert's history nor breaks a comparison with last week.
 */
import { EXPORTER, SESSIONS } from '../../src/metrics/catalog.ts';
import { promql, type RecordingRule } from './rule.ts';

/** Labels of the level `project`. */
export const PROJECT = 'job, instance, project_id';
/** Labels of the level `instance`. */
export const INSTANCE = 'job, instance';
/** Labels of the level `account`. */
export const ACCOUNT = 'job, instance, account';

/** What is joined in from `llamacloud_project_info`: what people call the project, and what routes go by. */
const NAMES = 'project, account, team';

export const PROJECTS = 'project:llamacloud_project_info:group';
export const INSTANCES = 'instance:llamacloud_exporter_build_info:group';

/** Match of a project's series with a threshold, or with PROJECTS: brings the names of the project in. */
export const BY_PROJECT = `on (${PROJECT}) group_left (${NAMES})`;
/** The same where names are on the left already, or are not wanted. */
export const SAME_PROJECT = `on (${PROJECT}) group_left ()`;

/** The selector by which the exporter's targets are known even when they do not answer. */
export const JOB = 'job=~".*llamacloud.*"';

/** Names of jobs that scrape the exporter part of each member, and no projects. */
export const MEMBERS_JOB = '.+-members';

export const LEVEL_RULES: readonly RecordingRule[] = [
  {
    record: PROJECTS,
    expr: promql`
      group by (${PROJECT}, ${NAMES}) (${SESSIONS.projectInfo.name})
    `,
    comment:
      'The projects, their names, accounts and teams, always 1. A project that has left is not here, so nothing fires for it.',
  },
  {
    record: INSTANCES,
    expr: promql`
      group by (${INSTANCE}) (${EXPORTER.buildInfo.name})
    `,
    comment: 'The exporters, always 1.',
  },
];
