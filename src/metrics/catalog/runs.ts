import { chat } from './metric.ts';

/** With last_run accounting a run that another one replaced between two polls is not seen: the counters say so. */
const BOUND = 'a lower bound with last_run accounting, as of the last poll';

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
