/** The counters and histograms of runs, from totals to samples with their exemplars. */
import { describe, expect, test } from 'vitest';
import { OTHER_CLASS, UNKNOWN_CLASS } from '../../src/domain/rules.ts';
import { RUNS } from '../../src/metrics/catalog.ts';
import { counters, emptyHistogram, RULES, totals, view } from '../builders/values.ts';
import { samplesOf } from './exposition.ts';

const counted = (changes: Parameters<typeof counters>[0]) => view({ totals: totals({ counters: counters(changes) }) });

test.each([
  [RUNS.runs, counted({ runs: 7 }), 'llamacloud_chat_runs_total{P} 7'],
  [RUNS.runsWithoutUsage, counted({ withoutUsage: 2 }), 'llamacloud_chat_runs_without_usage_total{P} 2'],
  [RUNS.inputTokens, counted({ inputTokens: 123_456_789 }), 'llamacloud_chat_input_tokens_total{P} 123456789'],
  [RUNS.outputTokens, counted({ outputTokens: 5 }), 'llamacloud_chat_output_tokens_total{P} 5'],
  [RUNS.turns, counted({ turns: 31 }), 'llamacloud_chat_turns_total{P} 31'],
  [RUNS.cost, counted({ costNanoUsd: 1_234_567_891 }), 'llamacloud_chat_cost_usd_total{P} 1.234567891'],
  [RUNS.touches, counted({ touches: 4 }), 'llamacloud_chat_session_touches_total{P} 4'],
])('$name shows its total', (metric, shown, line) => {
  expect(samplesOf(metric, shown)).toEqual([line]);
});

test('counters are 0 before the first sweep', () => {
  const discovered = view({ totals: totals({ sweeps: 0 }), freshUntil: null });
  for (const metric of [RUNS.runs, RUNS.runsWithoutUsage, RUNS.inputTokens, RUNS.turns, RUNS.touches]) {
    expect(samplesOf(metric, discovered, { fresh: false })).toEqual([`${metric.name}{P} 0`]);
  }
});

test('cost is absent without a price', () => {
  expect(samplesOf(RUNS.cost, counted({ costNanoUsd: null }))).toEqual([]);
  expect(samplesOf(RUNS.cost, counted({ costNanoUsd: 0 }))).toEqual(['llamacloud_chat_cost_usd_total{P} 0']);
});

describe('errors by class', () => {
  test('every class starts at 0', () => {
    const classes = [...RULES.errorClasses.map((c) => c.class), OTHER_CLASS, UNKNOWN_CLASS];
    expect(samplesOf(RUNS.runErrors, counted({ errors: { timeout: 3 } }))).toEqual(
      classes.map((name) => `llamacloud_chat_run_errors_total{P,class="${name}"} ${name === 'timeout' ? 3 : 0}`),
    );
  });

  test('openmetrics shows the newest failed run of a class', () => {
    const at = 1_767_225_599_123_456;
    const failing = counted({ errors: { timeout: 3 }, errorExemplars: { timeout: { sessionId: 's1', value: 1, at } } });
    const shown = (changes: Parameters<typeof samplesOf>[2]) =>
      samplesOf(RUNS.runErrors, failing, changes).filter((line) => line.includes('class="timeout"'));
    const line = 'llamacloud_chat_run_errors_total{P,class="timeout"} 3';
    expect(shown({ format: 'openmetrics' })).toEqual([`${line} # {session_id="s1"} 1 1767225599.123456`]);
    expect(shown({ format: 'text' })).toEqual([line]);
    expect(shown({ format: 'openmetrics', rules: { ...RULES, exemplars: false } })).toEqual([line]);
  });

  test('a removed class keeps its counter', () => {
    const samples = samplesOf(RUNS.runErrors, counted({ errors: { quota: 5 } }), {
      rules: { ...RULES, errorClasses: [] },
    });
    expect(samples).toEqual([
      'llamacloud_chat_run_errors_total{P,class="other"} 0',
      'llamacloud_chat_run_errors_total{P,class="unknown"} 0',
      'llamacloud_chat_run_errors_total{P,class="quota"} 5',
    ]);
  });

  test('a class named like a builtin property is 0', () => {
    const rules = { ...RULES, errorClasses: [{ class: 'constructor', pattern: /x/ }] };
    expect(samplesOf(RUNS.runErrors, view(), { rules })[0]).toBe(
      'llamacloud_chat_run_errors_total{P,class="constructor"} 0',
    );
  });
});

describe('histograms', () => {
  const at = 1_767_225_599_123_456;
  const duration = {
    bounds: [250_000, 1_000_000, 2_500_000],
    counts: [2, 0, 1, 4],
    sum: 61_234_567,
    exemplars: [{ sessionId: 's "1"', value: 200_001, at }, null, null, { sessionId: 's2', value: 20_000_000, at }],
  };

  test('buckets are cumulative, in seconds', () => {
    expect(samplesOf(RUNS.duration, counted({ duration }))).toEqual([
      'llamacloud_chat_run_duration_seconds_bucket{P,le="0.25"} 2',
      'llamacloud_chat_run_duration_seconds_bucket{P,le="1"} 2',
      'llamacloud_chat_run_duration_seconds_bucket{P,le="2.5"} 3',
      'llamacloud_chat_run_duration_seconds_bucket{P,le="+Inf"} 7',
      'llamacloud_chat_run_duration_seconds_sum{P} 61.234567',
      'llamacloud_chat_run_duration_seconds_count{P} 7',
    ]);
  });

  test('openmetrics carries exemplars and canonical bounds', () => {
    expect(samplesOf(RUNS.duration, counted({ duration }), { format: 'openmetrics' })).toEqual([
      'llamacloud_chat_run_duration_seconds_bucket{P,le="0.25"} 2 # {session_id="s \\"1\\""} 0.200001 1767225599.123456',
      'llamacloud_chat_run_duration_seconds_bucket{P,le="1.0"} 2',
      'llamacloud_chat_run_duration_seconds_bucket{P,le="2.5"} 3',
      'llamacloud_chat_run_duration_seconds_bucket{P,le="+Inf"} 7 # {session_id="s2"} 20 1767225599.123456',
      'llamacloud_chat_run_duration_seconds_sum{P} 61.234567',
      'llamacloud_chat_run_duration_seconds_count{P} 7',
    ]);
  });

  test('exemplars can be switched off', () => {
    const shown = { format: 'openmetrics', rules: { ...RULES, exemplars: false } } as const;
    expect(samplesOf(RUNS.duration, counted({ duration }), shown).join()).not.toContain('#');
  });

  test.each([
    [118, true],
    [119, false],
  ])('a session id of %d characters has an exemplar: %s', (length, shown) => {
    const exemplars = [{ sessionId: '😀'.repeat(length), value: 1, at }, null, null, null];
    const [first] = samplesOf(RUNS.duration, counted({ duration: { ...duration, exemplars } }), {
      format: 'openmetrics',
    });
    expect(first?.includes('session_id')).toBe(shown);
  });

  test.each([RUNS.inputTokensPerRun, RUNS.outputTokensPerRun])('$name has exemplars in tokens', (metric) => {
    const tokens = { bounds: [64], counts: [1, 0], sum: 50, exemplars: [{ sessionId: 's', value: 50, at }, null] };
    const shown = counted({ inputTokensPerRun: tokens, outputTokensPerRun: tokens });
    expect(samplesOf(metric, shown, { format: 'openmetrics' })).toEqual([
      `${metric.name}_bucket{P,le="64.0"} 1 # {session_id="s"} 50 1767225599.123456`,
      `${metric.name}_bucket{P,le="+Inf"} 1`,
      `${metric.name}_sum{P} 50`,
      `${metric.name}_count{P} 1`,
    ]);
  });

  test('turns never carry an exemplar', () => {
    const turnsPerRun = { bounds: [1], counts: [1, 0], sum: 1, exemplars: [{ sessionId: 's', value: 1, at }, null] };
    expect(samplesOf(RUNS.turnsPerRun, counted({ turnsPerRun }), { format: 'openmetrics' }).join()).not.toContain('#');
  });

  test('an empty histogram is all zeros', () => {
    expect(samplesOf(RUNS.turnsPerRun, counted({ turnsPerRun: emptyHistogram([1, 2]) }))).toEqual([
      'llamacloud_chat_run_turns_bucket{P,le="1"} 0',
      'llamacloud_chat_run_turns_bucket{P,le="2"} 0',
      'llamacloud_chat_run_turns_bucket{P,le="+Inf"} 0',
      'llamacloud_chat_run_turns_sum{P} 0',
      'llamacloud_chat_run_turns_count{P} 0',
    ]);
  });
});
