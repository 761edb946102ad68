/** What a history adds to what the list has shown (docs/accounting.md, H1 and H3). */
import { describe, expect, it } from 'vitest';
import type { Figures } from '../../src/domain/session.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { figures, MALFORMED, run, sessionOf, stopsOf } from '../fakes/fake-history.ts';
import { EVERY_RUN, Harness, START } from './harness.ts';

const T = START + 100 * SECOND;

/** Session `a` has `runs` from before the start; they are baseline. */
async function begun(...runs: readonly Figures[]): Promise<Harness> {
  const h = await Harness.start((x) => {
    x.rules = EVERY_RUN;
    x.api.ran('p', 'a', START - DAY, ...runs);
  });
  await h.poll();
  return h;
}

/** Shows all runs of `a`, polls, and reads its history. */
async function ran(h: Harness, at: number, ...runs: readonly Figures[]): Promise<void> {
  h.api.ran('p', 'a', at, ...runs);
  await h.poll();
  await h.verify();
}

/** What the list shows differs from the history. */
async function shown(h: Harness, at: number, list: Figures | null, ...history: readonly Figures[]): Promise<void> {
  h.api.show('p', 'a', at, list);
  h.api.tell('p', 'a', { stops: stopsOf(history), session: sessionOf('a', at, history.at(-1) ?? null) });
  await h.poll();
  await h.verify();
}

type Counted = Record<'runs' | 'inputTokens' | 'hiddenRuns' | 'unverified' | 'unreconciled', number>;

function counted(h: Harness): Counted {
  const { runs, inputTokens, hiddenRuns } = h.counters();
  const { unverified, unreconciled } = h.verification();
  return { runs, inputTokens, hiddenRuns, unverified, unreconciled };
}

function exact(runs: number, inputTokens: number, hiddenRuns: number): Counted {
  return { runs, inputTokens, hiddenRuns, unverified: 0, unreconciled: 0 };
}

describe('H3: hidden runs', () => {
  it('are counted between two polls, again and again', async () => {
    const h = await begun(run(1));
    await ran(h, T, run(1), run(10), run(100), run(1000));
    expect(counted(h)).toEqual(exact(3, 1110, 2));
    await ran(h, T + 200 * SECOND, run(1), run(10), run(100), run(1000), run(5));
    expect(counted(h)).toEqual(exact(4, 1115, 2));
  });

  it('are counted although their figures are the same', async () => {
    const h = await begun(run(1));
    await ran(h, T, run(1), run(7));
    await ran(h, T + 200 * SECOND, run(1), run(7), run(7), run(7));
    expect(counted(h)).toEqual(exact(3, 21, 2));
  });

  it('are counted of a session that was recorded as never run', async () => {
    const h = await begun();
    await h.verify();
    await ran(h, T, run(1), run(2));
    expect(counted(h)).toEqual(exact(2, 3, 1));
  });

  it('are counted with what the history alone says of them', async () => {
    const h = await begun(run(1));
    const failure = figures({ isError: true, errorHash: 'h', inputTokens: 5, durationMs: 9000 });
    h.api.show('p', 'a', T, run(2));
    h.api.tell('p', 'a', {
      stops: [...stopsOf([run(1)]), { figures: failure, errorText: 'request timed out' }, ...stopsOf([run(2)])],
    });
    await h.poll();
    await h.verify();
    expect(h.counters()).toMatchObject({ runs: 2, errors: { timeout: 1 }, duration: { sum: 10_500_000 } });
  });

  it('leave gauges and recorded figures alone', async () => {
    const h = await begun(run(1));
    await ran(h, T, run(1), run(10), run(100));
    expect(h.gauges()).toMatchObject({ ok: 1, inputTokens: 100 });
    expect((await h.row('a')).figures?.inputTokens).toBe(100);
  });

  it('are not counted from before the epoch', async () => {
    const h = await begun(run(1), run(2), run(3));
    await h.poll({ after: 600 });
    await h.verify();
    expect(counted(h)).toEqual(exact(0, 0, 0));
    expect(h.api.historyRequests).toEqual([]);
  });
});

describe('H3: list and history of different moments', () => {
  it('a run that ends between list and history is counted once', async () => {
    const h = await begun(run(1));
    await shown(h, T, run(2), run(1), run(2), run(4));
    await ran(h, T + 200 * SECOND, run(1), run(2), run(4));
    expect(counted(h)).toMatchObject({ runs: 2, inputTokens: 6, unverified: 0 });
  });

  it('a history one run behind the list is read again', async () => {
    const h = await begun(run(1));
    h.api.show('p', 'a', T, run(40));
    h.api.tell('p', 'a', { stops: stopsOf([run(1), run(30)]), session: sessionOf('a', T - SECOND, run(30)) });
    await h.poll();
    await h.verify();
    expect(counted(h)).toMatchObject({ runs: 1, inputTokens: 40, unverified: 1 });
    h.api.ran('p', 'a', T, run(1), run(30), run(40));
    await h.verify(30);
    expect(counted(h)).toEqual(exact(2, 70, 1));
  });
});

describe('H3: a history that changed', () => {
  it('by losing its head counts the smaller number, and says so', async () => {
    const h = await begun(run(1));
    await ran(h, T, run(1), run(2), run(4));
    await ran(h, T + 200 * SECOND, run(4), run(8), run(16), run(32));
    expect(h.counters()).toMatchObject({ runs: 3, inputTokens: 6 + 32 });
    expect(h.verification()).toMatchObject({ unverified: 0, unreconciled: 1 });
  });

  it('by becoming shorter is behind for a day, and then taken as it is', async () => {
    const h = await begun(run(1));
    await ran(h, T, run(1), run(2), run(4));
    await ran(h, T + 200 * SECOND, run(8));
    expect(h.verification()).toMatchObject({ unverified: 1, unreconciled: 0, histories: { behind: 1 } });
    await h.verify(DAY / SECOND);
    expect(h.counters()).toMatchObject({ runs: 3, inputTokens: 14 });
    expect(h.verification()).toMatchObject({ unverified: 0, unreconciled: 1 });
  });

  it('of two stops that fit the recorded run counts the newest alone', async () => {
    const h = await begun(run(1));
    await ran(h, T, run(1), run(1), run(2));
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 2 });
    expect(h.verification().unreconciled).toBe(1);
  });

  it('without the recorded run counts the newest alone', async () => {
    const h = await begun(run(1));
    await ran(h, T, run(5), run(6));
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 6 });
    expect(h.verification().unreconciled).toBe(1);
  });

  it('by a malformed stop counts that run without usage', async () => {
    const h = await begun(run(1));
    await ran(h, T, run(1), run(2));
    await ran(h, T + 200 * SECOND, run(1), run(2), MALFORMED, run(8));
    expect(counted(h)).toEqual(exact(3, 10, 1));
    expect(h.counters().withoutUsage).toBe(1);
  });
});
