/** The catalogue of the exporter's own metrics. */
import { common, own } from './metric.ts';

/** The exporter itself; rendered beside the snapshot. */
export const EXPORTER = {
  buildInfo: own('build_info', 'gauge', 'Build of the exporter; always 1.', 'version', 'revision', 'node_version'),
  pollInterval: common(
    'poll_interval_seconds',
    'gauge',
    'Configured interval between polls by kind, in seconds.',
    'kind',
  ),
  pages: own('pages_total', 'counter', 'Pages of the session list read.', 'account'),
  sessionsSeen: own('sessions_seen_total', 'counter', 'Items of the session list read.', 'account'),
  historyBytes: own(
    'history_bytes_total',
    'counter',
    'Bytes of event histories read, after decompression; nothing of their text is kept.',
    'account',
  ),
  discoveryUp: common(
    'discovery_up',
    'gauge',
    'Whether the last discovery of projects succeeded (1) or failed (0).',
    'account',
  ),
  discoveryLastSuccess: common(
    'discovery_last_success_timestamp_seconds',
    'gauge',
    'Server time of the last successful discovery of projects, in seconds since the epoch.',
    'account',
  ),
  projects: common(
    'projects',
    'gauge',
    'Projects that the account polls, as of the last successful discovery.',
    'account',
  ),
  requests: own(
    'api_requests_total',
    'counter',
    'Requests to the LlamaCloud API by endpoint and status code, each attempt counted.',
    'account',
    'endpoint',
    'code',
  ),
  requestDuration: own(
    'api_request_duration_seconds',
    'histogram',
    'Duration of requests to the LlamaCloud API in seconds, each attempt observed.',
    'account',
    'endpoint',
  ),
  retries: own(
    'api_retries_total',
    'counter',
    'Retried requests to the LlamaCloud API by reason.',
    'account',
    'reason',
  ),
  rateLimit: own(
    'api_request_rate_limit',
    'gauge',
    'Requests per second that the limiter allows now; +Inf when unlimited.',
    'account',
  ),
  stateSessions: common(
    'state_sessions',
    'gauge',
    'Sessions in the state, live ones and deleted ones that are kept for 30 days.',
    'state',
  ),
  stateSize: common('state_size_bytes', 'gauge', 'Size of the state on disk in bytes.'),
  stateCreated: common(
    'state_created_timestamp_seconds',
    'gauge',
    'Time when the state was created, in seconds since the epoch; the counters start here.',
  ),
  stateWriteErrors: own(
    'state_write_errors_total',
    'counter',
    'Failed writes to the state; what they held was not counted and is read again.',
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
