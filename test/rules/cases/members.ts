/** Alerts about several members over one PostgreSQL. Members `a` and `b` are scraped by a job of their own, projects at the Service. */
import type { AlertCase, SilentCase } from '../case.ts';
import { flat, gone, INFO, INSTANCE_LABELS, own, ramp, type Series, seq } from '../series.ts';

const JOB = 'llamacloud-exporter-members';
const LABELS = { job: JOB, instance: 'a:1' } as const;

/** A series of a member. */
const of = (instance: string, name: string, labels = ''): string =>
  `${name}{job="${JOB}",instance="${instance}"${labels}}`;

const UP = of('a:1', 'up');
const UNOWNED = own('llamacloud_exporter_projects_unowned');
const LEASE = of('a:1', 'llamacloud_exporter_member_lease_seconds');
const LOST = of('a:1', 'llamacloud_exporter_commits_lost_total', ',reason="taken"');
const RENEWALS = of('a:1', 'llamacloud_exporter_state_renewals_total');
const rules = (instance: string, hash: string): string =>
  of(instance, 'llamacloud_exporter_rules_info', `,hash="${hash}"`);

/** The state is in SQLite: none of the series of members exist. */
const sqlite = (...names: readonly string[]): SilentCase => ({
  name: 'the state is in SQLite',
  series: Object.fromEntries(names.map((name) => [name, null])),
});

/** Three samples that are missing, and a counter that begins again. */
const restart = (name: string): SilentCase => ({
  name: 'the member restarts and counts from 0',
  series: { [name]: seq(flat(40, 20), gone(3), flat(0, 120)) },
});

const MIXED: Series = {
  [rules('a:1', 'one')]: flat(1, 120),
  [rules('b:1', 'one')]: seq(flat(1, 10), 'stale'),
  [rules('b:1', 'two')]: seq(gone(10), flat(1, 110)),
};

/** The same project at another target of the same job. */
const COPY = INFO.replace('exporter:10940', 'pod-b:10940');

const down = (series: Series, labels: AlertCase['labels'], who: string): AlertCase => ({
  alert: 'LlamaCloudMemberDown',
  step: 1,
  series,
  since: 10,
  for: 10,
  severity: 'warning',
  labels,
  summary: `Member ${who} does not answer scrapes`,
  description: `Prometheus has had no answer from member ${who} (job ${labels['job']}) for 10 minutes. The others have its projects, and no run is lost. Look at its last log lines before it is needed.`,
  silent: [
    { name: 'a restart of 8 minutes', series: { [UP]: seq(flat(1, 10), flat(0, 8), flat(1, 60)) } },
    { name: 'a target of the projects is down', series: { [own('up')]: seq(flat(1, 10), flat(0, 60)) } },
    { name: 'a pod that was scaled away', series: { [UP]: seq(flat(1, 10), 'stale') } },
    { name: 'another job is down', series: { 'up{job="node-members",instance="a"}': flat(0, 80) } },
  ],
});

const GONE = 'up{job="llamacloud-exporter",instance="pod-b:10940"}';

export const MEMBER_CASES: readonly AlertCase[] = [
  down({ [UP]: seq(flat(1, 10), flat(0, 60)) }, LABELS, 'a:1'),
  // Whole copies are scraped: the others hold their leases.
  down(
    {
      [GONE]: seq(flat(1, 10), flat(0, 60)),
      [own('llamacloud_exporter_member_lease_seconds')]: flat(7, 80),
    },
    { ...INSTANCE_LABELS, instance: 'pod-b:10940' },
    'pod-b:10940',
  ),
  {
    alert: 'LlamaCloudProjectsUnowned',
    step: 1,
    series: { [UNOWNED]: seq(flat(0, 10), flat(3, 60)) },
    since: 10,
    for: 5,
    severity: 'warning',
    labels: INSTANCE_LABELS,
    summary: 'No member polls some of the projects',
    description:
      '3 projects have had no owner for 5 minutes, as exporter:10940 shows: nobody polls them, and their data grows old. See whether members live, and whether they count by the same rules.',
    silent: [
      sqlite(UNOWNED),
      { name: 'all are owned', series: { [UNOWNED]: flat(0, 80) } },
      { name: 'a failover of four minutes', series: { [UNOWNED]: seq(flat(0, 10), flat(300, 4), flat(0, 60)) } },
      {
        name: 'scrapes are refused for a while',
        series: { [UNOWNED]: seq(flat(0, 10), gone(8), flat(3, 3), flat(0, 60)) },
      },
    ],
  },
  {
    alert: 'LlamaCloudMemberWithoutLease',
    step: 1,
    series: { [LEASE]: seq(flat(8, 10), flat(0, 60)) },
    since: 10,
    for: 5,
    severity: 'warning',
    labels: LABELS,
    summary: 'Member a:1 has no lease',
    description:
      'Member a:1 has not renewed its lease in the database for 5 minutes: it polls nothing, and answers 503 where projects are asked for. The others share its projects. See whether it reaches PostgreSQL.',
    silent: [
      sqlite(LEASE),
      { name: 'a lease that is renewed late', series: { [LEASE]: seq(flat(8, 10), '0 0 0 0', flat(8, 60)) } },
      { name: 'a start that waits for the database', series: { [LEASE]: seq(gone(10), flat(0, 4), flat(8, 60)) } },
      { name: 'a member that has left', series: { [LEASE]: seq(flat(8, 10), 'stale') } },
    ],
  },
  {
    alert: 'LlamaCloudMembersMixedRules',
    step: 1,
    series: MIXED,
    since: 10,
    for: 30,
    severity: 'warning',
    labels: { ...LABELS, hash: 'one' },
    also: [{ instance: 'b:1', hash: 'two' }],
    summary: 'Member a:1 and others count by different rules',
    description:
      'The members of llamacloud-exporter-members have had 2 different configurations for 30 minutes; a:1 counts by one. Those that differ from the rules in force poll nothing. Finish the roll-out, or take it back.',
    silent: [
      sqlite(rules('a:1', 'one')),
      { name: 'all count alike', series: { [rules('a:1', 'one')]: flat(1, 120), [rules('b:1', 'one')]: flat(1, 120) } },
      {
        name: 'a roll-out of 20 minutes',
        series: {
          [rules('a:1', 'one')]: seq(flat(1, 30), 'stale'),
          [rules('a:1', 'two')]: seq(gone(30), flat(1, 90)),
          [rules('b:1', 'one')]: seq(flat(1, 10), 'stale'),
          [rules('b:1', 'two')]: seq(gone(10), flat(1, 110)),
        },
      },
      {
        name: 'another deployment counts by others',
        series: {
          [rules('a:1', 'one')]: flat(1, 120),
          'llamacloud_exporter_rules_info{job="staging-members",instance="s:1",hash="two"}': flat(1, 120),
        },
      },
    ],
  },
  {
    alert: 'LlamaCloudCommitsLost',
    step: 1,
    series: { [LOST]: seq(flat(0, 11), ramp(1, 1, 90)) },
    since: 11,
    for: 30,
    severity: 'warning',
    labels: LABELS,
    summary: 'The database keeps refusing commits of member a:1',
    description:
      '15 commits of member a:1 were refused in 15 minutes, and for longer than a take-over explains. Nothing is counted twice, but work is done again and again.',
    silent: [
      sqlite(LOST),
      restart(LOST),
      { name: 'a frozen member loses a commit of each project', series: { [LOST]: seq(flat(0, 10), flat(3000, 100)) } },
    ],
  },
  {
    alert: 'LlamaCloudStateRenewed',
    step: 1,
    series: { [RENEWALS]: seq(flat(0, 20), flat(12, 60)) },
    since: 20,
    for: 5,
    severity: 'warning',
    labels: LABELS,
    summary: 'Counters began again at 0 after a failover of the database',
    description:
      'The database had lost commits, and member a:1 began 12 projects again at 0. Their runs from before are not counted twice, and some are not counted at all. See why the standby lagged.',
    silent: [
      sqlite(RENEWALS),
      restart(RENEWALS),
      { name: 'none was ever renewed', series: { [RENEWALS]: flat(0, 80) } },
    ],
  },
  {
    alert: 'LlamaCloudProjectsCopied',
    step: 1,
    series: { [COPY]: seq(gone(10), flat(1, 120)) },
    since: 10,
    for: 60,
    severity: 'warning',
    labels: INSTANCE_LABELS,
    also: [{ instance: 'pod-b:10940' }],
    summary: 'Projects of exporter:10940 are scraped from other targets as well',
    description:
      '1 projects that exporter:10940 (job llamacloud-exporter) shows are shown by another target as well. Every sum over instances counts their runs, tokens and cost several times, and each of their alerts is there several times. Scrape the projects once.',
    silent: [
      { name: 'a rolling upgrade', series: { [COPY]: seq(gone(10), flat(1, 50), 'stale') } },
      {
        name: 'a project is renamed and has two names',
        series: { [INFO.replace('project="support"', 'project="helpdesk"')]: flat(1, 200) },
      },
      {
        name: 'another exporter polls other projects',
        series: { [COPY.replace('project_id="p1"', 'project_id="p9"')]: flat(1, 200) },
      },
    ],
  },
];
