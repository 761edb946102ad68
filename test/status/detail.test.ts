/** One project in detail, as its own page shows it. */
import { expect, it } from 'vitest';
import { failure, room, START } from './room.ts';
import { viewFixture } from './views.ts';

const SPENT = {
  dayNanoUsd: 3_000_000_000,
  dayUntil: START + 1,
  monthNanoUsd: 40_500_000_000,
  monthUntil: START + 60_000_000,
};

it('a project has its money beside its budgets, its team and its classes', () => {
  const { publisher, source, setRules } = room();
  setRules({ budgetOf: ({ id }) => (id === 'p' ? { perDay: 5, perMonth: null } : null), teamOf: () => 'billing' });
  const counters = { costNanoUsd: 99_000_000_000, errors: { timeout: 2, other: 0, internal: 5 } };
  publisher.put({ ...viewFixture('p', { counters }), spent: SPENT });
  expect(source.project('p')).toMatchObject({
    organizationId: 'o',
    team: 'billing',
    failedByClass: [
      ['internal', 5],
      ['timeout', 2],
    ],
    money: { todayUsd: 3, monthUsd: 40.5, dayBudgetUsd: 5, monthBudgetUsd: null },
    project: { costUsd: 99, failedRuns: 7 },
  });
});

it('a new day begins at 0 without a poll', () => {
  const { publisher, source, clock } = room();
  publisher.put({ ...viewFixture('p', { counters: { costNanoUsd: 1 } }), spent: SPENT });
  clock.advance(1);
  expect(source.project('p')?.money).toMatchObject({ todayUsd: 0, monthUsd: 40.5 });
});

it('without a price nothing is known of money', () => {
  const { publisher, source } = room();
  publisher.put(viewFixture('p'));
  expect(source.project('p')?.money).toMatchObject({ todayUsd: null, monthUsd: null });
});

it('a project has its own problems only, and runs of the last hour', () => {
  const { publisher, observer, source, clock } = room();
  publisher.put(viewFixture('p'));
  publisher.put(viewFixture('q'));
  observer.pollFailed('default', 'q', 'head', failure());
  observer.pollFailed('default', 'p', 'head', failure('rate_limited'));
  clock.advance(60);
  publisher.put(viewFixture('p', { counters: { runs: 6, errors: { timeout: 1 } } }));
  expect(source.project('p')).toMatchObject({
    problems: [{ code: 'rate_limited' }],
    project: { lastHour: { runs: 6, failed: 1 } },
  });
});

it('what is not shown has no details', () => {
  const { publisher, source } = room();
  publisher.put(viewFixture('p'));
  publisher.drop('p');
  expect(source.project('p')).toBeNull();
});
