/** Every number that a team may want to change: recording rules in a file of their own, which the alerts compare with. */
import { EXPORTER } from '../../src/metrics/catalog.ts';
import { INSTANCE, INSTANCES, PROJECTS } from './levels.ts';
import { promql, type RecordingRule, type RuleFile } from './rule.ts';

/** Polling interval as configured, one value for each exporter. */
const POLL_INTERVAL = `max by (${INSTANCE}) (${EXPORTER.pollInterval.name}{kind="head"})`;

const project = (metric: string, value: number | string, comment: string): RecordingRule => ({
  record: `project:llamacloud_${metric}:threshold`,
  expr: `${value} * ${PROJECTS}`,
  comment,
});

const instance = (metric: string, value: number | string, comment: string): RecordingRule => ({
  record: `instance:llamacloud_${metric}:threshold`,
  expr: `${value} * ${INSTANCES}`,
  comment,
});

const RULES = {
  sampleRuns: project(
    'run_samples',
    20,
    'Runs that a window must hold before an alert believes its ratios, quantiles and means.',
  ),
  errorBudget: project(
    'run_error_budget_ratio',
    0.01,
    'Share of runs that may fail: 0.01 is an objective of 99 %. The burn-rate alerts multiply it.',
  ),
  errorRatio: project(
    'run_error_ratio',
    0.1,
    'Share of failed runs over 30 minutes that is too high whatever the budget.',
  ),
  classErrors: project(
    'run_errors_of_class',
    10,
    'Failed runs of one class in 30 minutes that mean a broken dependency.',
  ),
  durationP95: project('run_duration_p95_seconds', 120, 'Seconds that one run in twenty may exceed.'),
  durationGrowth: project(
    'run_duration_growth_ratio',
    1.5,
    'Mean duration of runs over that of the same 6 hours a week ago.',
  ),
  turnsP95: project('run_turns_p95', 20, 'Turns that one run in twenty may exceed; agents that loop take many.'),
  withoutUsage: project('runs_without_usage_ratio', 0.2, 'Share of runs without token counts: their cost is not seen.'),
  tokenGrowth: project('tokens_growth_ratio', 3, 'Tokens per hour over those of the same hour a week ago.'),
  tokenFloor: project('tokens_per_hour_floor', '1e6', 'Tokens per hour below which growth does not matter.'),
  dailyCost: project('cost_usd_per_day', 50, 'US dollars in 24 hours: the budget of a project.'),
  busyRuns: project(
    'runs_per_2h_busy',
    50,
    'Runs in 2 hours a week ago that make a project one which should not be silent.',
  ),
  dataAge: {
    record: 'project:llamacloud_data_age_seconds:threshold',
    expr: promql`
      clamp_min(5 * ${POLL_INTERVAL}, 900)
        * on (${INSTANCE}) group_right ()
      ${PROJECTS}
    `,
    comment: 'Age of the data of a project: five polls, and never less than 15 minutes.',
  },
  pollFailures: project('poll_failure_ratio', 0.5, 'Share of failed polls.'),
  headPollMisses: project('head_poll_misses', 10, 'Changes in 2 hours that head polls missed.'),
  invalidSessions: project(
    'invalid_sessions',
    10,
    'Malformed sessions dropped in an hour; a session counts again at every read.',
  ),
  staleReads: project('stale_reads', 100, 'Reads in an hour that showed an older state than known.'),
  unreconciledRuns: project('unreconciled_runs', 10, 'Event histories in 6 hours that did not fit what was recorded.'),
  totalDailyCost: instance(
    'cost_usd_per_day',
    500,
    'US dollars in 24 hours: the budget of all projects of an exporter.',
  ),
  rateLimitedRatio: instance('api_rate_limited_ratio', 0.05, 'Share of API requests answered 429.'),
  apiErrorRatio: instance('api_error_ratio', 0.1, 'Share of API requests that ended in 5xx or without an answer.'),
  apiDurationP95: instance(
    'api_request_duration_p95_seconds',
    10,
    'Seconds that one API request in twenty may exceed.',
  ),
  stateSize: instance('exporter_state_size_bytes', '4e9', 'Bytes of state; keep well below the size of the volume.'),
  memory: instance(
    'exporter_resident_memory_bytes',
    '512e6',
    'Bytes of resident memory; keep below the limit of the container.',
  ),
  eventLoopLag: instance('exporter_eventloop_lag_p99_seconds', 0.5, 'Seconds for which the process did not react.'),
  snapshotAge: {
    record: 'instance:llamacloud_exporter_snapshot_age_seconds:threshold',
    expr: `clamp_min(5 * ${POLL_INTERVAL}, 600)`,
    comment: 'Age of what /metrics shows: five polls, and never less than 10 minutes.',
  },
} as const satisfies Record<string, RecordingRule>;

/** The name of each threshold's series. */
export const T = Object.fromEntries(Object.entries(RULES).map(([key, rule]) => [key, rule.record])) as {
  readonly [K in keyof typeof RULES]: string;
};

export const THRESHOLDS: RuleFile = {
  name: 'llamacloud-thresholds.yml',
  header: `
The numbers that the alerts compare with. Change them here; this is the only file you should need to edit.
Each threshold is a series with the labels job, instance, project_id and project (or job and instance), so it can
differ from project to project: put the exceptions first, joined by "or"; the first that names a project wins.

  - record: project:llamacloud_cost_usd_per_day:threshold
    expr: |
      500 * ${PROJECTS}{project=~"batch-.*"}
        or
      50 * ${PROJECTS}

To switch one alert off for a project, leave the project out of its threshold: {project!="sandbox"}.`,
  groups: [
    {
      name: 'llamacloud-thresholds',
      comment: '',
      interval: '',
      rules: Object.values(RULES),
    },
  ],
};
