/** When head polls miss a change, how far they reach after it, and when that shrinks again. */
import { describe, expect, it } from 'vitest';
import { type Cursors, NO_CURSORS } from '../../src/domain/store.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/time.ts';
import { headPoint, learnFromPage, learnFromSweep, mayPollHead, overlapOf } from '../../src/poller/head/overlap.ts';
import { figures } from '../fakes/fake-api.ts';
import { Harness, START, TIMING } from './harness.ts';

const WATERMARK = START;
const LONG: Cursors = { ...NO_CURSORS, newestFirst: true, watermark: WATERMARK, lastSweepPages: 5 };
const page = (cursors: Cursors, changedAt: readonly number[], now = WATERMARK) =>
  learnFromPage(cursors, changedAt, now, TIMING);
const sweeps = (cursors: Cursors, count: number): Cursors => {
  let after = cursors;
  for (let i = 0; i < count; i++) after = learnFromSweep(after, 0, TIMING);
  return after;
};

describe('a miss', () => {
  it('is a change below the next head poll', () => {
    const point = headPoint(LONG, TIMING) ?? 0;
    expect(page(LONG, [point])).toMatchObject({ found: 0, missed: 0 });
    expect(page(LONG, [point - 1])).toMatchObject({ found: 1, missed: 1 });
  });

  it('cannot happen where the list fits one page', () => {
    const short = { ...LONG, lastSweepPages: 1 };
    expect(page(short, [WATERMARK - HOUR])).toEqual({ cursors: short, found: 0, missed: 0 });
  });

  it('cannot happen before the order is known', () => {
    const unordered = { ...LONG, newestFirst: false };
    expect(page(unordered, [WATERMARK - HOUR])).toEqual({ cursors: unordered, found: 0, missed: 0 });
  });

  it('is found among 200,000 changes', () => {
    const changes = Array.from({ length: 200_000 }, (_, i) => WATERMARK - 5 * MINUTE - i);
    const { cursors, found } = page(LONG, changes);
    expect([found, cursors.overlapUs]).toEqual([200_000, 2 * (5 * MINUTE + 199_999)]);
  });
});

describe('the overlap', () => {
  it('becomes twice the age of the oldest miss', () => {
    const { cursors } = page(LONG, [WATERMARK - 4 * MINUTE, WATERMARK - 6 * MINUTE], WATERMARK + MINUTE);
    expect(overlapOf(cursors, TIMING)).toBe(14 * MINUTE);
    expect(mayPollHead(cursors, TIMING)).toBe(true);
  });

  it('beyond a full sweep switches head polling off until two sweeps are without a miss', () => {
    const { cursors } = page(LONG, [WATERMARK - 20 * MINUTE]);
    expect([overlapOf(cursors, TIMING), mayPollHead(cursors, TIMING)]).toEqual([30 * MINUTE, false]);
    const ended = learnFromSweep(cursors, 1, TIMING);
    expect(mayPollHead(sweeps(ended, 1), TIMING)).toBe(false);
    expect(mayPollHead(sweeps(ended, 2), TIMING)).toBe(true);
  });

  it('while head polling is off, changes keep it off and are no misses', () => {
    const off = sweeps(learnFromSweep(page(LONG, [WATERMARK - 20 * MINUTE]).cursors, 1, TIMING), 1);
    const lesson = page(off, [WATERMARK - 31 * MINUTE]);
    expect(lesson).toMatchObject({ found: 1, missed: 0 });
    expect(mayPollHead(sweeps(learnFromSweep(lesson.cursors, 1, TIMING), 1), TIMING)).toBe(false);
  });

  it('is halved by ten sweeps without a miss, down to the first value', () => {
    const wide = { ...LONG, overlapUs: 7 * MINUTE };
    expect(overlapOf(sweeps(wide, 9), TIMING)).toBe(7 * MINUTE);
    expect(overlapOf(sweeps(wide, 10), TIMING)).toBe(3.5 * MINUTE);
    expect(overlapOf(sweeps(wide, 20), TIMING)).toBe(2 * MINUTE);
    expect(overlapOf(sweeps(wide, 100), TIMING)).toBe(2 * MINUTE);
  });

  it('is not halved where a sweep of the ten had a miss', () => {
    const wide = learnFromSweep(sweeps({ ...LONG, overlapUs: 7 * MINUTE }, 9), 1, TIMING);
    expect(overlapOf(sweeps(wide, 9), TIMING)).toBe(7 * MINUTE);
    expect(overlapOf(sweeps(wide, 10), TIMING)).toBe(3.5 * MINUTE);
  });
});

describe('a sweep', () => {
  const busy = async (): Promise<Harness> => {
    const h = await Harness.start((x) => {
      for (let i = 0; i < 6; i++) x.api.show('p', `s${i}`, START - HOUR + i * SECOND, figures());
    });
    await h.poll({ kind: 'full' });
    return h;
  };

  it('finds a late change of a known session', async () => {
    const h = await busy();
    h.api.show('p', 's0', START - 3 * MINUTE, figures({ turns: 9 }));
    await h.poll({ kind: 'full' });
    expect(h.view().polls.headPollMisses).toBe(1);
    expect(h.worker().ctx.state.cursors.overlapUs).toBe(2 * (5 * MINUTE));
  });

  it('takes one unarchived session for no miss', async () => {
    const h = await busy();
    h.api.show('p', 'unarchived', START - 40 * MINUTE, figures({ turns: 9 }));
    await h.poll({ kind: 'full' });
    expect(h.view().polls.headPollMisses).toBe(0);
  });
});
