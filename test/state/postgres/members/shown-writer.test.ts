/** What a project showed while this member had it is not written once the project has gone, and comes back with newer statistics. */
import { expect, it } from 'vitest';
import { ExporterError } from '../../../../src/domain/errors.ts';
import type { ProjectView } from '../../../../src/domain/view.ts';
import { ShownWriter } from '../../../../src/state/postgres/refresh/shown-writer.ts';
import { viewOf } from '../../../../src/state/postgres/refresh/view.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { SteppingClock } from '../../../fakes/stepping-clock.ts';
import { projectOf, statsOf, totalsOf } from '../../contract/values.ts';

const CLOCKS = { database: 0, ours: 0 };

function view(id: string): ProjectView {
  const stored = { key: 1, project: projectOf(id), epoch: 0, absences: 0, leftAt: null, totals: totalsOf(1) };
  const shown = {
    polls: statsOf(1),
    seenUpTo: null,
    oldestUnverified: null,
    activity: null,
    indexes: null,
    freshUntil: null,
  };
  return viewOf({ stored, shown } as unknown as Parameters<typeof viewOf>[0], CLOCKS);
}

it('forgets what could not be written of a project that was lost meanwhile', async () => {
  const clock = new SteppingClock(0);
  const written: (readonly number[])[] = [];
  let refuse: (error: ExporterError) => void = () => {};
  const writer = new ShownWriter({
    save: (shown) => {
      written.push([...shown.keys()]);
      return written.length > 1 ? Promise.resolve() : new Promise((_, reject) => (refuse = reject));
    },
    keyOf: (id) => Number(id),
    clocks: () => CLOCKS,
    clock,
    logger: new RecordingLogger(),
  });
  writer.put(view('1'));
  writer.put(view('2'));
  await clock.advance(1_000);
  writer.drop('1');
  refuse(new ExporterError('state', 'cannot be written', 'none'));
  await clock.advance(2_000);
  expect(written).toEqual([[1, 2], [2]]);
  await writer.stop();
});
