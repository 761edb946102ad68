/** Runs and failures of all projects over time, beside the alerts. */
import { RUNS } from '../../../src/metrics/catalog.ts';
import { alertTable } from '../alerts.ts';
import { limited, lines } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { LIMITS } from '../limits.ts';
import { color, dashed } from '../overrides.ts';
import { COLOR } from '../palette.ts';
import { ofProjects, rate, ratio, total, weekAgo } from '../promql.ts';
import { series } from '../queries.ts';

function runs() {
  return lines(
    'Runs per second',
    'All agent runs, the failed ones among them, and all runs at the same time a week ago.',
    'short',
  )
    .withTarget(series(total(rate(ofProjects(RUNS.runs))), 'All'))
    .withTarget(series(total(rate(ofProjects(RUNS.runErrors))), 'Failed'))
    .withTarget(series(total(weekAgo(RUNS.runs, 'rate')), 'All, a week ago'))
    .overrideByName('All', [color(COLOR.runs)])
    .overrideByName('Failed', [color(COLOR.error)])
    .overrideByName('All, a week ago', [color(COLOR.past), ...dashed()]);
}

function errorRatio() {
  const panel = lines(
    'Error ratio',
    'Failed runs of all runs. The dashed lines stand at 2 % (the objective) and 10 %.',
    'percentunit',
  );
  return limited(panel, LIMITS.errorRatio)
    .axisSoftMax(0.05)
    .withTarget(series(ratio(total(rate(ofProjects(RUNS.runErrors))), total(rate(ofProjects(RUNS.runs)))), 'Failed'))
    .overrideByName('Failed', [color(COLOR.error)]);
}

export function traffic(): Row {
  return {
    title: 'Runs and errors',
    panels: [place(runs(), 8, 9), place(errorRatio(), 7, 9), place(alertTable(), 9, 9)],
  };
}
