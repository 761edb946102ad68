/** Recording rules that alerts share: rates, ratios and quantiles of each project. */
import { POLLING, RUNS } from '../../src/metrics/catalog.ts';
import { LEVEL_RULES, PROJECT } from './levels.ts';
import { promql, type RecordingRule, type RuleFile } from './rule.ts';

/** Windows whose rates come from the counters themselves. */
const SHORT = ['5m', '30m', '1h', '2h'] as const;
/** Windows whose rates are means of the 5 minute rate: reading days of raw samples at every evaluation would cost too much. */
const LONG = ['6h', '1d', '3d'] as const;
type Window = (typeof SHORT)[number] | (typeof LONG)[number];

export const runs = (window: Window): string => `project:llamacloud_chat_runs:rate${window}`;
export const errors = (window: Window): string => `project:llamacloud_chat_run_errors:rate${window}`;
export const errorRatio = (window: Window): string => `project:llamacloud_chat_run_error_ratio:rate${window}`;

export const R = {
  dataAge: 'project:llamacloud_data_age_seconds:max',
  tokens: 'project:llamacloud_chat_tokens:rate1h',
  withoutUsageRatio: 'project:llamacloud_chat_runs_without_usage_ratio:rate1h',
  durationP95: 'project:llamacloud_chat_run_duration_seconds:p95_rate30m',
  turnsP95: 'project:llamacloud_chat_run_turns:p95_rate1h',
  durationCount: 'project:llamacloud_chat_run_duration_seconds_count:rate6h',
  durationMean: 'project:llamacloud_chat_run_duration_seconds:mean_rate6h',
  hourlyCost: 'project:llamacloud_chat_cost_usd:increase1h',
  dailyCost: 'project:llamacloud_chat_cost_usd:increase1d',
} as const;

const plain = (record: string, expr: string): RecordingRule => ({ record, expr, comment: '' });

const shortRates = SHORT.flatMap((window) => [
  plain(runs(window), `sum by (${PROJECT}) (rate(${RUNS.runs.name}[${window}]))`),
  plain(errors(window), `sum by (${PROJECT}) (rate(${RUNS.runErrors.name}[${window}]))`),
]);

const longRates = LONG.flatMap((window) => [
  plain(runs(window), `avg_over_time(${runs('5m')}[${window}])`),
  plain(errors(window), `avg_over_time(${errors('5m')}[${window}])`),
]);

const ratios = (windows: readonly Window[]): readonly RecordingRule[] =>
  windows.map((window) => plain(errorRatio(window), `${errors(window)} / (${runs(window)} > 0)`));

const quantile = (record: string, histogram: string, window: string): RecordingRule =>
  plain(
    record,
    promql`
      histogram_quantile(0.95,
        sum by (${PROJECT}, le) (rate(${histogram}_bucket[${window}]))
      )
    `,
  );

export const RECORDING: RuleFile = {
  name: 'llamacloud-recording.yml',
  header: `
Recording rules that the alerts share, named level:metric:operations. The level "project" has the labels job, instance and
project_id: a project can be renamed, its id stays. Scrape at least every minute: the shortest window is 5 minutes.`,
  groups: [
    { name: 'llamacloud-levels', comment: 'What is there.', interval: '', rules: LEVEL_RULES },
    {
      name: 'llamacloud-runs',
      comment: 'Runs and failed runs per second, and the share of failed ones: absent where nothing ran.',
      interval: '',
      rules: [
        {
          record: R.dataAge,
          expr: `time() - max by (${PROJECT}) (${POLLING.lastSuccess.name})`,
          comment: "Server time of LlamaCloud against Prometheus' own: keep the clocks in step.",
        },
        ...shortRates,
        ...ratios(SHORT),
        plain(
          R.withoutUsageRatio,
          promql`
            sum by (${PROJECT}) (rate(${RUNS.runsWithoutUsage.name}[1h]))
              /
            (${runs('1h')} > 0)
          `,
        ),
        plain(
          R.tokens,
          promql`
            sum by (${PROJECT}) (rate(${RUNS.inputTokens.name}[1h]))
              +
            sum by (${PROJECT}) (rate(${RUNS.outputTokens.name}[1h]))
          `,
        ),
        plain(R.hourlyCost, `sum by (${PROJECT}) (increase(${RUNS.cost.name}[1h]))`),
        quantile(R.durationP95, RUNS.duration.name, '30m'),
        quantile(R.turnsP95, RUNS.turnsPerRun.name, '1h'),
      ],
    },
    {
      name: 'llamacloud-runs-long',
      comment:
        'Long windows, every 2 minutes. Means of the 5 minute rate where they can be: days of raw samples cost too much.',
      interval: '2m',
      rules: [
        ...longRates,
        ...ratios(LONG),
        plain(R.durationCount, `sum by (${PROJECT}) (rate(${RUNS.duration.name}_count[6h]))`),
        plain(
          R.durationMean,
          promql`
            sum by (${PROJECT}) (rate(${RUNS.duration.name}_sum[6h]))
              /
            (${R.durationCount} > 0)
          `,
        ),
        plain(R.dailyCost, `sum by (${PROJECT}) (increase(${RUNS.cost.name}[1d]))`),
      ],
    },
  ],
};
