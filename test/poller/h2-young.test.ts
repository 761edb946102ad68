/** Which sessions are young, so that all their runs count (docs/accounting.md, H2). */
import { describe, expect, it } from 'vitest';
import type { Figures } from '../../src/domain/session.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { figures, run } from '../fakes/fake-history.ts';
import { EVERY_RUN, Harness, START } from './harness.ts';

const T = START + 1000 * SECOND;

/** A project with an old session, after so many complete sweeps. */
async function after(sweeps: number, change: (h: Harness) => void = () => {}): Promise<Harness> {
  const h = await Harness.start((x) => {
    x.rules = EVERY_RUN;
    x.api.ran('p', 'old', START - DAY, run(7));
    change(x);
  });
  for (let i = 0; i < sweeps; i++) await h.poll({ kind: 'full' });
  return h;
}

/** Runs that `s` counts for, once it is shown with all of them at once. */
async function countedOf(h: Harness, ...runs: readonly Figures[]): Promise<number> {
  h.api.ran('p', 's', T, ...runs);
  await h.poll({ after: 60, kind: 'full' });
  await h.verify(1000);
  expect(h.verification().unverified).toBe(0);
  return h.counters().runs;
}

describe('H2: a session is young', () => {
  it('after two complete sweeps', async () => {
    expect(await countedOf(await after(2), run(1), run(2), run(3))).toBe(3);
  });

  it('not after one', async () => {
    expect(await countedOf(await after(1), run(1), run(2), run(3))).toBe(1);
  });

  it('not where a sweep dropped an item without an id', async () => {
    const h = await after(1, (x) => {
      x.api.fake('p').invalid = [{ reason: 'session_id', id: null }];
    });
    h.api.fake('p').invalid = [];
    await h.poll({ kind: 'full' });
    expect(await countedOf(h, run(1), run(2), run(3))).toBe(1);
  });

  it('not where it was shown malformed, in an earlier process', async () => {
    const h = await after(2, (x) => {
      x.api.fake('p').invalid = [{ reason: 'last_updated_at', id: 's' }];
    });
    h.api.fake('p').invalid = [];
    await h.poller.stop();
    await h.restart();
    expect(await countedOf(h, run(1), run(2), run(3))).toBe(1);
  });

  it.each([
    ['not where its runs took longer than the time since it would have been seen', 41_000, 1, 1],
    ['where they just fit, with a minute of tolerance', 40_000, 3, 0],
  ])('%s', async (_, durationMs, runs, unreconciled) => {
    const h = await after(2);
    h.api.ran('p', 's', h.clock.now() + 60 * SECOND, ...[1, 2, 3].map((turns) => figures({ durationMs, turns })));
    await h.poll({ kind: 'full' });
    await h.verify();
    expect(h.counters().runs).toBe(runs);
    expect(h.verification().unreconciled).toBe(unreconciled);
  });

  it('although it was shown without a run first', async () => {
    const h = await after(2);
    h.api.show('p', 's', START + 100 * SECOND, null);
    await h.poll({ kind: 'full' });
    expect(await countedOf(h, run(1), run(2), run(3))).toBe(3);
  });
});
