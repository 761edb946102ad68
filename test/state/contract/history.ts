/** What is known of a history, as columns and back. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type CountedRun,
  type HistoryRecord,
  NO_HISTORY,
  type Since,
  type Unverified,
} from '../../../src/domain/row.ts';
import { type Figures, NO_FIGURES } from '../../../src/domain/session.ts';
import { historyValues } from '../../../src/state/format/history-columns.ts';
import { foundRows, type Kind, openNew } from './kind.ts';
import { added, admissionOf, changed, commitOf, FIGURES, rowOf, VERIFIED } from './values.ts';

export function historyContract(kind: Kind): void {
  const count = fc.option(fc.oneof(fc.nat(3), fc.maxSafeNat()));
  const time = fc.nat(2 ** 52);
  const fillable = fc.nat(31);
  const figures: fc.Arbitrary<Figures> = fc.record({
    durationUs: count,
    isError: fc.option(fc.boolean()),
    errorHash: fc.constantFrom(null, 'aGFzaA'),
    inputTokens: count,
    outputTokens: count,
    turns: count,
  });
  const counted: fc.Arbitrary<CountedRun> = fc.record({ figures, fillable });
  const since: fc.Arbitrary<Since> = fc.record({
    credits: fc.array(counted, { maxLength: 32 }),
    earlier: fc.nat(),
    anchor: fc.option(figures),
    young: fc.option(time),
  });
  const unverified: fc.Arbitrary<Unverified> = fc.record({
    from: time,
    since: time,
    changedAt: time,
    tries: fc.nat(99),
    dueAt: time,
  });

  /** The newest stop is the recorded run, that run worded otherwise, or another one; its error is never kept. */
  function stopOf(recorded: Figures | null): fc.Arbitrary<HistoryRecord['stop']> {
    const shown = recorded === null ? figures : fc.oneof(fc.constant(recorded), figures);
    const stop = fc.record({ index: fc.nat(), fillable, figures: shown.map((f) => ({ ...f, errorHash: null })) });
    return fc.option(stop);
  }

  function historyOf(recorded: Figures | null): fc.Arbitrary<HistoryRecord> {
    const record = fc.record<HistoryRecord>({
      place: fc.option(fc.nat()),
      stop: stopOf(recorded),
      blind: fc.boolean(),
      givenUp: fc.boolean(),
      since: fc.option(since),
      unverified: fc.option(unverified),
    });
    return fc.oneof({ weight: 1, arbitrary: fc.constant(NO_HISTORY) }, { weight: 5, arbitrary: record });
  }

  const recordedRow = fc
    .record({ figures: fc.option(figures), fillable, errorClass: fc.option(fc.string()) })
    .map((recorded) => ({ ...recorded, errorClass: recorded.figures === null ? null : recorded.errorClass }))
    .chain((recorded) => historyOf(recorded.figures).map((history) => ({ ...recorded, history })));

  test('whatever is known of a history comes back as it was written, inserted or updated', async () => {
    const store = await openNew(kind);
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(recordedRow, { minLength: 1, maxLength: 12 }), async (recorded) => {
        const [project] = await store.admit('default', 1, [admissionOf(`p${runs++}`)]);
        const key = project?.key ?? 0;
        const ids = recorded.map((_, no) => `s${no}`);
        const rows = recorded.map((more, no) => rowOf(no, `s${no}`, more));
        await store.commit(commitOf(key, rows.map(added)));
        expect([...(await foundRows(store, key, ids)).values()]).toEqual(rows);
        const swapped = rows.map((row, no) => rowOf(no, row.id, recorded.at(-1 - no)));
        await store.commit(commitOf(key, swapped.map(changed)));
        expect([...(await foundRows(store, key, ids)).values()]).toEqual(swapped);
      }),
      { seed: 10, numRuns: Math.ceil(150 * kind.share) },
    );
  });

  test('a stop that was the recorded run stays as it was through a change of the row', async () => {
    const store = await openNew(kind);
    const [project] = await store.admit('default', 1, [admissionOf('p')]);
    const key = project?.key ?? 0;
    await store.commit(commitOf(key, [added(rowOf(0, 'a', { history: VERIFIED }))]));
    const next = { figures: { ...FIGURES, turns: 4, errorHash: 'aGFzaA' }, history: VERIFIED };
    await store.commit(commitOf(key, [changed(rowOf(0, 'a', next))]));
    expect((await foundRows(store, key, ['a'])).get('a')).toEqual(rowOf(0, 'a', next));
  });

  test.each([
    ['that ends with the recorded run', {}, '6 0'],
    ['that rounds durations otherwise', { durationUs: 1_234_567_890_400 }, '6 0 d1234567890400'],
    ['whose newest stop is malformed', NO_FIGURES, '6 0 d e i o t'],
  ])('a verified history %s takes a few bytes beside the row', (_, otherwise, stop) => {
    const history = { ...VERIFIED, stop: { index: 6, fillable: 0, figures: { ...FIGURES, ...otherwise } } };
    expect(historyValues(history, FIGURES)).toEqual([7, stop, null, null, null, null, null]);
  });
}
