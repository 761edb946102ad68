/** The columns of the project table: their titles and their meaning. */
import type { ProjectStatus, Status } from '../../../domain/status.ts';
import { ago, compact, duration, percent, usd, whole } from '../format.ts';
import { type Html, html } from '../html.ts';
import { attentionChip } from '../shared/attention.ts';
import { exactUpTo } from '../shared/exactness.ts';
import { spark } from '../shared/spark.ts';
import type { SortKey } from './sort.ts';

export type Column = {
  readonly key: Exclude<SortKey, 'name'>;
  readonly label: string;
  /** What the figure is, in one sentence. */
  readonly meaning: string;
  readonly kind: 'text' | 'number';
  readonly value: (project: ProjectStatus, now: string) => Html | string;
  /** The figure in full, where the cell shortens it. */
  readonly exact?: (project: ProjectStatus) => string;
};

export const NAME_MEANING = 'The project, as LlamaCloud calls it, with its id.';

const ALL: readonly Column[] = [
  {
    key: 'status',
    label: 'Status',
    meaning:
      'Down: its last poll failed. Failing: at least a tenth of the runs of the last hour failed. Waiting: not polled yet by this process.',
    kind: 'text',
    value: (p) => html`${attentionChip(p)}${progress(p)}`,
  },
  {
    key: 'runs',
    label: 'Runs',
    meaning: 'Runs counted since counting began, failed ones included; the bars are the last hour.',
    kind: 'number',
    value: (p) => html`${whole(p.runs)} ${spark(p.lastHour)}`,
  },
  {
    key: 'failed',
    label: 'Failed runs',
    meaning: 'Runs counted since counting began that failed, and their share of all runs.',
    kind: 'number',
    value: (p) => withShare(p.failedRuns, p.runs === 0 ? null : p.failedRuns / p.runs),
  },
  {
    key: 'cost',
    label: 'Cost',
    meaning: 'Estimate in US dollars by the configured prices, of all counted runs.',
    kind: 'number',
    value: (p) => usd(p.costUsd),
  },
  {
    key: 'tokens',
    label: 'Tokens',
    meaning: 'Input and output tokens of all counted runs.',
    kind: 'number',
    value: (p) => compact(p.inputTokens + p.outputTokens),
    exact: (p) => `${whole(p.inputTokens)} in, ${whole(p.outputTokens)} out`,
  },
  {
    key: 'sessions',
    label: 'Sessions',
    meaning: 'Sessions in the project now, as of the last full sweep.',
    kind: 'number',
    value: (p) => whole(p.sessions),
  },
  {
    key: 'errors',
    label: 'Sessions in error',
    meaning: 'Sessions whose most recent run failed, and their share of the sessions that have run.',
    kind: 'number',
    value: (p) => withShare(p.sessionsInError, p.errorRatio),
  },
  {
    key: 'age',
    label: 'Data age',
    meaning: 'Time since the last successful poll of the project.',
    kind: 'number',
    value: (p, now) => (p.lastSuccess === null ? 'never read' : instant(p.lastSuccess, now)),
  },
  {
    key: 'exact',
    label: 'Exact up to',
    meaning: 'Every run that ended before is counted; later ones may be missing until event histories are read.',
    kind: 'number',
    value: exactUpTo,
  },
];

/** With `last_run` the counters are a lower bound, so nothing is exact. */
export function columnsOf({ accounting }: Pick<Status, 'accounting'>): readonly Column[] {
  return ALL.filter(({ key }) => key !== 'exact' || accounting === 'every_run');
}

function withShare(n: number | null, share: number | null): Html {
  return html`${whole(n)}${n !== null && n > 0 && share !== null && html` <span class="left">${percent(share)}</span>`}`;
}

export function instant(at: string, now: string): Html {
  return html`<time datetime="${at}" title="${at}">${ago(at, now)}</time>`;
}

/** A sweep whose end is not known has no share. */
function progress({ sweep }: ProjectStatus): Html | false {
  if (sweep === null) return false;
  const left = sweep.secondsLeft === null ? '' : `, ${duration(sweep.secondsLeft)} left`;
  const done = sweep.progress > 0 ? `${Math.floor(sweep.progress * 100)}%` : `${whole(sweep.pages)} pages`;
  return html` <span class="left">sweep ${done}${left}</span>`;
}
