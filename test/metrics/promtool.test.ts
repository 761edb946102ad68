/** promtool finds nothing wrong with a scrape in which no family is empty. */
import { describe, expect, test } from 'vitest';
import type { MemberFacts } from '../../src/domain/replicas.ts';
import type { Histogram } from '../../src/domain/totals.ts';
import { counters, gauges, NOW, polls, project, RULES, totals, view } from '../builders/values.ts';
import { findTool } from '../support/tools.ts';
import { checkMetrics } from './promtool.ts';
import { type Room, read, room } from './room.ts';

const promtool = findTool('promtool') ?? null;

const filled = (histogram: Histogram): Histogram => ({
  ...histogram,
  counts: histogram.counts.map((_, i) => i),
  sum: 99,
});

/** A room in which every family of the catalogue has samples. */
function fullRoom(): Room {
  const budget = { perDay: 1, perMonth: 2 };
  const rules = { ...RULES, budgets: [{ ...budget, applies: () => true }], totalBudget: budget };
  const facts: MemberFacts = {
    members: [{ name: 'a', projects: 1, isSelf: true }],
    leaseSeconds: 8,
    owned: 1,
    rules: 'f',
  };
  const metrics = room(rules, true, { fresh: async () => undefined, facts: () => facts });
  const empty = counters();
  metrics.publisher.put(
    view({
      project: project({ name: 'Söme "name" \\ 😀\nnew line' }),
      totals: totals({
        counters: counters({
          costNanoUsd: 1,
          errorExemplars: { timeout: { sessionId: 's', value: 1, at: NOW } },
          duration: filled(empty.duration),
          inputTokensPerRun: filled(empty.inputTokensPerRun),
        }),
        gauges: gauges({
          ok: 1,
          durationUs: 5,
          durationCount: 1,
          longest: { no: 0, value: 5 },
          newest: { no: 0, value: NOW },
        }),
      }),
      polls: polls({ gapSeconds: 1, lastDuration: { head: 1, full: 2 } }),
      oldestUnverified: NOW - 1,
      activity: { m5: 1, h1: 1, h24: 1 },
      indexes: [['i', 1]],
    }),
  );
  const { observer } = metrics;
  observer.accountKnown('main', 'http://x');
  observer.rateLimitChanged('main', Number.POSITIVE_INFINITY);
  metrics.setIntervals({ headSeconds: 60, fullSeconds: 1800 });
  const accounts = [{ name: 'main', up: true, lastSuccess: NOW, projects: 1 }];
  metrics.setShared({ createdAt: NOW, accounts, unowned: 0, bytes: 1, live: 2, deleted: 3 });
  return metrics;
}

test('the full room leaves no family empty', async () => {
  const text = await read(fullRoom());
  const lines = text.split('\n');
  const bare = lines.filter(
    (line, i) => line.startsWith('# TYPE llamacloud_') && !lines[i + 1]?.startsWith('llamacloud_'),
  );
  expect(bare).toEqual([]);
});

describe.runIf(promtool !== null)('promtool', () => {
  test.each(['projects', 'exporter', 'both'] as const)('check metrics has nothing to say of %s', async (part) => {
    expect(checkMetrics(promtool as string, await read(fullRoom(), 'text', part))).toBe('');
  });

  test('check metrics has nothing to say of once', async () => {
    expect(checkMetrics(promtool as string, await fullRoom().renderOnce())).toBe('');
  });

  test('would object to a bad name', () => {
    expect(checkMetrics(promtool as string, '# HELP a_total A.\n# TYPE a_total gauge\na_total 1\n')).not.toBe('');
  });
});
