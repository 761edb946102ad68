/** The catalogue of metrics on runs. */
import { chat } from './metric.ts';

/** The list shows a run at once; the event history later adds what the list hid (docs/accounting.md, H7). */
const BOUND = 'as of the last poll; exact once verified, a lower bound with last_run accounting';

/** Durable counters and histograms: what happened since the epoch of the project. */
export const RUNS = {
  runs: chat(
    'runs_total',
    'counter',
    `Agent runs, failed ones included, from job_metadata and event histories, ${BOUND}.`,
  ),
  hiddenRuns: chat(
    'hidden_runs_total',
    'counter',
    'Agent runs that only an event history showed, part of llamacloud_chat_runs_total, as of the last poll; last_run accounting would miss them.',
  ),
  runErrors: chat(
    'run_errors_total',
    'counter',
    `Failed agent runs by error class, from job_metadata.is_error and job_metadata.error, ${BOUND}.`,
    'class',
  ),
  runsWithoutUsage: chat(
    'runs_without_usage_total',
    'counter',
    `Agent runs that had a null token count in job_metadata when they were counted, ${BOUND}.`,
  ),
  inputTokens: chat(
    'input_tokens_total',
    'counter',
    `Input tokens of all counted runs, from job_metadata.total_input_tokens, ${BOUND}.`,
  ),
  outputTokens: chat(
    'output_tokens_total',
    'counter',
    `Output tokens of all counted runs, from job_metadata.total_output_tokens, ${BOUND}.`,
  ),
  turns: chat('turns_total', 'counter', `Turns of all counted runs, from job_metadata.turns, ${BOUND}.`),
  cost: chat(
    'cost_usd_total',
    'counter',
    `Estimated cost in US dollars of all counted runs, from their tokens and the prices configured when they were counted, ${BOUND}.`,
  ),
  touches: chat(
    'session_touches_total',
    'counter',
    'Times that a session showed a newer last_updated_at with the same job_metadata figures, as of the last poll.',
  ),
  duration: chat(
    'run_duration_seconds',
    'histogram',
    `Duration of counted runs in seconds, from job_metadata.duration_ms, ${BOUND}.`,
  ),
  inputTokensPerRun: chat(
    'run_input_tokens',
    'histogram',
    `Input tokens per successful run with usage, from job_metadata.total_input_tokens, ${BOUND}.`,
  ),
  outputTokensPerRun: chat(
    'run_output_tokens',
    'histogram',
    `Output tokens per successful run with usage, from job_metadata.total_output_tokens, ${BOUND}.`,
  ),
  turnsPerRun: chat('run_turns', 'histogram', `Turns per counted run, from job_metadata.turns, ${BOUND}.`),
} as const;
