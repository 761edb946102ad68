/** Tokens of a project: how many, and how many per run. */
import { RUNS, SESSIONS } from '../../../src/metrics/catalog.ts';
import { lines } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { color, dashed } from '../overrides.ts';
import { COLOR } from '../palette.ts';
import { ofProjects, rate, total, weekAgo } from '../promql.ts';
import { series } from '../queries.ts';
import { quantilesWithSessions } from '../shared.ts';

function perSecond() {
  return lines('Tokens per second', 'Input and output tokens of all runs, now and a week ago.', 'short')
    .withTarget(series(total(rate(ofProjects(RUNS.inputTokens))), 'Input'))
    .withTarget(series(total(rate(ofProjects(RUNS.outputTokens))), 'Output'))
    .withTarget(series(total(weekAgo(RUNS.inputTokens, 'rate')), 'Input, a week ago'))
    .withTarget(series(total(weekAgo(RUNS.outputTokens, 'rate')), 'Output, a week ago'))
    .overrideByName('Input', [color(COLOR.input)])
    .overrideByName('Output', [color(COLOR.output)])
    .overrideByName('Input, a week ago', [color(COLOR.input), ...dashed()])
    .overrideByName('Output, a week ago', [color(COLOR.output), ...dashed()]);
}

function inputPerRun() {
  return quantilesWithSessions(
    'Input tokens per run',
    'Quantiles over the successful runs that report their usage.',
    'short',
    RUNS.inputTokensPerRun,
  );
}

function outputPerRun() {
  return quantilesWithSessions(
    'Output tokens per run',
    'Quantiles over the successful runs that report their usage.',
    'short',
    RUNS.outputTokensPerRun,
  );
}

function lastRuns() {
  return lines('Tokens of the last runs', 'Sum over all sessions of the tokens of their most recent run.', 'short')
    .withTarget(series(total(ofProjects(SESSIONS.lastRunInputTokens)), 'Input'))
    .withTarget(series(total(ofProjects(SESSIONS.lastRunOutputTokens)), 'Output'))
    .overrideByName('Input', [color(COLOR.input)])
    .overrideByName('Output', [color(COLOR.output)]);
}

export function tokens(): Row {
  return {
    title: 'Tokens',
    panels: [
      place(perSecond(), 6, 10),
      place(inputPerRun(), 6, 10),
      place(outputPerRun(), 6, 10),
      place(lastRuns(), 6, 10),
    ],
  };
}
