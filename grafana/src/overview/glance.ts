/** The first row of the overview: is anything wrong, and how much goes on? */
import { RUNS, SESSIONS } from '../../../src/metrics/catalog.ts';
import { alertCount } from '../alerts.ts';
import { byThresholds, fixed, limits, stat } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { LIMITS } from '../limits.ts';
import { COLOR } from '../palette.ts';
import { growth, ofProjects, quantileOverRange, rate, ratio, total } from '../promql.ts';
import { now } from '../queries.ts';
import { oldestData, projectCount } from '../shared.ts';

function runsPerSecond() {
  return stat('Runs/s now', 'Agent runs per second now, failed ones included.', 'short')
    .colorScheme(fixed(COLOR.runs))
    .withTarget(now(total(rate(ofProjects(RUNS.runs))), 'Runs'));
}

function errorRatio() {
  return stat('Failed runs', 'Failed runs of all runs within the time range.', 'percentunit')
    .noValue('No runs')
    .colorScheme(byThresholds())
    .thresholds(limits(LIMITS.errorRatio))
    .withTarget(now(ratio(total(growth(ofProjects(RUNS.runErrors))), total(growth(ofProjects(RUNS.runs)))), 'Failed'));
}

function p95() {
  return stat('p95 duration', 'Nineteen of twenty runs within the time range took no longer than this.', 's')
    .noValue('No runs')
    .colorScheme(byThresholds())
    .thresholds(limits(LIMITS.durationP95))
    .withTarget(now(quantileOverRange(0.95, RUNS.duration), 'p95'));
}

function activeSessions() {
  const panel = stat(
    'Sessions in use',
    'Sessions updated within the window that ends at the last successful poll.',
    'short',
  );
  for (const window of ['5m', '1h']) {
    panel.withTarget(now(total(ofProjects(SESSIONS.active, `window="${window}"`)), window));
  }
  return panel;
}

export function glance(): Row {
  const height = 4;
  return {
    title: 'At a glance',
    panels: [
      place(alertCount(), 4, height),
      place(projectCount(), 4, height),
      place(oldestData(), 3, height),
      place(runsPerSecond(), 3, height),
      place(errorRatio(), 3, height),
      place(p95(), 3, height),
      place(activeSessions(), 4, height),
    ],
  };
}
