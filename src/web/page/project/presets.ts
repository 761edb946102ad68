/** The lists of sessions on a project's page, as written in its address: which one, of which error class, since when, how many. */
import type { SessionQuery, SessionSort } from '../../../domain/session-list.ts';
import { parseSince } from '../../session-query.ts';

/** A tab: what it is called, and the figure it is ordered by. */
type Preset = { readonly key: string; readonly label: string; readonly sort: SessionSort };

export const PRESETS = [
  { key: 'failures', label: 'Latest failures', sort: 'updated' },
  { key: 'cost', label: 'Most expensive', sort: 'cost' },
  { key: 'duration', label: 'Longest', sort: 'duration' },
  { key: 'turns', label: 'Most turns', sort: 'turns' },
  { key: 'latest', label: 'Latest', sort: 'updated' },
] as const satisfies readonly Preset[];
export type PresetKey = (typeof PRESETS)[number]['key'];

/** Windows to choose from; empty: all time. */
export const WINDOWS = [
  ['', 'all time'],
  ['1h', 'last hour'],
  ['24h', 'last 24 hours'],
  ['7d', 'last 7 days'],
] as const;

/** Sessions in a tab: at first, and when more are asked for. */
export const SHOWN = { few: 20, many: 100 } as const;

export type SessionsView = {
  readonly preset: PresetKey;
  readonly errorClass: string | null;
  /** As the client wrote it; empty: all time. */
  readonly window: string;
  readonly shown: number;
};

/** Anything else than what the page's own links hold means the default. */
export function parseSessionsView(params: URLSearchParams, classes: readonly string[]): SessionsView {
  const list = params.get('list');
  const window = params.get('since') ?? '';
  return {
    preset: PRESETS.find(({ key }) => key === list)?.key ?? 'failures',
    errorClass: classes.find((name) => name === params.get('class')) ?? null,
    window: WINDOWS.some(([value]) => value === window) ? window : '',
    shown: params.get('limit') === String(SHOWN.many) ? SHOWN.many : SHOWN.few,
  };
}

export function sessionsLink({ preset, errorClass, window, shown }: SessionsView): string {
  const query = new URLSearchParams({ list: preset });
  if (errorClass !== null) query.set('class', errorClass);
  if (window !== '') query.set('since', window);
  if (shown !== SHOWN.few) query.set('limit', String(shown));
  return `?${query.toString()}`;
}

/** One query for each tab, so that one scan fills them all. A class filters the failures only: other sessions have none. */
export function queriesOf({ errorClass, window }: SessionsView): readonly SessionQuery[] {
  const since = window === '' ? null : parseSince(window);
  return PRESETS.map(({ key, sort }) => ({
    sort,
    state: key === 'failures' ? 'error' : null,
    errorClass: key === 'failures' ? errorClass : null,
    since,
    limit: SHOWN.many,
  }));
}
