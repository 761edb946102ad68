/** What a newer time with equal figures means, and an older time with others (docs/accounting.md, L3). */
import { describe, expect, it } from 'vitest';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { figures, sessionOf, stopsOf } from '../fakes/fake-history.ts';
import { EVERY_RUN, Harness, RULES, START } from './harness.ts';

const T = START + 100 * SECOND;
const OLD = figures({ inputTokens: 1 });
const NEW = figures({ inputTokens: 2 });

/** Session `a` has run OLD as baseline, then NEW at T, which was counted. */
async function counted(rules = RULES): Promise<Harness> {
  const h = await Harness.start((x) => {
    x.rules = rules;
    x.api.ran('p', 'a', START - DAY, OLD);
  });
  await h.poll();
  h.api.ran('p', 'a', T, OLD, NEW);
  await h.poll({ after: 120 });
  expect(h.counters().runs).toBe(1);
  return h;
}

describe('L3: touches and stale reads', () => {
  it('counts a touch and no run', async () => {
    const h = await counted();
    h.api.show('p', 'a', T + SECOND, NEW);
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 1, touches: 1, inputTokens: 2 });
    expect(h.gauges().newest).toMatchObject({ value: T + SECOND });
  });

  it('ignores and counts an older read', async () => {
    const h = await counted();
    h.api.show('p', 'a', START - DAY, OLD);
    await h.poll();
    h.api.show('p', 'a', T, NEW);
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 2 });
    expect(h.view().polls.staleReads).toBe(1);
    expect(h.gauges().inputTokens).toBe(2);
  });

  it('ignores the previous figures at the same time', async () => {
    const h = await counted();
    for (let i = 0; i < 3; i++) {
      h.api.show('p', 'a', T, i % 2 === 0 ? OLD : NEW);
      await h.poll();
    }
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 2 });
    expect(h.view().polls.staleReads).toBe(2);
  });

  it('ignores both earlier forms of a completed run', async () => {
    const h = await counted();
    const partial = figures({ inputTokens: null, durationMs: 777 });
    h.api.show('p', 'a', T + SECOND, partial);
    await h.poll();
    h.api.show('p', 'a', T + SECOND, { ...partial, inputTokens: 9 });
    await h.poll();
    for (const lagging of [NEW, partial]) {
      h.api.show('p', 'a', T + SECOND, lagging);
      await h.poll();
    }
    expect(h.counters()).toMatchObject({ runs: 2, inputTokens: 11 });
    expect(h.view().polls.staleReads).toBe(2);
  });

  it('follows a repeated stale read in gauges only', async () => {
    const h = await counted();
    h.api.show('p', 'a', START - DAY, OLD);
    await h.poll();
    expect(h.gauges().inputTokens).toBe(2);
    await h.poll();
    expect(h.gauges()).toMatchObject({ inputTokens: 1, newest: { value: START - DAY } });
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 2 });
    h.api.show('p', 'a', T, NEW);
    await h.poll();
    expect(h.gauges()).toMatchObject({ inputTokens: 2, newest: { value: T } });
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 2 });
  });

  it('counts once whatever figures rotate at one time', async () => {
    const h = await counted();
    const third = figures({ inputTokens: 3 });
    for (const [i, shown] of [OLD, third, NEW, OLD, third, NEW].entries()) {
      h.api.show('p', 'a', T, shown);
      await h.poll({ kind: i % 2 === 0 ? 'full' : 'head' });
    }
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 2 });
  });
});

describe('L3: a run at an older time', () => {
  it('is counted by its history after two sweeps', async () => {
    const h = await counted(EVERY_RUN);
    await h.verify();
    h.api.ran('p', 'a', T - SECOND, OLD, NEW, figures({ inputTokens: 5 }));
    await h.poll();
    expect(h.verification().unverified).toBe(0);
    await h.poll();
    expect(h.verification().unverified).toBe(1);
    expect(h.gauges()).toMatchObject({ inputTokens: 5 });
    await h.verify();
    expect(h.counters()).toMatchObject({ runs: 2, hiddenRuns: 1, inputTokens: 7 });
  });

  it('counts nothing where the list alone lagged', async () => {
    const h = await counted(EVERY_RUN);
    await h.verify();
    h.api.show('p', 'a', START - DAY, OLD);
    h.api.tell('p', 'a', { stops: stopsOf([OLD, NEW]), session: sessionOf('a', T, NEW) });
    for (let i = 0; i < 2; i++) await h.poll();
    await h.verify();
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 2 });
    expect(h.verification().unverified).toBe(0);
  });

  it('is unreconciled with last_run', async () => {
    const h = await counted();
    h.api.show('p', 'a', T - SECOND, figures({ inputTokens: 5 }));
    for (let i = 0; i < 3; i++) await h.poll();
    expect(h.counters().runs).toBe(1);
    expect(h.verification()).toMatchObject({ unverified: 0, unreconciled: 1 });
  });

  it('is counted by its history where a run ends without a new time', async () => {
    const h = await counted(EVERY_RUN);
    await h.verify();
    h.api.show('p', 'a', T + SECOND, null);
    await h.poll();
    await h.verify();
    h.api.ran('p', 'a', T + SECOND, OLD, NEW, figures({ inputTokens: 5 }));
    for (let i = 0; i < 2; i++) await h.poll();
    await h.verify();
    expect(h.counters()).toMatchObject({ runs: 2, inputTokens: 7 });
  });
});
