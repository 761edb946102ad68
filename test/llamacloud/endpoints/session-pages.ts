/** Pages of sessions as tests build them. */
import type { SessionPage } from '../../../src/domain/source.ts';
import { pageParts, sessionPage as validated } from '../../../src/llamacloud/endpoints/sessions.ts';
import { item } from '../harness.ts';

export const NOW = 1_790_000_000_000_000;
export const ARRIVAL = { serverTime: NOW, requestedAt: NOW - 1000, name: '[GET] "url"' };

/** A page of the item given among enough good ones, and what became of the item. */
export function outcome(subject: unknown): unknown {
  const good = [item({ session_id: 'good-1' }), item({ session_id: 'good-2' })];
  const page = sessionPage({ items: [...good, subject] });
  return page.invalid[0] ?? page.sessions[2];
}

export const sessionPage = (json: unknown): SessionPage => validated(pageParts(json), ARRIVAL);

export const pageOf = (bad: number, good: number): unknown => ({
  items: [...Array(bad).fill(null), ...Array(good).fill(item())],
});
