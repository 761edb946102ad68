/** The catalogue of metrics on sessions. */
import { chat } from './metric.ts';

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
    'Sessions whose last_updated_at is no older than the window, counted back from the last successful poll.',
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
    'Sessions bound to an index, from index_ids, the largest indexes by id and the rest as other, as of the last poll.',
    'index_id',
  ),
  projectInfo: {
    name: 'llamacloud_project_info',
    type: 'gauge',
    scope: 'project',
    part: 'projects',
    labels: ['account', 'organization_id', 'is_default', 'team'],
    help: 'Project as the last discovery showed it, from GET /api/v1/projects, with the account that polls it and the team that is configured; always 1.',
  },
} as const;
