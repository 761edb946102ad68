/** When a run is counted from the list (docs/accounting.md, L1). */
import { describe, expect, it } from 'vitest';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { figures } from '../fakes/fake-api.ts';
import { Harness, START } from './harness.ts';

const T = START + 3600 * SECOND;

/** A project whose first sweep is over, with session `a` recorded as `first`. */
async function begun(first = figures()): Promise<Harness> {
  const h = await Harness.start((x) => x.api.show('p', 'a', START - DAY, first));
  await h.poll();
  return h;
}

describe('L1: a run is counted once', () => {
  it('counts a run with other figures', async () => {
    const h = await begun();
    h.api.show('p', 'a', T, figures({ inputTokens: 7, outputTokens: 3, turns: 5, durationMs: 2000 }));
    await h.poll();
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 7, outputTokens: 3, turns: 5, touches: 0 });
    expect(h.counters().duration).toMatchObject({ sum: 2 * SECOND });
  });

  it('counts a first-seen session with a run', async () => {
    const h = await begun();
    h.api.show('p', 'b', T, figures({ inputTokens: 50 }));
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 50 });
  });

  it('counts the first run of a never-run session', async () => {
    const h = await Harness.start((x) => x.api.show('p', 'a', START - DAY, null));
    await h.poll();
    expect(h.gauges()).toMatchObject({ neverRun: 1, ok: 0 });
    h.api.show('p', 'a', T, figures());
    await h.poll();
    expect(h.counters().runs).toBe(1);
    expect(h.gauges()).toMatchObject({ neverRun: 0, ok: 1 });
  });

  it('adds only what completes a run', async () => {
    const h = await begun();
    const partial = figures({ isError: false, durationMs: 900, inputTokens: null, outputTokens: null, turns: null });
    h.api.show('p', 'a', T, partial);
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 0, withoutUsage: 1 });
    h.api.show('p', 'a', T, { ...partial, inputTokens: 40, outputTokens: 4 });
    await h.poll();
    h.api.show('p', 'a', T + SECOND, { ...partial, inputTokens: 40, outputTokens: 4, turns: 3 });
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 40, outputTokens: 4, turns: 3, withoutUsage: 1 });
    expect(h.counters().duration.counts.reduce((a, b) => a + b)).toBe(1);
    expect(h.counters().inputTokensPerRun.sum).toBe(40);
    expect(h.gauges()).toMatchObject({ inputTokens: 40, turns: 3, ok: 1 });
  });

  it('counts a completed run that failed as failed', async () => {
    const h = await begun();
    h.api.show('p', 'a', T, figures({ isError: null, durationMs: 900 }));
    await h.poll();
    h.api.show('p', 'a', T, figures({ isError: true, durationMs: 900, errorHash: 'x' }), 'request timed out');
    await h.poll();
    expect(h.counters().runs).toBe(1);
    expect(h.counters().errors).toMatchObject({ timeout: 1 });
  });

  it('counts once although the busy session jumps above the cursor twice', async () => {
    const h = await Harness.start((x) => {
      x.api.pageSize = 2;
      for (let i = 0; i < 8; i++) x.api.show('p', `s${i}`, START - DAY + i * SECOND, figures({ inputTokens: i }));
    });
    await h.poll();
    let shifts = 0;
    h.api.beforePage = (request) => {
      if (request.token === null || shifts >= 2) return;
      shifts += 1;
      h.api.show('p', 's0', T + shifts * SECOND, figures({ inputTokens: 1000 + shifts }));
    };
    await h.poll({ kind: 'full', after: 3700 });
    h.api.beforePage = () => {};
    await h.poll({ kind: 'full', after: 700 });
    expect(h.counters().runs).toBeGreaterThanOrEqual(1);
    expect(h.counters().runs).toBeLessThanOrEqual(2);
    expect(h.gauges().ok).toBe(8);
    expect(h.gauges().inputTokens).toBe(1 + 2 + 3 + 4 + 5 + 6 + 7 + 1002);
  });

  it('counts once a session shown on two pages', async () => {
    const h = await begun();
    const fake = h.api.fake('p');
    h.api.show('p', 'b', T, figures({ inputTokens: 9 }));
    fake.sessions.push({ ...fake.sessions[1], id: 'b' } as never);
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 9, touches: 0 });
  });
});

describe('metadata in progress', () => {
  it('counts nothing and keeps the record', async () => {
    const h = await begun(figures({ inputTokens: 11 }));
    h.api.show('p', 'a', T, null);
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 0, touches: 0 });
    expect(h.gauges()).toMatchObject({ ok: 1, neverRun: 0, inputTokens: 11, newest: { value: T } });
    h.api.show('p', 'a', T + SECOND, figures({ inputTokens: 12 }));
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 12 });
  });
});
