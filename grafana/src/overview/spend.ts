/** What all projects use and cost. */
import { ReduceDataOptionsBuilder, VizOrientation } from '@grafana/grafana-foundation-sdk/common';
import { RUNS } from '../../../src/metrics/catalog.ts';
import { bars, fixed, lines, NO_PRICE, stat } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { color } from '../overrides.ts';
import { COLOR } from '../palette.ts';
import { growth, ofProjects, rate, top, total, withNames } from '../promql.ts';
import { now, series } from '../queries.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
/** Seconds of a mean month, 365.25 days / 12. */
const MONTH = 2_629_800;

function tokens() {
  return lines('Tokens per second', 'Input and output tokens of all runs, failed ones included.', 'short')
    .withTarget(series(total(rate(ofProjects(RUNS.inputTokens))), 'Input'))
    .withTarget(series(total(rate(ofProjects(RUNS.outputTokens))), 'Output'))
    .overrideByName('Input', [color(COLOR.input)])
    .overrideByName('Output', [color(COLOR.output)]);
}

function pace() {
  const perSecond = total(rate(ofProjects(RUNS.cost)));
  return stat(
    'Cost at the mean pace',
    'Estimated cost per hour, day and month (30.4 days) if it continues at the mean pace of the time range, by the prices in the configuration file.',
    'currencyUSD',
  )
    .decimals(2)
    .noValue('No price configured')
    .colorScheme(fixed(COLOR.cost))
    .orientation(VizOrientation.Horizontal)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['mean']).fields('').values(false))
    .withTarget(series(`${perSecond} * ${HOUR}`, 'Per hour'))
    .withTarget(series(`${perSecond} * ${DAY}`, 'Per day'))
    .withTarget(series(`${perSecond} * ${MONTH}`, 'Per month'));
}

function costPerHour() {
  return lines('Cost per hour', 'Estimated cost per hour of all runs, by the configured prices.', 'currencyUSD')
    .noValue(NO_PRICE)
    .withTarget(series(`${total(rate(ofProjects(RUNS.cost)))} * ${HOUR}`, 'Per hour'))
    .overrideByName('Per hour', [color(COLOR.cost)]);
}

function mostExpensive() {
  return bars(
    'Cost by project',
    'The ten most expensive projects of the time range, by the configured prices.',
    'currencyUSD',
  )
    .noValue(NO_PRICE)
    .decimals(2)
    .colorScheme(fixed(COLOR.cost))
    .withTarget(
      now(`sort_desc(${withNames(top(10, total(growth(ofProjects(RUNS.cost)), 'project_id')))})`, '{{project}}'),
    );
}

export function spend(): Row {
  return {
    title: 'Tokens and cost',
    panels: [place(tokens(), 7, 9), place(costPerHour(), 7, 9), place(pace(), 4, 9), place(mostExpensive(), 6, 9)],
  };
}
