/** Order and filter of the project table, as the page's address has them. */
import type { ProjectStatus } from '../../domain/status.ts';

export const SORT_KEYS = [
  'name',
  'status',
  'sessions',
  'runs',
  'exact',
  'errors',
  'input',
  'output',
  'success',
  'poll',
  'sweep',
] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export type View = { readonly sort: SortKey; readonly isDescending: boolean; readonly filter: string };

/** Longest filter that is used, characters. */
const LONGEST_FILTER = 100;

/** Anything else than what the page's own links hold means the default. */
export function parseView(query: URLSearchParams): View {
  const asked = query.get('sort');
  const sort = SORT_KEYS.find((key) => key === asked) ?? 'name';
  const order = query.get('order');
  const isDescending = order === 'desc' || (order !== 'asc' && startsDescending(sort));
  return { sort, isDescending, filter: (query.get('q') ?? '').trim().slice(0, LONGEST_FILTER) };
}

/** The page's address with this order, from the first place of the list on: `?sort=runs&order=desc`. */
export function linkTo(view: View, sort: SortKey): string {
  const isDescending = view.sort === sort ? !view.isDescending : startsDescending(sort);
  const query = new URLSearchParams({ sort, order: isDescending ? 'desc' : 'asc' });
  if (view.filter !== '') query.set('q', view.filter);
  return `?${query.toString()}`;
}

/** Of numbers the largest is looked for; of names the first, of states the worst, of times the oldest. */
function startsDescending(sort: SortKey): boolean {
  return sort !== 'name' && sort !== 'status' && sort !== 'exact' && sort !== 'success';
}

/** Null sorts last, whatever the direction. */
type Value = number | string | null;

const VALUES: Readonly<Record<SortKey, (project: ProjectStatus) => Value>> = {
  name: () => null,
  status: ({ up }) => (up === null ? 1 : up ? 2 : 0),
  sessions: ({ sessions }) => sessions,
  runs: ({ runs }) => runs,
  exact: ({ verification }) => verification?.exactUpTo ?? null,
  errors: ({ errorRatio }) => errorRatio,
  input: ({ inputTokens }) => inputTokens,
  output: ({ outputTokens }) => outputTokens,
  success: ({ lastSuccess }) => lastSuccess,
  poll: ({ lastPoll }) => lastPoll?.seconds ?? null,
  sweep: ({ sweep }) => sweep?.progress ?? null,
};

const NAMES = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Filtered by name, id or account, and sorted; ties by name, then id. */
export function arrange(projects: readonly ProjectStatus[], view: View): readonly ProjectStatus[] {
  const wanted = view.filter.toLowerCase();
  const kept = projects.filter((p) => [p.name, p.id, p.account].some((text) => text.toLowerCase().includes(wanted)));
  const value = VALUES[view.sort];
  const direction = view.isDescending ? -1 : 1;
  if (view.sort === 'name') return kept.sort((a, b) => direction * byName(a, b));
  return kept.sort((a, b) => compare(value(a), value(b), direction) || byName(a, b));
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
