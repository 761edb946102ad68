/** Random views: valid values of every shape, with names that need escaping and cutting. */
import * as fc from 'fast-check';
import { TURN_BUCKETS } from '../../src/domain/rules.ts';
import type { Extreme, Histogram } from '../../src/domain/totals.ts';
import type { ProjectView } from '../../src/domain/view.ts';
import { counters, gauges, NOW, polls, project, totals, verification, view } from '../builders/values.ts';

const count = fc.nat(1_000_000);
const name = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom('a"b', 'back\\slash', 'two\nlines', '😀'.repeat(130)),
);

const exemplar = fc.option(
  fc.record({ sessionId: fc.oneof(fc.uuid(), name), value: count, at: fc.constantFrom(NOW, NOW + 1) }),
);

function histogram(bounds: readonly number[]): fc.Arbitrary<Histogram> {
  const size = { minLength: bounds.length + 1, maxLength: bounds.length + 1 };
  return fc.record({
    bounds: fc.constant(bounds),
    counts: fc.array(count, size),
    sum: count,
    exemplars: fc.array(exemplar, size),
  });
}

function withoutNulls<T>(record: Readonly<Record<string, T | null>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter((entry): entry is [string, T] => entry[1] !== null));
}

const extreme: fc.Arbitrary<Extreme> = fc.oneof(
  fc.constantFrom(null, 'lost' as const),
  fc.record({ no: count, value: count }),
);

const someCounters = fc
  .record({
    runs: count,
    hiddenRuns: count,
    errorExemplars: fc.dictionary(fc.constantFrom('timeout', 'quota', 'other'), exemplar).map(withoutNulls),
    errors: fc.dictionary(fc.constantFrom('timeout', 'quota', 'other'), count),
    inputTokens: count,
    costNanoUsd: fc.option(count.map((micro) => micro * 1000)),
    duration: histogram([250_000, 1_000_000]),
    inputTokensPerRun: histogram([64, 256]),
    turnsPerRun: histogram(TURN_BUCKETS),
  })
  .map(counters);

const someGauges = fc
  .record({ ok: count, error: fc.constantFrom(0, 1, 7), durationUs: count, durationCount: fc.nat(3), longest: extreme })
  .map(gauges);

const someVerification = fc.record({ unverified: fc.nat(3), unreconciled: count }).map(verification);

const someTotals = fc
  .record({ counters: someCounters, gauges: someGauges, verification: someVerification, sweeps: fc.nat(2) })
  .map(totals);

/** A view of the project with this id. */
export function viewOf(id: string): fc.Arbitrary<ProjectView> {
  return fc
    .record({
      project: name.map((text) => project({ id, name: text })),
      totals: someTotals,
      polls: fc
        .record({ up: fc.option(fc.boolean()), staleReads: count, gapSeconds: fc.option(fc.nat(100)) })
        .map(polls),
      oldestUnverified: fc.constantFrom(null, NOW - 1),
      activity: fc.option(fc.record({ m5: count, h1: count, h24: count })),
      indexes: fc.option(fc.array(fc.tuple(fc.uuid(), count), { maxLength: 3 })),
      spent: fc.record({
        dayNanoUsd: count,
        dayUntil: fc.constant(NOW),
        monthNanoUsd: count.map((micro) => micro * 1000),
        monthUntil: fc.constantFrom(NOW - 1, NOW + 3_600_000_000),
      }),
      freshUntil: fc.constantFrom(null, NOW - 1, NOW + 3_600_000_000),
    })
    .map(view);
}
