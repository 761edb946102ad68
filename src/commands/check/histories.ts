/** The part of `check`'s report about event histories: what reading them costs, and what `last_run` would leave out. Pure. */
import { ExporterError } from '../../domain/errors.ts';
import type { Rules } from '../../domain/rules.ts';
import { MINUTE } from '../../domain/time.ts';
import { ACTIVE, type HistoryFound, type PageFound, type ProjectFound } from './probe.ts';
import { type Column, cell, table } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'PROJECT', align: 'left' },
  { title: 'ACTIVE SESSIONS', align: 'right' },
  { title: 'ADDED REQUESTS PER MINUTE', align: 'right' },
  { title: 'RUNS IN ONE HISTORY', align: 'right' },
  { title: 'ITS SIZE', align: 'right' },
  { title: 'LATENCY', align: 'right' },
];

/** Minutes that a session counts as active. */
const WINDOW = ACTIVE / MINUTE;

/** The part of the report about histories; nothing where no page could be read. */
export function historyLines(projects: readonly ProjectFound[], accounting: Rules['accounting']): readonly string[] {
  const read = projects.flatMap(({ project, page, history }) =>
    page instanceof ExporterError ? [] : [{ project, page, history }],
  );
  if (read.length === 0) return [];
  const requests = requestsAdded(read.map(({ page }) => page));
  if (accounting === 'last_run') return ['', ...withoutHistories(requests)];
  const rows = read.map(({ project, page, history }) => row(cell(project.name) || project.id, page, history));
  return ['', ...table(COLUMNS, rows).map((line) => `  ${line}`), '', ...withHistories(requests)];
}

/** In words, of all projects together. */
function requestsAdded(pages: readonly PageFound[]): string {
  const perMinute = pages.reduce((sum, page) => sum + added(page), 0);
  if (!pages.some(mayHideActive)) return `about ${rounded(perMinute)} requests per minute`;
  return perMinute === 0
    ? 'an unknown number of requests per minute'
    : `at least ${rounded(perMinute)} requests per minute`;
}

function withHistories(requests: string): readonly string[] {
  return [
    `  Reading event histories adds ${requests} at present: one each time that one of the sessions active`,
    `  in the last ${WINDOW} minutes rests for polling.interval, or keeps running for ${WINDOW} minutes.`,
    '  With accounting: last_run it would add none, but of several runs of a session between two polls only the last would count.',
  ];
}

function withoutHistories(requests: string): readonly string[] {
  return [
    '  accounting: last_run reads no event histories: of several runs of a session between two polls only the last counts.',
    `  accounting: every_run would count them all, and add ${requests} at present.`,
  ];
}

function row(name: string, page: PageFound, history: HistoryFound | ExporterError | null): readonly string[] {
  const active = `${page.active}${mayHideActive(page) ? ' or more' : ''}`;
  const cost = [name, active, rounded(added(page))];
  if (history === null) return [...cost, 'no run yet'];
  if (history instanceof ExporterError) return [...cost, `FAILED: ${history.code}`];
  return [...cost, `${history.runs}`, size(history.bytes), `${Math.round(history.latencyMs)} ms`];
}

/** Requests per minute: each active session is read once in the window. */
const added = ({ active }: PageFound): number => active / WINDOW;

/** The page may not show all active sessions: it is full of them, or not in the order of their last update. */
function mayHideActive({ more, order, active, sessions }: PageFound): boolean {
  return more && (order !== 'newest first' || active === sessions);
}

const rounded = (value: number): string => `${Math.round(value * 10) / 10}`;

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${rounded(bytes / 1024)} KiB` : `${rounded(bytes / (1024 * 1024))} MiB`;
}
