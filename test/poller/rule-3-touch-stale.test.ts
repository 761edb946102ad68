import { describe, expect, it } from 'vitest';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { figures } from '../fakes/fake-api.ts';
import { Harness, START } from './harness.ts';

const T = START + 100 * SECOND;
const OLD = figures({ inputTokens: 1 });
const NEW = figures({ inputTokens: 2 });

/** Session `a` has run OLD as baseline, then NEW at T, which was counted. */
async function counted(): Promise<Harness> {
  const h = await Harness.start((x) => x.api.show('p', 'a', START - DAY, OLD));
  await h.poll();
  h.api.show('p', 'a', T, NEW);
  await h.poll({ after: 120 });
  expect(h.counters().runs).toBe(1);
  return h;
}

describe('rule 3: touches and stale reads', () => {
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
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 2, touches: 0 });
  });
});
