/** Counterexamples found earlier, shrunk, and replayed as they are. */
import { describe, expect, it } from 'vitest';
import type { Operation } from './operations.ts';
import { play } from './play.ts';
import type { Setting } from './setting.ts';

const CASES: readonly (readonly [name: string, setting: Setting, sequence: readonly Operation[]])[] = [
  [
    'a session deleted while it ran',
    { seed: '"', order: 'newest', accounting: 'last_run', form: 'same', sweeps: 0, concurrency: 4 },
    [
      { op: 'start', session: 6 },
      { op: 'delete', session: 1 },
      { op: 'restore', session: 0 },
      { op: 'wait', seconds: 1 },
      { op: 'start', session: 0 },
    ],
  ],
  [
    'a run on a page that a broken-off sweep had read',
    { seed: ' ', order: 'id', accounting: 'last_run', form: 'same', sweeps: 0, concurrency: 4 },
    [
      { op: 'fault', fault: { kind: 'status', status: 401 }, times: 1, after: 1 },
      { op: 'poll', project: 0 },
      { op: 'talk', session: 0, runs: 1, pause: 2, failed: false, same: false },
      { op: 'poll', project: 0 },
      { op: 'addProject' },
      { op: 'delete', session: 0 },
    ],
  ],
  [
    'a session that was away during the first sweep',
    { seed: ' ', order: 'newest', accounting: 'every_run', form: 'same', sweeps: 0, concurrency: 4 },
    [
      { op: 'session', project: 0, runs: 0 },
      { op: 'delete', session: 14 },
      { op: 'shift', session: 0, project: 0 },
      { op: 'poll', project: 0 },
      { op: 'restore', session: 0 },
      { op: 'talk', session: 8, runs: 1, pause: 2, failed: false, same: false },
      { op: 'poll', project: 0 },
      { op: 'poll', project: 0 },
    ],
  ],
  [
    'a run that another run in progress hides in the first sweep',
    { seed: ' ', order: 'newest', accounting: 'every_run', form: 'same', sweeps: 0, concurrency: 4 },
    [
      { op: 'talk', session: 4, runs: 1, pause: 2, failed: false, same: false },
      { op: 'start', session: 4 },
      { op: 'poll', project: 0 },
      { op: 'wait', seconds: 1 },
      { op: 'delete', session: 0 },
      { op: 'addProject' },
    ],
  ],
  [
    'a history that lags behind the list',
    { seed: 'F', order: 'id', accounting: 'every_run', form: 'same', sweeps: 0, concurrency: 4 },
    [
      { op: 'fault', fault: { kind: 'stale_read' }, times: 2, after: 2 },
      { op: 'shift', session: 0, project: 0 },
      { op: 'poll', project: 0 },
      { op: 'addProject' },
      { op: 'removeProject', project: 0 },
      { op: 'talk', session: 1, runs: 1, pause: 2, failed: false, same: false },
    ],
  ],
  [
    'a run that is completed, and the next one, between two polls',
    { seed: ' ', order: 'newest', accounting: 'every_run', form: 'same', sweeps: 1, concurrency: 4 },
    [
      { op: 'complete', session: 1 },
      { op: 'minutes', count: 2, overlap: false },
      { op: 'complete', session: 1 },
      { op: 'talk', session: 1, runs: 1, pause: 2, failed: false, same: false },
      { op: 'poll', project: 0 },
    ],
  ],
  [
    'an old session that is touched before it is first seen, and again later',
    { seed: ' ', order: 'newest', accounting: 'last_run', form: 'same', sweeps: 0, concurrency: 4 },
    [
      { op: 'touch', session: 1 },
      { op: 'poll', project: 0 },
      { op: 'talk', session: 1, runs: 1, pause: 2, failed: false, same: false },
      { op: 'start', session: 1 },
      { op: 'poll', project: 0 },
      { op: 'finish', session: 1 },
      { op: 'touch', session: 1 },
      { op: 'poll', project: 0 },
    ],
  ],
  [
    'a session first seen so late that a tombstone of it may have been forgotten',
    { seed: ' ', order: 'newest', accounting: 'every_run', form: 'same', sweeps: 0, concurrency: 2 },
    [
      { op: 'session', project: 0, runs: 1 },
      { op: 'wait', seconds: 2_678_400 },
      { op: 'poll', project: 0 },
      { op: 'talk', session: 0, runs: 1, pause: 2, failed: false, same: false },
    ],
  ],
  [
    'a session whose history is forbidden, among others that talk',
    { seed: 'x', order: 'newest', accounting: 'every_run', form: 'same', sweeps: 2, concurrency: 2 },
    [
      { op: 'unreadable', session: 0, fault: { kind: 'status', status: 403 } },
      { op: 'talk', session: 0, runs: 3, pause: 2, failed: false, same: false },
      { op: 'talk', session: 1, runs: 5, pause: 2, failed: true, same: false },
      { op: 'minutes', count: 3, overlap: true },
      { op: 'wait', seconds: 172_800 },
      { op: 'minutes', count: 3, overlap: false },
      { op: 'talk', session: 0, runs: 2, pause: 2, failed: false, same: false },
    ],
  ],
];

describe('sequences that failed once', () => {
  it.each(CASES)('hold now: %s', async (_, setting, sequence) => {
    await expect(play(setting, sequence)).resolves.toBeUndefined();
  });
});
