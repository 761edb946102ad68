/** The section of the reference about the number of series, and how to have fewer; names and numbers come from the catalogue. */
import { RUNS } from '../src/metrics/catalog.ts';
import { NEEDED_BY_RULES } from '../src/metrics/needed-by-rules.ts';
import { RULES } from '../test/builders/values.ts';
import { wrapped } from './prose.ts';
import { FULL_RULES, seriesInAll, seriesPerProject } from './series-per-project.ts';

const histograms = [RUNS.duration, RUNS.inputTokensPerRun, RUNS.outputTokensPerRun, RUNS.turnsPerRun];

/** Ends without a newline. */
export function sizeAdvice(): string {
  const perFamily = seriesPerProject(RULES);
  const inHistograms = histograms.reduce((sum, { name }) => sum + (perFamily.get(name) ?? 0), 0);
  const needed = wrapped(`${NEEDED_BY_RULES.map((name) => `\`${name}\``).join(', ')}.`);
  return `## Size

With the default configuration a project has at most ${seriesInAll(RULES)} series, ${inHistograms} of them in histograms; with a price and
both budgets ${seriesInAll(FULL_RULES)}. Each error class of your own adds one, and so does each bound in \`metrics.duration_buckets\`.

If that is too much, leave families out at the source. That saves work in the exporter, transfer and storage, for everybody who scrapes:

\`\`\`yaml
metrics:
  disable: ["${RUNS.inputTokensPerRun.name}", "${RUNS.outputTokensPerRun.name}", "llamacloud_chat_last_run_*"]
\`\`\`

Or leave out what one Prometheus does not need when it scrapes. \`metric_relabel_configs\` sees every series after the transfer, so it can do
what \`disable\` cannot: keep a histogram and drop some of its buckets, or drop a metric of some projects only.

\`\`\`yaml
metric_relabel_configs:
  # Keeps sum and count of tokens per run (means), drops the buckets (quantiles).
  - source_labels: [__name__]
    regex: llamacloud_chat_run_(input|output)_tokens_bucket
    action: drop
  # Every second bucket of durations is enough for a quantile. The bounds must stay the same from scrape to scrape; +Inf always stays.
  - source_labels: [__name__, le]
    regex: ${RUNS.duration.name}_bucket;(0\\.5|2\\.5|(10|40|160|640|2560)(\\.0)?)
    action: drop
  # Details of polling of projects that are named as trials.
  - source_labels: [__name__, project]
    regex: llamacloud_exporter_(poll_failures|invalid_sessions|histories)_total;trial-.*
    action: drop
\`\`\`

Never drop the labels \`project_id\` or \`project\` of a series: two projects would become one. If \`metrics.disable\` leaves out a metric that the
shipped rules need, the exporter warns about it, because alerts on it cannot fire; panels of the dashboards stay empty. The rules need:

${needed}`;
}
