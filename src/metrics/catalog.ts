/**
 * Every series that the exporter shows: name, type, extra labels, HELP. The contract is generated from here (docs/metrics.md),
 * and dashboards and rules read their names from here, so that a renamed metric breaks them at compile time.
 */

export type MetricType = 'counter' | 'gauge' | 'histogram';

/**
 * `project`: part of the snapshot, with the labels `project_id` and `project` before the extra ones.
 * `live`: about the exporter, rendered beside the snapshot.
 */
export type MetricScope = 'project' | 'live';

export type Metric = {
  readonly name: string;
  readonly type: MetricType;
  readonly scope: MetricScope;
  readonly labels: readonly string[];
  readonly help: string;
};

const chat = <N extends string>(name: N, type: MetricType, help: string, ...labels: string[]) =>
  ({ name: `llamacloud_chat_${name}`, type, scope: 'project', labels, help }) as const;

const own = <N extends string>(name: N, type: MetricType, help: string, ...labels: string[]) =>
  ({ name: `llamacloud_exporter_${name}`, type, scope: 'live', labels, help }) as const;

const poll = <N extends string>(name: N, type: MetricType, help: string, ...labels: string[]) =>
  ({ name: `llamacloud_exporter_${name}`, type, scope: 'project', labels, help }) as const;

/** With last_run accounting a run that another one replaced between two polls is not seen: the counters say so. */
const BOUND = 'a lower bound with last_run accounting, as of the last poll';

/** Labels that every series of scope `project` has. */
export const PROJECT_LABELS = ['project_id', 'project'] as const;

/** Durable counters and histograms: what happened since the epoch of the project. */
export const RUNS = {
  runs: chat(
    'runs_total',
    'counter',
    `Agent runs observed, failed ones included, from changes of job_metadata; ${BOUND}.`,
  ),
  runErrors: chat(
    'run_errors_total',
    'counter',
    `Failed agent runs by error class, from job_metadata.is_error and error; ${BOUND}.`,
    'class',
  ),
  runsWithoutUsage: chat(
    'runs_without_usage_total',
    'counter',
    `Agent runs whose job_metadata had a null token count when they were counted; ${BOUND}.`,
  ),
  inputTokens: chat(
    'input_tokens_total',
    'counter',
    `Input tokens of all observed runs, sum of job_metadata.total_input_tokens; ${BOUND}.`,
  ),
  outputTokens: chat(
    'output_tokens_total',
    'counter',
    `Output tokens of all observed runs, sum of job_metadata.total_output_tokens; ${BOUND}.`,
  ),
  turns: chat('turns_total', 'counter', `Turns of all observed runs, sum of job_metadata.turns; ${BOUND}.`),
  cost: chat(
    'cost_usd_total',
    'counter',
    `Estimated cost in US dollars of all observed runs, from their tokens and the configured prices at the time of counting; ${BOUND}.`,
  ),
  touches: chat(
    'session_touches_total',
    'counter',
    'Sessions seen with a newer last_updated_at and the same job_metadata figures, as of the last poll.',
  ),
  duration: chat(
    'run_duration_seconds',
    'histogram',
    `Duration of observed runs in seconds, from job_metadata.duration_ms; ${BOUND}.`,
  ),
  inputTokensPerRun: chat(
    'run_input_tokens',
    'histogram',
    `Input tokens per successful run with usage, from job_metadata.total_input_tokens; ${BOUND}.`,
  ),
  outputTokensPerRun: chat(
    'run_output_tokens',
    'histogram',
    `Output tokens per successful run with usage, from job_metadata.total_output_tokens; ${BOUND}.`,
  ),
  turnsPerRun: chat('run_turns', 'histogram', `Turns per observed run, from job_metadata.turns; ${BOUND}.`),
} as const;

/** The state of the sessions now; absent until the first complete sweep of the project. */
export const SESSIONS = {
  sessions: chat(
    'sessions',
    'gauge',
    'Sessions by the outcome of their most recent run, from job_metadata.is_error, as of the last poll.',
    'state',
  ),
  active: chat(
    'sessions_active',
    'gauge',
    'Sessions whose last_updated_at lies within the window that ends at the last successful poll.',
    'window',
  ),
  errorRatio: chat(
    'sessions_error_ratio',
    'gauge',
    'Share of the sessions that have run whose most recent run failed, from job_metadata.is_error, as of the last poll.',
  ),
  lastRunInputTokens: chat(
    'last_run_input_tokens',
    'gauge',
    'Sum over the sessions of job_metadata.total_input_tokens of their most recent run, as of the last poll.',
  ),
  lastRunOutputTokens: chat(
    'last_run_output_tokens',
    'gauge',
    'Sum over the sessions of job_metadata.total_output_tokens of their most recent run, as of the last poll.',
  ),
  lastRunTurns: chat(
    'last_run_turns',
    'gauge',
    'Sum over the sessions of job_metadata.turns of their most recent run, as of the last poll.',
  ),
  lastRunDurationAvg: chat(
    'last_run_duration_avg_seconds',
    'gauge',
    "Mean duration in seconds of the sessions' most recent runs, from job_metadata.duration_ms, as of the last poll.",
  ),
  lastRunDurationMax: chat(
    'last_run_duration_max_seconds',
    'gauge',
    "Longest duration in seconds among the sessions' most recent runs, from job_metadata.duration_ms, as of the last poll.",
  ),
  lastActivity: chat(
    'last_activity_timestamp_seconds',
    'gauge',
    'Newest last_updated_at of any session, in seconds since the epoch, as of the last poll.',
  ),
  indexSessions: chat(
    'index_sessions',
    'gauge',
    'Sessions bound to an index, from index_ids, the largest indexes by name and the rest as other, as of the last poll.',
    'index_id',
  ),
  projectInfo: {
    name: 'llamacloud_project_info',
    type: 'gauge',
    scope: 'project',
    labels: ['organization_id', 'is_default'],
    help: 'Project as discovery shows it, from GET /api/v1/projects, as of the last poll; always 1.',
  },
} as const;

/** How polling of each project goes; part of the snapshot. */
export const POLLING = {
  up: poll('project_up', 'gauge', 'Whether the last poll of the project succeeded (1) or failed (0).'),
  lastSuccess: poll(
    'project_last_success_timestamp_seconds',
    'gauge',
    'Server time of the last successful poll of the project, in seconds since the epoch.',
  ),
  lastFullSweep: poll(
    'project_last_full_sweep_timestamp_seconds',
    'gauge',
    'Server time at the end of the last complete sweep of the project, in seconds since the epoch.',
  ),
  headPolling: poll(
    'project_head_polling',
    'gauge',
    'Whether only the head of the session list is read between full sweeps (1) or always the whole list (0).',
  ),
  gap: poll(
    'project_poll_gap_seconds',
    'gauge',
    'Time between the last two successful polls of the project, in seconds.',
  ),
  duration: poll(
    'poll_duration_seconds',
    'gauge',
    'Duration of the last poll of the project by kind, in seconds.',
    'kind',
  ),
  polls: poll('polls_total', 'counter', 'Polls of the project by kind and outcome.', 'kind', 'outcome'),
  failures: poll('poll_failures_total', 'counter', 'Failed polls of the project by reason.', 'reason'),
  sweepProgress: poll(
    'sweep_progress_ratio',
    'gauge',
    'Pages read by the running full sweep over the pages of the last complete one; 1 at rest.',
  ),
  invalid: poll(
    'invalid_sessions_total',
    'counter',
    'Items of the session list that were dropped because they are malformed, by reason.',
    'reason',
  ),
  staleReads: poll('stale_reads_total', 'counter', 'Sessions shown with an older state than recorded, and ignored.'),
  misses: poll(
    'head_poll_misses_total',
    'counter',
    'Changes that a full sweep found below the reach of the next head poll.',
  ),
  unreconciled: poll(
    'unreconciled_runs_total',
    'counter',
    'Event histories whose recorded run was not found exactly once, so that only their newest run was counted.',
  ),
} as const;

/** The exporter itself; rendered beside the snapshot. */
export const EXPORTER = {
  buildInfo: own('build_info', 'gauge', 'Build of the exporter; always 1.', 'version', 'revision', 'node_version'),
  pollInterval: own('poll_interval_seconds', 'gauge', 'Configured interval between polls by kind, in seconds.', 'kind'),
  pages: own('pages_total', 'counter', 'Pages of the session list read.', 'account'),
  sessionsSeen: own('sessions_seen_total', 'counter', 'Items of the session list read.', 'account'),
  discoveryUp: own(
    'discovery_up',
    'gauge',
    'Whether the last discovery of projects succeeded (1) or failed (0).',
    'account',
  ),
  discoveryLastSuccess: own(
    'discovery_last_success_timestamp_seconds',
    'gauge',
    'Server time of the last successful discovery of projects, in seconds since the epoch.',
    'account',
  ),
  projects: own('projects', 'gauge', 'Projects that are polled, as of the last successful discovery.', 'account'),
  requests: own(
    'api_requests_total',
    'counter',
    'Attempts of requests to the LlamaCloud API by endpoint and status code.',
    'account',
    'endpoint',
    'code',
  ),
  requestDuration: own(
    'api_request_duration_seconds',
    'histogram',
    'Duration of attempts of requests to the LlamaCloud API, in seconds.',
    'account',
    'endpoint',
  ),
  retries: own(
    'api_retries_total',
    'counter',
    'Repeated attempts of requests to the LlamaCloud API by reason.',
    'account',
    'reason',
  ),
  rateLimit: own(
    'api_request_rate_limit',
    'gauge',
    'Requests per second that the limiter allows now; +Inf when unlimited.',
    'account',
  ),
  stateSessions: own(
    'state_sessions',
    'gauge',
    'Sessions in the state: live ones, and deleted ones that are kept as tombstones.',
    'state',
  ),
  stateSize: own('state_size_bytes', 'gauge', 'Size of the state on disk in bytes.'),
  stateCreated: own(
    'state_created_timestamp_seconds',
    'gauge',
    'Time at which the state was created, in seconds since the epoch; counters start here.',
  ),
  stateWriteErrors: own(
    'state_write_errors_total',
    'counter',
    'Writes to the state that failed; what they held was not counted and is read again.',
  ),
  snapshotSize: own(
    'snapshot_size_bytes',
    'gauge',
    'Size of the compressed project part of /metrics in bytes, for the formats asked for so far.',
  ),
  snapshotSeries: own('snapshot_series', 'gauge', 'Series in the project part of /metrics.'),
  snapshotTimestamp: own(
    'snapshot_timestamp_seconds',
    'gauge',
    'Time of the last publication, in seconds since the epoch.',
  ),
  reloadSuccessful: own(
    'config_last_reload_successful',
    'gauge',
    'Whether the last reload of the configuration succeeded (1) or failed (0).',
  ),
  reloadTimestamp: own(
    'config_last_reload_success_timestamp_seconds',
    'gauge',
    'Time of the last successful load of the configuration, in seconds since the epoch.',
  ),
} as const;

/** prom-client's default metrics that dashboards and rules use. Their HELP is prom-client's. */
export const PROCESS = {
  startTime: 'process_start_time_seconds',
  residentMemory: 'process_resident_memory_bytes',
  cpu: 'process_cpu_seconds_total',
  openFds: 'process_open_fds',
  heapUsed: 'nodejs_heap_size_used_bytes',
  eventLoopLagP99: 'nodejs_eventloop_lag_p99_seconds',
  gcDuration: 'nodejs_gc_duration_seconds',
} as const;

/** All metrics of the catalogue in the order of the exposition. */
export const CATALOG: readonly Metric[] = [RUNS, SESSIONS, POLLING, EXPORTER].flatMap((group) =>
  Object.values<Metric>(group),
);
