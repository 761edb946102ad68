/** Recommended PromQL; names come from the catalogue, so that a renamed metric renames it here. */
import { POLLING, RUNS, SESSIONS } from '../src/metrics/catalog.ts';

/** Labels by which to aggregate: a project can be renamed, its id stays. */
const BY = 'job, instance, project_id';
const WITH_NAME = `* on (${BY}) group_left (project) ${SESSIONS.projectInfo.name}`;

const rate = (name: string): string => `sum by (${BY}) (rate(${name}[5m]))`;

/** What to ask, and how. */
export const QUERIES: readonly (readonly [question: string, query: string])[] = [
  ['Runs per second, with the name of the project', `${rate(RUNS.runs.name)}\n  ${WITH_NAME}`],
  ['Share of runs that failed', `${rate(RUNS.runErrors.name)}\n  / (${rate(RUNS.runs.name)} > 0)`],
  ['Failed runs per hour by class', `sum by (${BY}, class) (increase(${RUNS.runErrors.name}[1h]))`],
  [
    '95th percentile of run duration, in seconds',
    `histogram_quantile(0.95, sum by (${BY}, le) (rate(${RUNS.duration.name}_bucket[5m])))`,
  ],
  [
    'Mean input tokens of a successful run',
    `${rate(`${RUNS.inputTokensPerRun.name}_sum`)}\n  / (${rate(`${RUNS.inputTokensPerRun.name}_count`)} > 0)`,
  ],
  ['Estimated cost of the last day, in US dollars', `sum by (${BY}) (increase(${RUNS.cost.name}[1d]))`],
  [
    'Share of the runs that `accounting: last_run` would have missed',
    `${rate(RUNS.hiddenRuns.name)}\n  / (${rate(RUNS.runs.name)} > 0)`,
  ],
  ['Age of the oldest run that may be missing, in seconds', `time() - ${POLLING.oldestUnverified.name}`],
  ['Age of the data, in seconds', `time() - ${POLLING.lastSuccess.name}`],
];

/** The section of the reference for those who query. */
export function queryAdvice(): string {
  const queries = QUERIES.map(([question, query]) => `${question}:\n\n\`\`\`promql\n${query}\n\`\`\``);
  return `## Advice for queries

- The data changes every \`polling.interval\` (60 s), whatever the scrape interval. Set the Min step of panels to it, so that
  \`$__rate_interval\` spans four polls, and give rules windows of 5 minutes or more: since Prometheus 3.0 a range excludes its left end,
  and \`rate(x[1m])\` over samples a minute apart is empty.
- A project can be renamed. Aggregate by \`${BY}\`, also when you compare with the past, and take the name from
  \`${SESSIONS.projectInfo.name}\`.
- Prometheus 3 writes bucket bounds as floating point numbers, whatever the format of the scrape: \`le="1.0"\`, not \`le="1"\`.
- With \`every_run\`, a run that the list hid is counted a minute or a few minutes after it ended: give alerts on increases of runs and tokens
  a \`for\`, and bill from ranges that ended before the oldest unverified session.
- While a gauge is not known it is absent, not 0: use \`absent()\` or the age of the data to notice that.

${queries.join('\n\n')}`;
}
