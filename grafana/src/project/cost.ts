/** What a project costs, by the configured prices. */
import { RUNS } from '../../../src/metrics/catalog.ts';
import { bars, fixed, lines, NO_PRICE } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { color, dashed } from '../overrides.ts';
import { COLOR } from '../palette.ts';
import { growth, ofProjects, rate, ratio, sum, top, weekAgo } from '../promql.ts';
import { now, series } from '../queries.ts';

const perSecond = sum(rate(ofProjects(RUNS.cost)));

function costPerHour() {
  return lines('Cost per hour', 'Estimated cost per hour, now and a week ago.', 'currencyUSD')
    .noValue(NO_PRICE)
    .withTarget(series(`${perSecond} * 3600`, 'Now'))
    .withTarget(series(`${sum(weekAgo(RUNS.cost, 'rate'))} * 3600`, 'A week ago'))
    .overrideByName('Now', [color(COLOR.cost)])
    .overrideByName('A week ago', [color(COLOR.past), ...dashed()]);
}

function costPerRun() {
  return lines('Cost per run', 'Estimated cost of a run, failed runs included: the mean of each window.', 'currencyUSD')
    .noValue(NO_PRICE)
    .withTarget(series(ratio(perSecond, sum(rate(ofProjects(RUNS.runs)))), 'Per run'))
    .overrideByName('Per run', [color(COLOR.cost)]);
}

function byProject() {
  return bars(
    'Cost of the time range',
    'Estimated cost of the chosen projects within the time range, the ten dearest.',
    'currencyUSD',
  )
    .noValue(NO_PRICE)
    .decimals(2)
    .colorScheme(fixed(COLOR.cost))
    .withTarget(
      now(`sort_desc(${top(10, sum(growth(ofProjects(RUNS.cost)), 'project_id', 'project'))})`, '{{project}}'),
    );
}

export function cost(): Row {
  return { title: 'Cost', panels: [place(costPerHour(), 9, 8), place(costPerRun(), 9, 8), place(byProject(), 6, 8)] };
}
