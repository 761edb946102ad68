/** Recording rules for what is usual for a project: its own last week, in pieces of 6 hours. */
import { PROJECT } from '../levels.ts';
import { promql, type RuleGroup } from '../rule.ts';
import { cost, durationCount, durationSum, faultRatio, runs, tokens, U } from './names.ts';

/** The sum over the last 28 windows of 6 hours. */
const week = (sixHours: string): string => `sum_over_time(${sixHours}[1w:6h] offset 6h)`;

/** Runs of a week below which a mean of them says nothing. */
const ENOUGH = 10;

/** Absent where the week adds up to nothing, as it does while runs have no token counts: growth from 0 is no growth to speak of. */
const meanOfWeek = (total: string, count: string): string => promql`
  (${week(total)} > 0)
    /
  (${week(count)} >= ${ENOUGH})
`;

/** The largest value of a week that ended a day ago, for series that are two days old or older: a young one has seen too little. */
const largest = (record: string, step: string): string => promql`
  max_over_time(${record}[6d:${step}] offset 1d)
    and on (${PROJECT})
  ${record} offset 2d
`;

const DAYS = [1, 2, 3, 4, 5, 6, 7];

export const USUAL_GROUP: RuleGroup = {
  name: 'llamacloud-usual',
  comment:
    'What is usual for each project. Absent where there is no past: alerts that compare with it are then silent.',
  interval: '2m',
  rules: [
    {
      record: U.faultRatio,
      expr: `quantile_over_time(0.5, ${faultRatio('6h')}[1w:6h] offset 6h)`,
      comment: 'A median: one bad day does not make failures usual.',
    },
    { record: U.tokensPerRun, expr: meanOfWeek(tokens('6h'), runs('6h')), comment: '' },
    { record: U.duration, expr: meanOfWeek(durationSum('6h'), durationCount('6h')), comment: '' },
    { record: U.maxHourTokens, expr: largest(tokens('1h'), '15m'), comment: '' },
    { record: U.maxCost, expr: largest(cost('30m'), '10m'), comment: '' },
    {
      record: U.runs6h,
      expr: promql`
        (
          ${DAYS.map((days) => `${runs('6h')} offset ${days}d`).join('\n            + ')}
        ) / 7
      `,
      comment: 'The same six hours of the seven days before.',
    },
    {
      record: U.dailyCost,
      expr: `avg_over_time(${cost('1d')}[1w:1h])`,
      comment: 'US dollars a day, for the forecast of the month.',
    },
  ],
};
