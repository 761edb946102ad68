/** Turns per run: agents that go round in circles show here. */
import { RUNS, SESSIONS } from '../../../src/metrics/catalog.ts';
import { limited, lines } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { LIMITS } from '../limits.ts';
import { color, dashed, rightAxis } from '../overrides.ts';
import { COLOR } from '../palette.ts';
import { mean, ofProjects, quantile, rate, ratio, total, weekAgoMean } from '../promql.ts';
import { series } from '../queries.ts';

function turnsPerRun() {
  const panel = lines(
    'Turns per run',
    'Quantiles of the turns of a run, estimated from the buckets of the histogram. The dashed lines stand at 10 and 20.',
    'short',
  );
  return limited(panel, LIMITS.turnsP95)
    .withTarget(series(quantile(0.5, RUNS.turnsPerRun), 'p50'))
    .withTarget(series(quantile(0.95, RUNS.turnsPerRun), 'p95'))
    .withTarget(series(quantile(0.99, RUNS.turnsPerRun), 'p99'))
    .overrideByName('p50', [color(COLOR.p50)])
    .overrideByName('p95', [color(COLOR.p95)])
    .overrideByName('p99', [color(COLOR.p99)]);
}

function meanTurns() {
  const ofLastRuns = ratio(
    total(ofProjects(SESSIONS.lastRunTurns)),
    total(ofProjects(SESSIONS.sessions, 'state!="never_run"')),
  );
  return lines(
    'Mean turns',
    'Mean number of turns of a run, now and a week ago, and of the most recent runs of all sessions.',
    'short',
  )
    .withTarget(series(mean(RUNS.turnsPerRun), 'Now'))
    .withTarget(series(weekAgoMean(RUNS.turnsPerRun), 'A week ago'))
    .withTarget(series(ofLastRuns, 'Last runs'))
    .overrideByName('Now', [color(COLOR.input)])
    .overrideByName('A week ago', [color(COLOR.past), ...dashed()])
    .overrideByName('Last runs', [color(COLOR.p50)]);
}

function turnsAndTouches() {
  return lines(
    'Turns and touches',
    'Per minute: turns of all runs, and sessions that were updated without a new run (right).',
    'short',
  )
    .withTarget(series(`60 * ${total(rate(ofProjects(RUNS.turns)))}`, 'Turns'))
    .withTarget(series(`60 * ${total(rate(ofProjects(RUNS.touches)))}`, 'Touches'))
    .overrideByName('Turns', [color(COLOR.input)])
    .overrideByName('Touches', [color(COLOR.neutral), rightAxis()]);
}

function incomplete() {
  const panel = lines(
    'Runs without usage',
    'Share of the runs without token counts: they are missing from tokens and cost. The dashed lines stand at 10 % and 20 %.',
    'percentunit',
  );
  return limited(panel, LIMITS.withoutUsage)
    .withTarget(
      series(
        ratio(total(rate(ofProjects(RUNS.runsWithoutUsage))), total(rate(ofProjects(RUNS.runs)))),
        'Without usage',
      ),
    )
    .overrideByName('Without usage', [color(COLOR.output)]);
}

export function turns(): Row {
  return {
    title: 'Turns and usage',
    panels: [
      place(turnsPerRun(), 6, 9),
      place(meanTurns(), 6, 9),
      place(turnsAndTouches(), 6, 9),
      place(incomplete(), 6, 9),
    ],
  };
}
