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
