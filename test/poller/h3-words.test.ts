/** Runs that list and history describe in different words: what each of them leaves out is counted once (docs/accounting.md, H3). */
import { describe, expect, it } from 'vitest';
import type { Figures } from '../../src/domain/session.ts';
import { DAY } from '../../src/domain/time.ts';
import { figures, sessionOf, stopsOf } from '../fakes/fake-history.ts';
import { EVERY_RUN, Harness, START } from './harness.ts';

/** A young session `a` is about to begin. */
async function begun(): Promise<Harness> {
  const h = await Harness.start((x) => {
    x.rules = EVERY_RUN;
    x.api.ran('p', 'old', START - DAY, figures());
  });
  for (let sweep = 0; sweep < 3; sweep++) await h.poll({ kind: 'full' });
  return h;
}

async function shown(h: Harness, list: Figures, ...history: readonly Figures[]): Promise<void> {
  h.api.show('p', 'a', h.clock.now(), list, list.errorHash === null ? null : 'timed out');
  const stops = history.map((each) => ({ figures: each, errorText: each.errorHash === null ? null : 'timed out' }));
  h.api.tell('p', 'a', { stops });
  await h.poll();
  await h.verify();
}

describe('a failed run', () => {
  const listed = figures({ isError: true, errorHash: 'h', durationMs: 2, inputTokens: 0, outputTokens: 0 });
  const stop: Figures = { ...listed, isError: null };

  it('that fails like the one before counts one error, where its stop has an error text alone', async () => {
    const h = await begun();
    await shown(h, listed, stop);
    expect(h.counters()).toMatchObject({ runs: 1, errors: { timeout: 1 } });
    await shown(h, listed, stop, stop);
    expect(h.counters()).toMatchObject({ runs: 2, errors: { timeout: 2 } });
  });
});

describe('a credit', () => {
  it('is not taken for a stop that only lacks what it says', async () => {
    const h = await begun();
    const untimed = figures({ durationMs: null, inputTokens: 40, outputTokens: 4, turns: 3 });
    const bare = figures({ durationMs: 900, inputTokens: null, outputTokens: null, turns: null });
    h.api.show('p', 'a', h.clock.now(), untimed);
    await h.poll();
    h.pass(30);
    const stops = stopsOf([{ ...untimed, durationUs: 7_000_000 }, bare]);
    h.api.tell('p', 'a', { stops, session: sessionOf('a', h.clock.now(), bare) });
    await h.verify();
    expect(h.counters()).toMatchObject({ runs: 2, inputTokens: 40, outputTokens: 4 });
  });
});
