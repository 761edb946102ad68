/** Recording rules that tell which data can be believed. */
import { POLLING } from '../../../src/metrics/catalog.ts';
import { ACCOUNT, BY_PROJECT, PROJECT, PROJECTS } from '../levels.ts';
import { promql, type RuleGroup } from '../rule.ts';
import { T } from '../thresholds/index.ts';
import { R } from './names.ts';

const GAP = `max by (${PROJECT}) (${POLLING.gap.name})`;
/** Without the name of the recorded series: what `or` joins must be alike. */
const AGE = `max by (${PROJECT}) (${R.dataAge})`;
const LONGEST = 'project:llamacloud_data_gap_seconds:max';

export const FRESHNESS: RuleGroup = {
  name: 'llamacloud-data',
  comment: 'How old the data of each project is: where it is old, alerts on runs and cost are silent.',
  interval: '1m',
  rules: [
    {
      record: R.dataAge,
      expr: `time() - max by (${PROJECT}) (${POLLING.lastSuccess.name})`,
      comment: "Server time of LlamaCloud against Prometheus' own: keep the clocks in step.",
    },
    {
      record: R.stale,
      expr: promql`
        ${R.dataAge}
          > ${BY_PROJECT}
        ${T.dataAge}
      `,
      comment: 'The age, only where it is too high.',
    },
    {
      record: R.staleRatio,
      expr: promql`
        count by (${ACCOUNT}) (${R.stale})
          /
        count by (${ACCOUNT}) (${PROJECTS})
      `,
      comment: '',
    },
    {
      record: LONGEST,
      expr: promql`
        (${AGE} > ${GAP})
          or
        ${GAP}
          or
        ${AGE}
      `,
      comment: 'The age, or the time between the last two successful polls: the longer one.',
    },
    {
      record: R.gap,
      expr: `max_over_time(${LONGEST}[1h])`,
      comment: 'After a gap, what happened meanwhile is counted at once: that is no spike.',
    },
  ],
};
