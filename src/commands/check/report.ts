/** The report of `check` as text for people: tables per account, then what failed and how to fix it. Pure. */
import { ExporterError } from '../../domain/errors.ts';
import type { Rules } from '../../domain/rules.ts';
import type { StateCheck } from '../../domain/state-check.ts';
import { sentences } from '../process/errors.ts';
import { historyLines } from './histories.ts';
import type { AccountFound, PageFound, ProjectFound } from './probe.ts';
import { stateFailures, stateLines } from './state.ts';
import { type Column, cell, table } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'PROJECT', align: 'left' },
  { title: 'FIRST PAGE', align: 'right' },
  { title: 'ORDER SEEN', align: 'left' },
  { title: 'PAGE SIZE', align: 'left' },
  { title: 'LATENCY', align: 'right' },
  { title: 'REQUESTS PER SWEEP', align: 'left' },
  { title: 'AT RATE LIMIT', align: 'left' },
];

export type Report = { readonly text: string; readonly ok: boolean };

/** The whole report; `ok` is false when anything failed. `state`: null for one that no other process shares. */
export function checkReport(
  found: readonly AccountFound[],
  accounting: Rules['accounting'],
  state: StateCheck | null = null,
): Report {
  const failures = [...stateFailures(state), ...found.flatMap(failuresOf)];
  const lines = [...stateLines(state), ...found.flatMap((account) => [...accountLines(account, accounting), ''])];
  const fixes = failures.flatMap(({ what, fix }) => [`  ${what}`, `    ${fix}`]);
  const verdict = failures.length === 0 ? 'All is well.' : `What failed (${failures.length}):`;
  return { text: `${[...lines, verdict, ...fixes].join('\n')}\n`, ok: failures.length === 0 };
}

function accountLines(
  { account, discovered, latencyMs, projects }: AccountFound,
  accounting: Rules['accounting'],
): readonly string[] {
  const head = [`Account ${account.name}, ${account.baseUrl}`, `  key        ${keyVerdict(discovered)}`];
  if (discovered instanceof ExporterError) return [...head, `  discovery  FAILED: ${discovered.code}`];
  const seen = `ok, ${plural(discovered, 'project')} in ${milliseconds(latencyMs)}`;
  const selection = projects.length === discovered ? '' : `, ${projects.length} selected`;
  const rows = projects.map((project) => row(project, account));
  const body = rows.length === 0 ? [] : ['', ...table(COLUMNS, rows).map((line) => `  ${line}`)];
  return [
    ...head,
    `  discovery  ${seen}${selection}`,
    ...body,
    ...notes(projects, account),
    ...historyLines(projects, accounting),
  ];
}

function keyVerdict(discovered: AccountFound['discovered']): string {
  if (!(discovered instanceof ExporterError)) return 'ok';
  if (discovered.code === 'unauthorized') return 'REJECTED by the API';
  return discovered.code === 'forbidden' ? 'may not list projects' : 'cannot tell: no usable answer';
}

type Limits = Pick<AccountFound['account'], 'pageSize' | 'requestsPerMinute'>;

function row({ project, page }: ProjectFound, limits: Limits): readonly string[] {
  const name = cell(project.name) || project.id;
  if (page instanceof ExporterError) return [name, '-', `FAILED: ${page.code}`];
  return [
    name,
    `${page.sessions}${page.invalid === 0 ? '' : ` + ${page.invalid} invalid`}`,
    page.order,
    honoured(page, limits),
    milliseconds(page.latencyMs),
    page.more ? '2 or more *' : '1',
    atLimit(page, limits),
  ];
}

/** Whether the page held as many items as were asked for; a list that ends before says nothing. */
function honoured(page: PageFound, { pageSize }: Limits): string {
  const items = page.sessions + page.invalid;
  if (items > pageSize) return `no: ${items} for ${pageSize}`;
  if (!page.more) return `${pageSize} was enough`;
  return items === pageSize ? `${pageSize} honoured` : `no: ${items} of ${pageSize}`;
}

function atLimit(page: PageFound, { requestsPerMinute }: Limits): string {
  if (requestsPerMinute === 0) return 'no limit set';
  return page.more ? `${seconds(120 / requestsPerMinute)} or more *` : seconds(60 / requestsPerMinute);
}

/** The API tells no total, so that what a sweep of a long list takes can only be said per thousand sessions. */
function notes(projects: readonly ProjectFound[], { requestsPerMinute }: Limits): readonly string[] {
  const pages = projects.flatMap(({ page }) => (page instanceof ExporterError ? [] : [page]));
  const long = pages.filter((page) => page.more && page.sessions + page.invalid > 0);
  const smallest = Math.min(...long.map((page) => page.sessions + page.invalid));
  const per1000 = Math.ceil(1000 / smallest);
  const time =
    requestsPerMinute === 0
      ? ''
      : `, ${seconds((per1000 * 60) / requestsPerMinute)} at ${requestsPerMinute} requests per minute`;
  const total = `  * The API gives no total, so the length of the list is unknown: every 1,000 sessions take ${per1000} requests${time}.`;
  const unordered = pages.some((page) => page.order === 'neither' || page.order === 'oldest first');
  const sweeps = '  A list that is not newest first is read whole at every poll; mind the rate limit.';
  return [...(long.length === 0 ? [] : ['', total]), ...(unordered ? ['', sweeps] : [])];
}

export type Failure = { readonly what: string; readonly fix: string };

const failure = (what: string, error: ExporterError): Failure => ({ what, fix: sentences(error) });

function failuresOf({ account, discovered, projects }: AccountFound): readonly Failure[] {
  const what = `account ${account.name}`;
  if (discovered instanceof ExporterError) return [failure(what, discovered)];
  if (discovered === 0) return [failure(what, NO_PROJECTS)];
  if (projects.length === 0) return [failure(what, NONE_SELECTED)];
  return projects.flatMap(({ project, page, history }) => {
    const where = `${what}, project ${cell(project.name)} (${project.id})`;
    if (page instanceof ExporterError) return [failure(where, page)];
    return history instanceof ExporterError ? [failure(`${where}, event history`, history)] : [];
  });
}

const NO_PROJECTS = new ExporterError(
  'not_found',
  'the key sees no project',
  'Use a key of an organization that has projects, or correct organization_id.',
);
const NONE_SELECTED = new ExporterError(
  'not_found',
  'no discovered project is selected',
  'Correct the globs of projects.include and projects.exclude; they meet names and ids.',
);

const plural = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
const milliseconds = (ms: number): string => `${Math.round(ms)} ms`;

function seconds(value: number): string {
  if (value >= 120) return `${Math.ceil(value / 60)} min`;
  return value >= 10 ? `${Math.ceil(value)} s` : `${Math.ceil(value * 10) / 10} s`;
}
