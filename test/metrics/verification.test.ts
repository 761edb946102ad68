/** What tells how far event histories have confirmed the counters (docs/accounting.md, H7). */
import { describe, expect, test } from 'vitest';
import type { Verification } from '../../src/domain/totals.ts';
import { CATALOG, type Metric, POLLING, RUNS } from '../../src/metrics/catalog.ts';
import { counters, NOW, RULES, totals, verification, view } from '../builders/values.ts';
import { samplesOf } from './exposition.ts';
import { type Room, read, room, samples, startedRoom } from './room.ts';

const LAST_RUN = { ...RULES, accounting: 'last_run' } as const;

const verified = (changes: Partial<Verification>) =>
  view({
    totals: totals({ counters: counters({ runs: 9, hiddenRuns: 4 }), verification: verification(changes) }),
    oldestUnverified: NOW - 500_000,
  });

const BUSY = verified({
  unverified: 3,
  unreconciled: 2,
  histories: { verified: 40, behind: 5, failed: 6, given_up: 1 },
});

const SHOWN: readonly (readonly [Metric, readonly string[]])[] = [
  [RUNS.hiddenRuns, ['llamacloud_chat_hidden_runs_total{P} 4']],
  [POLLING.unverified, ['llamacloud_exporter_unverified_sessions{P} 3']],
  [POLLING.oldestUnverified, ['llamacloud_exporter_oldest_unverified_timestamp_seconds{P} 1767225599.5']],
  [
    POLLING.histories,
    [
      'llamacloud_exporter_histories_total{P,outcome="verified"} 40',
      'llamacloud_exporter_histories_total{P,outcome="behind"} 5',
      'llamacloud_exporter_histories_total{P,outcome="failed"} 6',
      'llamacloud_exporter_histories_total{P,outcome="given_up"} 1',
    ],
  ],
];

describe.each(SHOWN)('$name', (metric, expected) => {
  test('is shown with every_run, stale or not', () => {
    expect(samplesOf(metric, BUSY)).toEqual(expected);
    expect(samplesOf(metric, BUSY, { fresh: false })).toEqual(expected);
  });

  test('is absent with last_run', () => {
    expect(samplesOf(metric, BUSY, { rules: LAST_RUN })).toEqual([]);
  });
});

test('everything but the oldest starts at 0', () => {
  const discovered = view({ totals: totals({ sweeps: 0 }), freshUntil: null });
  const values = SHOWN.map(([metric]) => samplesOf(metric, discovered).map((line) => line.split(' ')[1]));
  expect(values).toEqual([['0'], ['0'], [], ['0', '0', '0', '0']]);
});

test.each([RULES, LAST_RUN])('unreconciled runs are shown with $accounting', (rules) => {
  expect(samplesOf(POLLING.unreconciled, BUSY, { rules })).toEqual([
    'llamacloud_exporter_unreconciled_runs_total{P} 2',
  ]);
});

test('what last_run leaves out is said by every counter of runs', () => {
  const words = 'as of the last poll; exact once verified, a lower bound with last_run accounting.';
  const counted = CATALOG.filter(({ name, type }) => name.startsWith('llamacloud_chat_') && type !== 'gauge');
  const without = counted.filter(({ help }) => !help.endsWith(words));
  expect(without.map(({ name }) => name)).toEqual([RUNS.hiddenRuns.name, RUNS.touches.name]);
});

describe('bytes of histories', () => {
  const shown = async (metrics: Room): Promise<string[]> => {
    await metrics.clock.advance(1000);
    return samples(await read(metrics), 'llamacloud_exporter_history_bytes_total');
  };
  const known = (metrics: Room): Room => {
    metrics.observer.accountKnown('main', 'http://x');
    metrics.observer.historyRead('main', 1000);
    metrics.observer.historyRead('main', 234);
    return metrics;
  };

  test('are summed by account', async () => {
    expect(await shown(known(room()))).toEqual(['llamacloud_exporter_history_bytes_total{account="main"} 1234']);
  });

  test('are absent with last_run', async () => {
    expect(await shown(known(room(LAST_RUN)))).toEqual([]);
  });

  test('come and go with a reload', async () => {
    const metrics = known(room());
    metrics.setRules(LAST_RUN);
    metrics.observer.historyRead('main', 5);
    expect(await shown(metrics)).toEqual([]);
    metrics.setRules(RULES);
    expect(await shown(metrics)).toEqual(['llamacloud_exporter_history_bytes_total{account="main"} 0']);
  });
});

test('a reload to last_run withdraws the series', async () => {
  const metrics = startedRoom();
  metrics.publisher.put(BUSY);
  expect(samples(await read(metrics), RUNS.hiddenRuns.name)).toHaveLength(1);
  metrics.setRules(LAST_RUN);
  await metrics.clock.advance(2000);
  const text = await read(metrics);
  for (const [metric] of SHOWN) expect(samples(text, metric.name)).toEqual([]);
  expect(samples(text, POLLING.unreconciled.name)).toHaveLength(1);
});
