import { describe, expect, it } from 'vitest';
import type { Figures } from '../../src/domain/session.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { figures } from '../fakes/fake-api.ts';
import { Harness, RULES, START } from './harness.ts';

const run = (tokens: number): Figures => figures({ inputTokens: tokens });

/** Shows the history's last run in the list, and all of them in the history. */
function history(h: Harness, id: string, at: number, ...runs: readonly Figures[]): void {
  h.api.show('p', id, at, runs.at(-1) ?? null);
  h.api.fake('p').histories.set(
    id,
    runs.map((f) => ({ figures: f, errorText: null })),
  );
}

async function every(change: (h: Harness) => void = () => {}): Promise<Harness> {
  const h = await Harness.start((x) => {
    x.rules = { ...RULES, accounting: 'every_run' };
    change(x);
  });
  await h.poll({ kind: 'full' });
  return h;
}

const T = START + 100 * SECOND;

describe('rule 8: every_run', () => {
  it('counts all runs between two polls', async () => {
    const h = await every((x) => history(x, 'a', START - DAY, run(1)));
    history(h, 'a', T, run(1), run(10), run(100), run(1000));
    await h.poll({ after: 120 });
    expect(h.counters()).toMatchObject({ runs: 3, inputTokens: 1110 });
    history(h, 'a', T + SECOND, run(1), run(10), run(100), run(1000), run(5));
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 4, inputTokens: 1115 });
  });

  it('counts identical figures in a row', async () => {
    const h = await every((x) => history(x, 'a', START - DAY, run(1)));
    history(h, 'a', T, run(1), run(7));
    await h.poll({ after: 120 });
    history(h, 'a', T + SECOND, run(1), run(7), run(7), run(7));
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 3, inputTokens: 21, touches: 0 });
  });

  it('counts all of a session first seen later', async () => {
    const h = await every();
    history(h, 'new', T, run(1), run(2), run(4));
    await h.poll({ after: 120 });
    expect(h.counters()).toMatchObject({ runs: 3, inputTokens: 7 });
  });

  it('counts the newest at most before the first sweep', async () => {
    const h = await every((x) => {
      history(x, 'old', START - DAY, run(1), run(2));
      history(x, 'new', START + SECOND, run(4), run(8));
    });
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 8 });
    expect(h.api.historyRequests).toEqual(['new']);
  });

  it('counts all of a session recorded as never run', async () => {
    const h = await every((x) => history(x, 'a', START - 2 * DAY));
    history(h, 'a', T, run(1), run(2));
    await h.poll({ after: 120 });
    expect(h.counters()).toMatchObject({ runs: 2, inputTokens: 3 });
  });

  it('counts once a run that ends between list and history', async () => {
    const h = await every((x) => history(x, 'a', START - DAY, run(1)));
    history(h, 'a', T, run(1), run(2), run(4));
    h.api.show('p', 'a', T, run(2));
    await h.poll({ after: 120 });
    expect(h.counters()).toMatchObject({ runs: 2, inputTokens: 6 });
    history(h, 'a', T + SECOND, run(1), run(2), run(4));
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 2, inputTokens: 6 });
  });

  it('believes the list where no history can be had', async () => {
    const h = await every((x) => history(x, 'a', START - DAY, run(1)));
    h.api.show('p', 'a', T, run(2));
    h.api.fake('p').histories.set('a', null);
    await h.poll({ after: 120 });
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 2 });
    history(h, 'a', T + SECOND, run(1), run(2), run(4), run(8));
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 3, inputTokens: 14 });
  });

  it('does not count again by the list', async () => {
    const h = await every((x) => history(x, 'a', START - DAY, run(1)));
    history(h, 'a', T, run(1), run(2), run(4));
    h.api.show('p', 'a', T, run(2));
    await h.poll({ after: 120 });
    h.api.show('p', 'a', T + SECOND, run(4));
    h.api.fake('p').histories.set('a', null);
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 2, inputTokens: 6 });
  });

  it('believes the list where the history lags behind it', async () => {
    const h = await every((x) => history(x, 'a', START - DAY, run(1)));
    history(h, 'a', T, run(1));
    h.api.show('p', 'a', T, run(2));
    await h.poll({ after: 120 });
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 2 });
    history(h, 'a', T + SECOND, run(1), run(2), run(4));
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 2, inputTokens: 6 });
  });

  it('counts nothing again from a history that went back', async () => {
    const h = await every((x) => history(x, 'a', START - DAY, run(1)));
    history(h, 'a', T, run(1), run(2), run(4));
    await h.poll({ after: 120 });
    history(h, 'a', T + SECOND, run(1), run(2));
    h.api.show('p', 'a', T + SECOND, run(8));
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 3, inputTokens: 14 });
    history(h, 'a', T + 2 * SECOND, run(1), run(2), run(4), run(8), run(16));
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 4, inputTokens: 30 });
  });

  it('counts the newest alone when the recorded run is ambiguous', async () => {
    const h = await every((x) => history(x, 'a', START - DAY, run(1)));
    history(h, 'a', T, run(1), run(1), run(2));
    await h.poll({ after: 120 });
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 2 });
    expect(h.view().polls.unreconciledRuns).toBe(1);
  });

  it('counts the newest alone when the recorded run is gone', async () => {
    const h = await every((x) => history(x, 'a', START - DAY, run(1)));
    history(h, 'a', T, run(5), run(6));
    await h.poll({ after: 120 });
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 6 });
    expect(h.view().polls.unreconciledRuns).toBe(1);
  });

  it('stays a lower bound with last_run', async () => {
    const h = await Harness.start((x) => history(x, 'a', START - DAY, run(1)));
    await h.poll();
    history(h, 'a', T, run(1), run(10), run(100));
    await h.poll({ after: 120 });
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 100 });
    expect(h.api.historyRequests).toEqual([]);
  });

  it('counts nothing from before the epoch', async () => {
    const h = await every((x) => history(x, 'a', START - DAY, run(1)));
    h.api.show('p', 'hidden', START - 3600 * SECOND, null);
    h.api.fake('p').histories.set(
      'hidden',
      [run(1), run(2)].map((f) => ({ figures: f, errorText: null })),
    );
    await h.poll({ kind: 'full' });
    expect(h.counters().runs).toBe(0);
    history(h, 'hidden', START + 90 * SECOND, run(1), run(2), run(30));
    await h.poll({ kind: 'full' });
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 30 });
  });
});
