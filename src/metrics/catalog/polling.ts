/** The catalogue of metrics on polling each project. */
import { poll } from './metric.ts';

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
    'Items of the session list that were dropped because they were malformed, by reason.',
    'reason',
  ),
  unverified: poll(
    'unverified_sessions',
    'gauge',
    'Sessions whose event history is still to be read, as of the last poll.',
  ),
  oldestUnverified: poll(
    'oldest_unverified_timestamp_seconds',
    'gauge',
    'Server time from which the session that waits longest for its event history is unverified, in seconds since the epoch.',
  ),
  histories: poll(
    'histories_total',
    'counter',
    'Attempts to read the event history of a session, by outcome.',
    'outcome',
  ),
  staleReads: poll(
    'stale_reads_total',
    'counter',
    'Times that the session list showed a session older than recorded, which was ignored.',
  ),
  misses: poll(
    'head_poll_misses_total',
    'counter',
    'Changes of known sessions that a full sweep found and the next head poll would not have reached.',
  ),
  unreconciled: poll(
    'unreconciled_runs_total',
    'counter',
    'Times that the number of runs of a session was uncertain and the smaller number was counted, or that its event history was given up.',
  ),
} as const;
