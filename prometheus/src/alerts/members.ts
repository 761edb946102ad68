/** Alerts about several members that share a state in PostgreSQL. With SQLite none of these series exist, but for copies of projects. */
import { MEMBERS } from '../../../src/metrics/catalog.ts';
import { INSTANCE, PROJECT, PROJECTS } from '../levels.ts';
import { type AlertRule, promql, type RuleGroup } from '../rule.ts';

/** Each project at each target once, whatever it was called meanwhile. */
const SHOWN = `group by (${PROJECT}) (${PROJECTS})`;

const WORK: readonly AlertRule[] = [
  {
    alert: 'LlamaCloudProjectsUnowned',
    // A take-over needs twelve seconds, a failover of the database a minute or two. The data grows old after 15 minutes.
    expr: `${MEMBERS.unowned.name} > 0`,
    for: '5m',
    severity: 'warning',
    summary: 'No member polls some of the projects',
    description:
      '{{ $value }} projects have had no owner for 5 minutes, as {{ $labels.instance }} shows: nobody polls them, and their data grows old. See whether members live, and whether they count by the same rules.',
  },
  {
    alert: 'LlamaCloudMemberWithoutLease',
    expr: `${MEMBERS.lease.name} <= 0`,
    for: '5m',
    severity: 'warning',
    summary: 'Member {{ $labels.instance }} has no lease',
    description:
      'Member {{ $labels.instance }} has not renewed its lease in the database for 5 minutes: it polls nothing, and answers 503 where projects are asked for. The others share its projects. See whether it reaches PostgreSQL.',
  },
  {
    alert: 'LlamaCloudMembersMixedRules',
    expr: promql`
      ${MEMBERS.rules.name}
        * on (job) group_left ()
      (count by (job) (group by (job, hash) (${MEMBERS.rules.name})) > 1)
    `,
    for: '30m',
    severity: 'warning',
    summary: 'Member {{ $labels.instance }} and others count by different rules',
    description:
      'The members of {{ $labels.job }} have had {{ $value }} different configurations for 30 minutes; {{ $labels.instance }} counts by {{ $labels.hash }}. Those that differ from the rules in force poll nothing. Finish the roll-out, or take it back.',
  },
];

const LEDGER: readonly AlertRule[] = [
  {
    alert: 'LlamaCloudCommitsLost',
    // A member that was frozen loses one commit of each project, once. Commits that are lost all the time are members that fight.
    expr: `sum by (${INSTANCE}) (increase(${MEMBERS.commitsLost.name}[15m])) > 0`,
    for: '30m',
    severity: 'warning',
    summary: 'The database keeps refusing commits of member {{ $labels.instance }}',
    description:
      '{{ $value | printf "%.0f" }} commits of member {{ $labels.instance }} were refused in 15 minutes, and for longer than a take-over explains. Nothing is counted twice, but work is done again and again.',
  },
  {
    alert: 'LlamaCloudStateRenewed',
    expr: `increase(${MEMBERS.renewals.name}[1h]) > 0`,
    for: '5m',
    severity: 'warning',
    summary: 'Counters began again at 0 after a failover of the database',
    description:
      'The database had lost commits, and member {{ $labels.instance }} began {{ $value | printf "%.0f" }} projects again at 0. Their runs from before are not counted twice, and some are not counted at all. See why the standby lagged.',
  },
  {
    alert: 'LlamaCloudProjectsCopied',
    // Over all jobs: the job of the members may scrape the wrong path. A rolling upgrade shows a project twice for minutes only.
    expr: promql`
      count by (${INSTANCE}) (
        ${SHOWN}
          and on (project_id)
        (count by (project_id) (${SHOWN}) > 1)
      )
    `,
    for: '1h',
    severity: 'warning',
    summary: 'Projects of {{ $labels.instance }} are scraped from other targets as well',
    description:
      '{{ $value }} projects that {{ $labels.instance }} (job {{ $labels.job }}) shows are shown by another target as well. Every sum over instances counts their runs, tokens and cost several times, and each of their alerts is there several times. Scrape the projects once.',
  },
];

export const MEMBER_GROUP: RuleGroup = {
  name: 'llamacloud-members',
  comment: 'Several members over one PostgreSQL: absent with a state in SQLite, but for projects that are shown twice.',
  interval: '',
  rules: [...WORK, ...LEDGER],
};
