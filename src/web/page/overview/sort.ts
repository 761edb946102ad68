/** Order, filter and page of the project table, as written in the page's address. */
import type { ProjectStatus } from '../../../domain/status.ts';
import { needsLook, rankOf } from '../shared/attention.ts';

export const SORT_KEYS = [
  'status',
  'name',
  'runs',
  'failed',
  'cost',
  'tokens',
  'sessions',
  'errors',
  'age',
  'exact',
] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export type View = {
  readonly sort: SortKey;
  readonly isDescending: boolean;
  readonly filter: string;
  /** Only projects that are down or failing. */
  readonly onlyFailing: boolean;
  /** From 1. */
  readonly page: number;
};

/** Longest filter that is used, characters. */
const LONGEST_FILTER = 100;
const MOST_PAGES = 100_000;

/** Anything else than what the page's own links hold means the default: what needs a look first. */
export function parseView(query: URLSearchParams): View {
  const asked = query.get('sort');
  const sort = SORT_KEYS.find((key) => key === asked) ?? 'status';
  const order = query.get('order');
  const page = query.get('page') ?? '';
  return {
    sort,
    isDescending: order === 'desc' || (order !== 'asc' && startsDescending(sort)),
    filter: (query.get('q') ?? '').trim().slice(0, LONGEST_FILTER),
    onlyFailing: query.get('only') === 'failing',
    page: /^\d{1,6}$/.test(page) ? Math.min(MOST_PAGES, Math.max(1, Number(page))) : 1,
  };
}

/** The page's address of a view: `?sort=runs&order=desc`. */
export function linkTo({ sort, isDescending, filter, onlyFailing, page }: View): string {
  const query = new URLSearchParams({ sort, order: isDescending ? 'desc' : 'asc' });
  if (filter !== '') query.set('q', filter);
  if (onlyFailing) query.set('only', 'failing');
  if (page > 1) query.set('page', String(page));
  return `?${query.toString()}`;
}

/** The view in another order, from the first page on; the other way round where it is in that order already. */
export function sortedBy(view: View, sort: SortKey): View {
  return { ...view, sort, isDescending: view.sort === sort ? !view.isDescending : startsDescending(sort), page: 1 };
}

/** Of numbers the largest is looked for; of names the first, of states the worst, of times the oldest. */
function startsDescending(sort: SortKey): boolean {
  return sort !== 'name' && sort !== 'status' && sort !== 'exact' && sort !== 'age';
}

/** Null sorts last, whatever the direction. */
type Value = number | string | null;

const VALUES: Readonly<Record<SortKey, (project: ProjectStatus) => Value>> = {
  status: rankOf,
  name: () => null,
  runs: ({ runs }) => runs,
  failed: ({ failedRuns }) => failedRuns,
  cost: ({ costUsd }) => costUsd,
  tokens: ({ inputTokens, outputTokens }) => inputTokens + outputTokens,
  sessions: ({ sessions }) => sessions,
  errors: ({ sessionsInError }) => sessionsInError,
  age: ({ lastSuccess }) => lastSuccess,
  exact: ({ verification }) => verification?.exactUpTo ?? null,
};

const NAMES = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Filtered by name, id or account, and sorted; ties by what fails most, then by name and id. */
export function arrange(projects: readonly ProjectStatus[], view: View): readonly ProjectStatus[] {
  const wanted = view.filter.toLowerCase();
  const kept = projects.filter(
    (p) =>
      (!view.onlyFailing || needsLook(p)) &&
      (wanted === '' || [p.name, p.id, p.account].some((text) => text.toLowerCase().includes(wanted))),
  );
  const value = VALUES[view.sort];
  const direction = view.isDescending ? -1 : 1;
  if (view.sort === 'name') return kept.sort((a, b) => direction * byName(a, b));
  if (view.sort === 'status') return byNeed(kept, direction);
  return kept.sort((a, b) => compare(value(a), value(b), direction) || byName(a, b));
}

/** Down, failing, waiting, and the rest; among them what fails most. */
function byNeed(projects: readonly ProjectStatus[], direction: number): readonly ProjectStatus[] {
  const keyed = projects.map((project) => ({
    project,
    rank: rankOf(project),
    failed: project.lastHour?.failed ?? 0,
    ratio: project.errorRatio ?? 0,
  }));
  const compared = keyed.sort(
    (a, b) => direction * (a.rank - b.rank || b.failed - a.failed || b.ratio - a.ratio) || byName(a.project, b.project),
  );
  return compared.map(({ project }) => project);
}

function compare(a: Value, b: Value, direction: number): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -direction : direction;
}

function byName(a: ProjectStatus, b: ProjectStatus): number {
  return NAMES.compare(a.name, b.name) || NAMES.compare(a.id, b.id);
}
