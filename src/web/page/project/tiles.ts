/** The figures of one project, as tiles. */
import type { ProjectDetail, ProjectStatus } from '../../../domain/status.ts';
import { compact, duration, NOTHING, percent, usd, whole } from '../format.ts';
import { type Html, html } from '../html.ts';
import { instant } from '../overview/columns.ts';
import { exactUpTo } from '../shared/exactness.ts';
import { spark } from '../shared/spark.ts';
import { failedNote, type Tile } from '../shared/summary.ts';

export function projectTiles(detail: ProjectDetail): readonly Tile[] {
  const { project, duration: seconds, now } = detail;
  return [
    ...runs(project),
    ...money(detail),
    tokens(project),
    {
      label: 'Run duration',
      meaning:
        'Half of all counted runs took less than the first, 95% less than the second; estimated from the histogram.',
      value: duration(seconds.p50),
      note: `median; 95% below ${duration(seconds.p95)}`,
      tone: 'plain',
    },
    sessions(project),
    ...freshness(detail, now),
  ];
}

function runs(p: ProjectStatus): readonly Tile[] {
  return [
    {
      label: 'Runs counted',
      meaning: 'Runs since counting began, failed ones included.',
      value: whole(p.runs),
      note: failedNote(p.failedRuns, p.runs),
      tone: 'plain',
    },
    {
      label: 'Runs in the last hour',
      meaning: 'Runs counted within the last hour, or since the exporter started if that is later.',
      value: whole(p.lastHour?.runs ?? 0),
      note: html`${failedNote(p.lastHour?.failed ?? 0, p.lastHour?.runs ?? 0)} ${p.lastHour !== null && spark(p.lastHour)}`,
      tone: 'plain',
    },
  ];
}

/** Today and this month against the budgets; a month that is not known is left out. */
function money({ money: m, project }: ProjectDetail): readonly Tile[] {
  const meaning = 'Estimate in US dollars by the configured prices, of the runs counted in that time.';
  const total: Tile = {
    label: 'Cost',
    meaning: 'Estimate in US dollars by the configured prices, of all counted runs.',
    value: usd(project.costUsd),
    note: project.costUsd === null ? 'no price is configured' : 'of the runs counted',
    tone: 'plain',
  };
  const today = {
    label: 'Cost today',
    meaning,
    value: usd(m.todayUsd),
    ...against(m.todayUsd, m.dayBudgetUsd, 'since midnight UTC'),
  };
  const month = {
    label: 'Cost this month',
    meaning,
    value: usd(m.monthUsd),
    ...against(m.monthUsd, m.monthBudgetUsd, 'since the first, UTC'),
  };
  return [total, ...(m.todayUsd === null ? [] : [today]), ...(m.monthUsd === null ? [] : [month])];
}

function against(spent: number | null, budget: number | null, otherwise: string): Pick<Tile, 'note' | 'tone'> {
  if (spent === null || budget === null) return { note: otherwise, tone: 'plain' };
  const share = budget === 0 ? '' : ` (${percent(spent / budget)})`;
  return { note: `of ${usd(budget)}${share}`, tone: spent > budget ? 'bad' : 'plain' };
}

function tokens(p: ProjectStatus): Tile {
  return {
    label: 'Tokens',
    meaning: `${whole(p.inputTokens)} input and ${whole(p.outputTokens)} output tokens of all counted runs.`,
    value: compact(p.inputTokens + p.outputTokens),
    note: `${compact(p.inputTokens)} in, ${compact(p.outputTokens)} out`,
    tone: 'plain',
  };
}

function sessions(p: ProjectStatus): Tile {
  const share = p.errorRatio === null ? '' : ` (${percent(p.errorRatio)} of those that have run)`;
  return {
    label: 'Sessions',
    meaning: 'Sessions as of the last full sweep; in error are those whose most recent run failed.',
    value: whole(p.sessions),
    note: p.sessions === null ? 'not swept yet' : `${whole(p.sessionsInError)} in error${share}`,
    tone: 'plain',
  };
}

function freshness({ project: p, accounting }: ProjectDetail, now: string): readonly Tile[] {
  const age: Tile = {
    label: 'Data age',
    meaning: 'Time since the last successful poll of the project.',
    value: p.lastSuccess === null ? NOTHING : instant(p.lastSuccess, now),
    note: p.up === false ? 'the last poll failed' : sweeping(p),
    tone: p.up === false ? 'bad' : 'plain',
  };
  if (accounting !== 'every_run') return [age];
  const exact: Tile = {
    label: 'Exact up to',
    meaning: 'Every run that ended before is counted; later ones may be missing until event histories are read.',
    value: exactUpTo(p, now),
    note: '',
    tone: 'plain',
  };
  return [age, exact];
}

/** A sweep whose end is not known has no share: the bar shows that it runs. */
function sweeping({ sweep, name }: ProjectStatus): Html | string {
  if (sweep === null) return 'last successful poll';
  const isKnown = sweep.progress > 0;
  const value = isKnown ? html` value="${sweep.progress.toFixed(3)}"` : html``;
  const left = sweep.secondsLeft === null ? `${whole(sweep.pages)} pages` : `${duration(sweep.secondsLeft)} left`;
  return html`<progress max="1"${value} aria-label="Full sweep of ${name}"></progress> full sweep: ${isKnown ? `${Math.floor(sweep.progress * 100)}%, ` : ''}${left}`;
}
