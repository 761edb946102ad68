/** The first row of the project dashboard: the time range in numbers. */
import { RUNS, SESSIONS } from '../../../src/metrics/catalog.ts';
import { byThresholds, fixed, limits, stat } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { LIMITS } from '../limits.ts';
import { color, limitedBy, unit } from '../overrides.ts';
import { COLOR } from '../palette.ts';
import { growth, ofProjects, quantileOverRange, ratio, total, weekAgo } from '../promql.ts';
import { now } from '../queries.ts';

const runs = total(growth(ofProjects(RUNS.runs)));

function runCount() {
  return stat('Runs', 'Agent runs within the time range, and the change against the same range a week ago.', 'short')
    .withTarget(now(runs, 'Runs'))
    .withTarget(now(`${runs} / (${total(weekAgo(RUNS.runs, 'growth'))} > 0) - 1`, 'Against last week'))
    .overrideByName('Runs', [color(COLOR.runs), ...unit('locale', 0)])
    .overrideByName('Against last week', [...unit('percentunit', 0), color(COLOR.neutral)]);
}

function errorRatio() {
  return stat('Failed runs', 'Failed runs of all runs within the time range.', 'percentunit')
    .noValue('No runs')
    .colorScheme(byThresholds())
    .thresholds(limits(LIMITS.errorRatio))
    .withTarget(now(ratio(total(growth(ofProjects(RUNS.runErrors))), runs), 'Failed'));
}

function duration() {
  return stat(
    'Duration',
    'Half of the runs, and nineteen of twenty runs, within the time range took no longer than this.',
    's',
  )
    .noValue('No runs')
    .withTarget(now(quantileOverRange(0.5, RUNS.duration), 'p50'))
    .withTarget(now(quantileOverRange(0.95, RUNS.duration), 'p95'))
    .overrideByName('p50', [color(COLOR.p50)])
    .overrideByName('p95', [...limitedBy(LIMITS.durationP95)]);
}

function tokens() {
  return stat('Tokens', 'Input and output tokens within the time range.', 'short')
    .withTarget(now(total(growth(ofProjects(RUNS.inputTokens))), 'Input'))
    .withTarget(now(total(growth(ofProjects(RUNS.outputTokens))), 'Output'))
    .overrideByName('Input', [color(COLOR.input)])
    .overrideByName('Output', [color(COLOR.output)]);
}

function cost() {
  return stat('Cost', 'Estimated cost within the time range, by the configured prices.', 'currencyUSD')
    .decimals(2)
    .noValue('No price configured')
    .colorScheme(fixed(COLOR.cost))
    .withTarget(now(total(growth(ofProjects(RUNS.cost))), 'Cost'));
}

function lastActivity() {
  return stat(
    'Last activity',
    'The newest update of any session, as of the last successful poll.',
    'dateTimeFromNow',
  ).withTarget(now(`max(${ofProjects(SESSIONS.lastActivity)}) * 1000`, 'Last activity'));
}

export function glance(): Row {
  const height = 4;
  return {
    title: 'The time range in numbers',
    panels: [
      place(runCount(), 5, height),
      place(errorRatio(), 3, height),
      place(duration(), 5, height),
      place(tokens(), 5, height),
      place(cost(), 3, height),
      place(lastActivity(), 3, height),
    ],
  };
}
