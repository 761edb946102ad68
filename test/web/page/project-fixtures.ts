/** A project's page: its sessions and details, as tests need them. */
import type { ListedSession } from '../../../src/domain/session-list.ts';
import type { ProjectDetail } from '../../../src/domain/status.ts';

export function sessionFixture(change: Partial<ListedSession> = {}): ListedSession {
  return {
    sessionId: '22222222-0000-4000-8000-000000000000',
    updatedAt: '2026-05-04T11:58:00.000Z',
    state: 'error',
    class: 'timeout',
    durationSeconds: 12.345,
    inputTokens: 1234,
    outputTokens: 77,
    turns: 5,
    costUsd: 0.0123,
    ...change,
  };
}

/** `n` sessions of every state, the latest first. */
export function manySessions(n: number): readonly ListedSession[] {
  const noRun = { durationSeconds: null, inputTokens: null, outputTokens: null, turns: null, costUsd: null };
  return Array.from({ length: n }, (_, i) => {
    const sessionId = `${String(i).padStart(8, '0')}-1111-4000-8000-000000000000`;
    const updatedAt = new Date(Date.parse('2026-05-04T12:00:00.000Z') - i * 61_000).toISOString();
    if (i % 3 === 2) return sessionFixture({ sessionId, updatedAt, state: 'never_run', class: null, ...noRun });
    const isError = i % 3 === 0;
    return sessionFixture({ sessionId, updatedAt, state: isError ? 'error' : 'ok', class: isError ? 'timeout' : null });
  });
}

export const DETAIL: Partial<ProjectDetail> = {
  failedByClass: [
    ['timeout', 40],
    ['gone', 12],
  ],
  duration: { p50: 3.4, p95: 41 },
  money: {
    todayUsd: 3.21,
    monthUsd: 71.2,
    dayBudgetUsd: 20,
    monthBudgetUsd: 60,
  },
};
