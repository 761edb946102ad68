/** Recording rules for runs, failures, tokens, durations and cost: counts of what was really there, never a rate times a window. */
import { RUNS } from '../../../src/metrics/catalog.ts';
import { PROJECT } from '../levels.ts';
import { promql, type RecordingRule, type RuleGroup } from '../rule.ts';
import { USERS_OWN } from '../thresholds/agents.ts';
import {
  cost,
  durationCount,
  durationSum,
  faultRatio,
  faults,
  LONG,
  R,
  runs,
  SHORT,
  tokens,
  type Window,
} from './names.ts';

const plain = (record: string, expr: string): RecordingRule => ({ record, expr, comment: '' });

const increase = (metric: string, window: string): string => `sum by (${PROJECT}) (increase(${metric}[${window}]))`;

const failed = (window: Window): string => promql`
  sum by (${PROJECT}) (
    increase(${RUNS.runErrors.name}[${window}])
      unless on (class)
    ${USERS_OWN}
  )
`;

const tokenIncrease = (window: '5m' | '30m' | '1h'): string =>
  promql`
    ${increase(RUNS.inputTokens.name, window)}
      +
    ${increase(RUNS.outputTokens.name, window)}
  `;

/** At every minute the 5 minute window holds each event of the last 5 minutes: an event is seen five times. */
const long = (fiveMinutes: string, window: string): string => `sum_over_time(${fiveMinutes}[${window}]) / 5`;

const ratio = (window: Window): RecordingRule => plain(faultRatio(window), `${faults(window)} / (${runs(window)} > 0)`);

export const RUN_GROUP: RuleGroup = {
  name: 'llamacloud-runs',
  comment:
    'What happened in short windows. The interval must be one minute: the long windows add up the 5 minute ones.',
  interval: '1m',
  rules: [
    ...SHORT.map((window) => plain(runs(window), increase(RUNS.runs.name, window))),
    ...SHORT.map((window) => plain(faults(window), failed(window))),
    ...(['30m', '1h', '2h'] as const).map(ratio),
    plain(tokens('5m'), tokenIncrease('5m')),
    plain(tokens('30m'), tokenIncrease('30m')),
    plain(tokens('1h'), tokenIncrease('1h')),
    plain(cost('5m'), increase(RUNS.cost.name, '5m')),
    plain(cost('30m'), increase(RUNS.cost.name, '30m')),
    plain(durationSum('1h'), increase(`${RUNS.duration.name}_sum`, '1h')),
    plain(durationCount('1h'), increase(`${RUNS.duration.name}_count`, '1h')),
  ],
};

export const LONG_GROUP: RuleGroup = {
  name: 'llamacloud-runs-long',
  comment: 'The same for long windows. A series younger than the window counts with what it has.',
  interval: '2m',
  rules: [
    ...LONG.flatMap((window) => [
      plain(runs(window), long(runs('5m'), window)),
      plain(faults(window), long(faults('5m'), window)),
      ratio(window),
    ]),
    plain(tokens('6h'), long(tokens('5m'), '6h')),
    plain(cost('1d'), long(cost('5m'), '1d')),
    plain(durationSum('6h'), increase(`${RUNS.duration.name}_sum`, '6h')),
    plain(durationCount('6h'), increase(`${RUNS.duration.name}_count`, '6h')),
    plain(R.withoutUsage, increase(RUNS.runsWithoutUsage.name, '1d')),
  ],
};
