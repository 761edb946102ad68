/** Runs and failures of a project, beside the week before. */
import { RUNS } from '../../../src/metrics/catalog.ts';
import { events, legendBeside, limited, lines } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { LIMITS } from '../limits.ts';
import { color, dashed } from '../overrides.ts';
import { COLOR, ERROR_CLASS_COLORS } from '../palette.ts';
import { ofProjects, rate, ratio, total, weekAgo } from '../promql.ts';
import { series, seriesWithExemplars } from '../queries.ts';

const errors = total(rate(ofProjects(RUNS.runErrors)));
const runsNow = total(rate(ofProjects(RUNS.runs)));

function runs() {
  return lines(
    'Runs per second',
    'All agent runs, the failed ones among them, and all runs at the same time a week ago.',
    'short',
  )
    .withTarget(series(runsNow, 'All'))
    .withTarget(series(errors, 'Failed'))
    .withTarget(series(total(weekAgo(RUNS.runs, 'rate')), 'All, a week ago'))
    .overrideByName('All', [color(COLOR.runs)])
    .overrideByName('Failed', [color(COLOR.error)])
    .overrideByName('All, a week ago', [color(COLOR.past), ...dashed()]);
}

function errorRatio() {
  const past = `${total(weekAgo(RUNS.runErrors, 'rate'))} / (${total(weekAgo(RUNS.runs, 'rate'))} > 0)`;
  const panel = lines(
    'Error ratio',
    'Failed runs of all runs, now and a week ago. The dashed lines stand at 2 % (the objective) and 10 %.',
    'percentunit',
  );
  return limited(panel, LIMITS.errorRatio)
    .axisSoftMax(0.05)
    .withTarget(series(ratio(errors, runsNow), 'Failed'))
    .withTarget(series(past, 'Failed, a week ago'))
    .overrideByName('Failed', [color(COLOR.error)])
    .overrideByName('Failed, a week ago', [color(COLOR.past), ...dashed()]);
}

function errorsByClass() {
  const panel = events(
    'Failed runs by class',
    'Failed runs per minute by error class, on top of each other. A point is the newest failed session of a class: its tooltip shows the id and leads to the sessions of the project.',
  )
    .noValue('No failed runs')
    .legend(legendBeside())
    .withTarget(seriesWithExemplars(`60 * ${total(rate(ofProjects(RUNS.runErrors)), 'class')}`, '{{class}}'));
  for (const [name, classColor] of ERROR_CLASS_COLORS) panel.overrideByName(name, [color(classColor)]);
  return panel;
}

export function runsAndErrors(): Row {
  return {
    title: 'Runs and errors',
    panels: [place(runs(), 8, 9), place(errorRatio(), 7, 9), place(errorsByClass(), 9, 9)],
  };
}
