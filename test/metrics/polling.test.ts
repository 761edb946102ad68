/** The metrics of polling, from the statistics of one project to its samples. */
import { expect, test } from 'vitest';
import { POLL_ERROR_CODES } from '../../src/domain/errors.ts';
import { INVALID_REASONS, type PollStats } from '../../src/domain/polls.ts';
import { POLLING } from '../../src/metrics/catalog.ts';
import { polls, totals, view } from '../builders/values.ts';
import { samplesOf } from './exposition.ts';

const polled = (changes: Partial<PollStats>) => view({ polls: polls(changes) });

test.each([
  [POLLING.up, { up: true }, ['llamacloud_exporter_project_up{P} 1']],
  [POLLING.up, { up: false }, ['llamacloud_exporter_project_up{P} 0']],
  [POLLING.up, { up: null }, []],
  [
    POLLING.lastSuccess,
    { lastSuccess: 1_767_225_600_500_000 },
    ['llamacloud_exporter_project_last_success_timestamp_seconds{P} 1767225600.5'],
  ],
  [POLLING.lastSuccess, { lastSuccess: null }, []],
  [
    POLLING.lastFullSweep,
    { lastFullSweep: 1_767_225_600_000_000 },
    ['llamacloud_exporter_project_last_full_sweep_timestamp_seconds{P} 1767225600'],
  ],
  [POLLING.lastFullSweep, { lastFullSweep: null }, []],
  [POLLING.headPolling, { headPolling: true }, ['llamacloud_exporter_project_head_polling{P} 1']],
  [POLLING.headPolling, { headPolling: false }, ['llamacloud_exporter_project_head_polling{P} 0']],
  [POLLING.gap, { gapSeconds: 60.25 }, ['llamacloud_exporter_project_poll_gap_seconds{P} 60.25']],
  [POLLING.gap, { gapSeconds: null }, []],
  [
    POLLING.duration,
    { lastDuration: { head: 0.5, full: 12 } },
    [
      'llamacloud_exporter_poll_duration_seconds{P,kind="head"} 0.5',
      'llamacloud_exporter_poll_duration_seconds{P,kind="full"} 12',
    ],
  ],
  [
    POLLING.duration,
    { lastDuration: { head: null, full: 12 } },
    ['llamacloud_exporter_poll_duration_seconds{P,kind="full"} 12'],
  ],
  [POLLING.sweepProgress, { sweepProgress: 0.75 }, ['llamacloud_exporter_sweep_progress_ratio{P} 0.75']],
  [POLLING.staleReads, { staleReads: 3 }, ['llamacloud_exporter_stale_reads_total{P} 3']],
  [POLLING.misses, { headPollMisses: 2 }, ['llamacloud_exporter_head_poll_misses_total{P} 2']],
] as const)('$0.name of %o is shown', (metric, changes, expected) => {
  expect(samplesOf(metric, polled(changes))).toEqual(expected);
});

test('polls show every kind and outcome', () => {
  const counts = { head: { success: 5, failure: 0, skipped: 1 }, full: { success: 2, failure: 3, skipped: 0 } };
  expect(samplesOf(POLLING.polls, polled({ polls: counts }))).toEqual([
    'llamacloud_exporter_polls_total{P,kind="head",outcome="success"} 5',
    'llamacloud_exporter_polls_total{P,kind="head",outcome="failure"} 0',
    'llamacloud_exporter_polls_total{P,kind="head",outcome="skipped"} 1',
    'llamacloud_exporter_polls_total{P,kind="full",outcome="success"} 2',
    'llamacloud_exporter_polls_total{P,kind="full",outcome="failure"} 3',
    'llamacloud_exporter_polls_total{P,kind="full",outcome="skipped"} 0',
  ]);
});

test('failures show every reason from 0', () => {
  expect(samplesOf(POLLING.failures, view())).toEqual(
    POLL_ERROR_CODES.map((reason) => `llamacloud_exporter_poll_failures_total{P,reason="${reason}"} 0`),
  );
});

test('invalid sessions show every reason from 0', () => {
  expect(samplesOf(POLLING.invalid, view())).toEqual(
    INVALID_REASONS.map((reason) => `llamacloud_exporter_invalid_sessions_total{P,reason="${reason}"} 0`),
  );
});

test('polling series outlive staleness and sweeps', () => {
  const stale = view({ totals: totals({ sweeps: 0 }), freshUntil: null });
  expect(samplesOf(POLLING.up, stale, { fresh: false })).toEqual(['llamacloud_exporter_project_up{P} 1']);
  expect(samplesOf(POLLING.lastSuccess, stale, { fresh: false })).toHaveLength(1);
});
