/** Thresholds for failed runs, durations and silence. */
import { BY_PROJECT, PROJECT, PROJECTS } from '../levels.ts';
import { U } from '../recording/names.ts';
import { promql, type RecordingRule } from '../rule.ts';
import { computed, project } from './make.ts';

/** Failures that are the users' own doing. They burn no error budget. */
const USERS_CLASSES = ['cancelled', 'content_filter'];
/** The list as series, so that rules can leave its classes out. */
export const USERS_OWN = 'class:llamacloud_run_errors_of_users:info';

/** A share of failed runs: so many times the project's usual one, never below `floor`, and never so high that nothing can exceed it. */
const share = (metric: string, times: number, floor: number, comment: string): RecordingRule =>
  computed(
    metric,
    promql`
      clamp(${times} * ${U.faultRatio}, ${floor}, 0.9) * ${BY_PROJECT} ${PROJECTS}
        or on (${PROJECT})
      ${floor} * ${PROJECTS}
    `,
    comment,
  );

export const AGENT_THRESHOLDS = {
  usersOwn: {
    record: USERS_OWN,
    expr: USERS_CLASSES.map((name) => `label_replace(vector(1), "class", "${name}", "", "")`).join('\n  or\n'),
    comment: "Error classes that are the users' own doing: such runs count as runs, not as failures.",
  },
  failures: project(
    'run_failures',
    5,
    'Failed runs below which nobody is woken, whatever their share. Absolute: four failures may be chance in a project of any size.',
  ),
  fewFailures: project('run_failures_few', 3, 'The same for a message that wakes nobody.'),
  burnFast: share(
    'run_fault_ratio_fast',
    3,
    0.144,
    'Share of failed runs that wakes somebody: three times the usual one, at least 7.2 times the error budget of 2 % (an objective of 98 %).',
  ),
  burnSlow: share(
    'run_fault_ratio_slow',
    2,
    0.06,
    'Share of failed runs of a day that is too high: twice the usual one, at least three times the error budget of 2 %.',
  ),
  errorRatio: share(
    'run_fault_ratio_high',
    3,
    0.1,
    'Share of failed runs that is worth a message; where few failed, a margin for chance is added.',
  ),
  durationGrowth: project(
    'run_duration_growth_ratio',
    1.5,
    'Mean duration of runs over the usual one; a margin for chance is added, the larger the fewer runs there are.',
  ),
  withoutUsage: project('runs_without_usage_ratio', 0.2, 'Share of runs without token counts: their cost is not seen.'),
  expectedRuns: project(
    'runs_expected',
    15,
    'Runs expected in a window without any that make a project silent. Absolute: chance leaves such a window empty once in 3 million.',
  ),
  expectedRunsFew: project(
    'runs_expected_few',
    5,
    'The same for 6 hours, expected from the mean of seven days: once in 150. Projects with a few runs a day have no more to go by.',
  ),
} as const satisfies Record<string, RecordingRule>;
