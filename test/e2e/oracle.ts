/** What /metrics has to say of a project, computed from the simulator's own truth and by nothing of the exporter. */
import type { Project } from '../../src/simulator/world/projects.ts';
import type { FinishedRun } from '../../src/simulator/world/types.ts';

/** Contract of metrics.md, written down here a second time on purpose. */
const DURATION = [0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560];
const TOKENS = [64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576];
const TURNS = [1, 2, 3, 5, 8, 13, 21, 34];

const isBad = (run: FinishedRun): boolean => run.figures.is_error ?? Boolean(run.figures.error);
const sum = (numbers: readonly (number | null | undefined)[]): number =>
  numbers.reduce<number>((a, b) => a + (b ?? 0), 0);

/** Gauges, from the last run of every live session. */
export function gaugesOf(project: Project): Record<string, number> {
  const live = project.sessions.filter((session) => session.current !== null);
  const last = live.flatMap((session) => session.runs.at(-1) ?? []);
  const p = `project_id="${project.id}"`;
  const durations = last.flatMap((run) => run.figures.duration_ms ?? []);
  const bad = last.filter(isBad).length;
  return {
    [`llamacloud_chat_sessions{${p},state="ok"}`]: last.length - bad,
    [`llamacloud_chat_sessions{${p},state="error"}`]: bad,
    [`llamacloud_chat_sessions{${p},state="never_run"}`]: live.length - last.length,
    [`llamacloud_chat_sessions_error_ratio{${p}}`]: bad / last.length,
    [`llamacloud_chat_last_run_input_tokens{${p}}`]: sum(last.map((run) => run.figures.total_input_tokens)),
    [`llamacloud_chat_last_run_output_tokens{${p}}`]: sum(last.map((run) => run.figures.total_output_tokens)),
    [`llamacloud_chat_last_run_turns{${p}}`]: sum(last.map((run) => run.figures.turns)),
    [`llamacloud_chat_last_run_duration_avg_seconds{${p}}`]: sum(durations) / durations.length / 1000,
    [`llamacloud_chat_last_run_duration_max_seconds{${p}}`]: Math.max(...durations) / 1000,
    [`llamacloud_chat_last_activity_timestamp_seconds{${p}}`]:
      Math.max(...live.map((s) => s.current?.updatedAt ?? 0)) / 1e6,
  };
}

/** Counters and histograms, from the runs that count. Prices in USD per million tokens. */
export function countersOf(
  project: Project,
  runs: readonly FinishedRun[],
  price: { input: number; output: number },
): Record<string, number> {
  const p = `project_id="${project.id}"`;
  const input = runs.map((run) => run.figures.total_input_tokens);
  const output = runs.map((run) => run.figures.total_output_tokens);
  const used = runs.filter(
    (run) =>
      !isBad(run) &&
      typeof run.figures.total_input_tokens === 'number' &&
      typeof run.figures.total_output_tokens === 'number',
  );
  return {
    [`llamacloud_chat_runs_total{${p}}`]: runs.length,
    [`llamacloud_chat_runs_without_usage_total{${p}}`]: runs.filter(
      (_, i) => (input[i] ?? null) === null || (output[i] ?? null) === null,
    ).length,
    [`llamacloud_chat_input_tokens_total{${p}}`]: sum(input),
    [`llamacloud_chat_output_tokens_total{${p}}`]: sum(output),
    [`llamacloud_chat_turns_total{${p}}`]: sum(runs.map((run) => run.figures.turns)),
    [`llamacloud_chat_cost_usd_total{${p}}`]: (sum(input) * price.input + sum(output) * price.output) / 1e6,
    ...errorsOf(p, runs),
    ...histogram(
      `llamacloud_chat_run_duration_seconds`,
      p,
      DURATION,
      runs.flatMap((run) => (typeof run.figures.duration_ms === 'number' ? run.figures.duration_ms / 1000 : [])),
    ),
    ...histogram(
      `llamacloud_chat_run_input_tokens`,
      p,
      TOKENS,
      used.map((run) => run.figures.total_input_tokens as number),
    ),
    ...histogram(
      `llamacloud_chat_run_output_tokens`,
      p,
      TOKENS,
      used.map((run) => run.figures.total_output_tokens as number),
    ),
    ...histogram(
      `llamacloud_chat_run_turns`,
      p,
      TURNS,
      runs.flatMap((run) => run.figures.turns ?? []),
    ),
  };
}

/** The simulator knows the cause of every failure; its texts are written so that the classes are the causes. */
function errorsOf(p: string, runs: readonly FinishedRun[]): Record<string, number> {
  const causes = [
    'rate_limited',
    'timeout',
    'context_length',
    'authentication',
    'index_unavailable',
    'cancelled',
    'content_filter',
    'internal',
    'other',
    'unknown',
  ];
  return Object.fromEntries(
    causes.map((cause) => [
      `llamacloud_chat_run_errors_total{class="${cause}",${p}}`,
      runs.filter((run) => isBad(run) && run.cause === cause).length,
    ]),
  );
}

function histogram(
  name: string,
  p: string,
  bounds: readonly number[],
  values: readonly number[],
): Record<string, number> {
  const buckets = [...bounds, Number.POSITIVE_INFINITY].map((bound) => [
    `${name}_bucket{le="${bound === Number.POSITIVE_INFINITY ? '+Inf' : bound}",${p}}`,
    values.filter((value) => value <= bound).length,
  ]);
  return Object.fromEntries([
    ...buckets,
    [`${name}_count{${p}}`, values.length],
    [`${name}_sum{${p}}`, sum(values)],
  ]) as Record<string, number>;
}
