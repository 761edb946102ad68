/** Sessions that run many times before their history can be read (docs/accounting.md, H1 and H3). */
import { describe, expect, it } from 'vitest';
import type { Figures } from '../../src/domain/session.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { figures, refusal, run, stopsOf } from '../fakes/fake-history.ts';
import { EVERY_RUN, Harness, START } from './harness.ts';

/** So many runs are shown one by one, while the history cannot be read; then five more, of which the list shows the last. */
async function many(first: Figures, count: number, of: (i: number) => Figures): Promise<readonly Figures[]> {
  const h = await Harness.start((x) => {
    x.rules = EVERY_RUN;
    x.api.ran('p', 's', START - DAY, first);
    x.api.tell('p', 's', { fault: refusal('timeout') });
  });
  await h.poll();
  const runs: Figures[] = [];
  for (let i = 0; i < count; i++) {
    runs.push(of(i));
    h.api.show('p', 's', h.clock.now(), of(i));
    await h.poll();
  }
  for (let i = 0; i < 5; i++) runs.push(of(count + i));
  h.api.show('p', 's', h.clock.now(), runs.at(-1) ?? null);
  h.api.tell('p', 's', { fault: null, stops: stopsOf([first, ...runs]) });
  await h.poll();
  expect(h.counters()).toMatchObject({ runs: count + 1, hiddenRuns: 0 });
  await h.verify(3600);
  expect(h.verification()).toMatchObject({ unverified: 0, unreconciled: 0 });
  expect(h.counters()).toMatchObject({
    runs: runs.length,
    hiddenRuns: 4,
    inputTokens: runs.reduce((sum, { inputTokens }) => sum + (inputTokens ?? 0), 0),
  });
  return runs;
}

describe('runs that the list showed one by one', () => {
  it.each([1, 31, 32, 33, 100])('%d of them are each counted once, and what was hidden after them', async (count) => {
    expect(await many(run(1), count, (i) => run(10 + i))).toHaveLength(count + 5);
  });

  it('are kept apart from the stops before them, of a baseline with the same tokens', async () => {
    await many(figures({ inputTokens: 12, durationMs: 9 }), 40, (i) => run(10 + i));
  });
});

describe('runs with the same figures', () => {
  it('of which the list shows one are all counted, once the place is known', async () => {
    const h = await Harness.start((x) => {
      x.rules = EVERY_RUN;
      x.api.ran('p', 's', START + SECOND, run(1));
    });
    await h.poll();
    await h.verify();
    const all = [run(1)];
    for (let i = 0; i < 20; i++) {
      all.push(run(2), run(2));
      h.api.ran('p', 's', h.clock.now(), ...all);
      await h.poll();
      await h.verify();
      expect(h.counters()).toMatchObject({ runs: all.length, inputTokens: 2 * all.length - 1 });
    }
    expect(h.verification()).toMatchObject({ unverified: 0, unreconciled: 0 });
  });
});
