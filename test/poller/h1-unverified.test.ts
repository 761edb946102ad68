/** Which sessions' histories are to be read (docs/accounting.md, H1). */
import { describe, expect, it } from 'vitest';
import type { Figures } from '../../src/domain/session.ts';
import { DAY, HOUR, SECOND } from '../../src/domain/time.ts';
import { run } from '../fakes/fake-history.ts';
import { EVERY_RUN, Harness, START } from './harness.ts';

const T = START + 90 * SECOND;
const OLD = START - DAY;
const unfinished: Figures = { ...run(2), inputTokens: null };

async function begun(change: (h: Harness) => void = () => {}, sweeps = 1): Promise<Harness> {
  const h = await Harness.start((x) => {
    x.rules = EVERY_RUN;
    x.api.ran('p', 'other', START - 2 * DAY, run(1));
    change(x);
  });
  for (let i = 0; i < sweeps; i++) await h.poll({ kind: 'full' });
  return h;
}

const waits = async (h: Harness): Promise<boolean> => (await h.row('s')).history.unverified !== null;

describe('H1: a known session', () => {
  it.each<[what: string, before: Figures | null, at: number, after: Figures | null, expected: boolean]>([
    ['ran', run(1), T, run(2), true],
    ['was touched', run(1), T, run(1), true],
    ['has a run in progress', run(1), T, null, true],
    ['is completed at the same time', unfinished, OLD, run(2), true],
    ['is completed at a newer time', unfinished, T, run(2), true],
    ['ran before the epoch', run(1), OLD + HOUR, run(2), true],
    ['is shown as it was', run(1), OLD, run(1), false],
    ['is shown older than it was', run(1), OLD - HOUR, run(2), false],
  ])('that %s', async (_, before, at, after, expected) => {
    const h = await begun((x) => x.api.show('p', 's', OLD, before));
    expect(await waits(h)).toBe(false);
    h.api.show('p', 's', at, after);
    await h.poll({ kind: 'full' });
    expect(await waits(h)).toBe(expected);
    expect(h.verification().unverified).toBe(expected ? 1 : 0);
  });
});

describe('H1: a session that is first shown', () => {
  it.each<[what: string, sweeps: number, at: number, shown: Figures | null, expected: boolean]>([
    ['with a run that counts', 1, T, run(1), true],
    ['with a run from before the epoch', 1, OLD, run(1), false],
    ['without a run, updated within a day before the epoch', 1, OLD + SECOND, null, true],
    ['without a run, updated earlier', 1, OLD - SECOND, null, false],
    ['while it must be young', 2, OLD, run(1), true],
    ['while it must be young, without a run', 2, OLD - SECOND, null, true],
  ])('%s', async (_, sweeps, at, shown, expected) => {
    const h = await begun(() => {}, sweeps);
    h.api.show('p', 's', at, shown);
    await h.poll({ kind: 'full' });
    expect(await waits(h)).toBe(expected);
  });
});
