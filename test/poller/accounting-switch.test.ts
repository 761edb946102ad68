/** Switches between last_run and every_run: no run counts twice (docs/accounting.md, H1). */
import { describe, expect, it } from 'vitest';
import type { Rules } from '../../src/domain/rules.ts';
import type { Figures } from '../../src/domain/session.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { run, sessionOf, stopsOf } from '../fakes/fake-history.ts';
import { EVERY_RUN, Harness, RULES, START } from './harness.ts';

const T = START + 90 * SECOND;

/** Session `s` has `runs` from before the start; they are baseline. */
async function begun(...runs: readonly Figures[]): Promise<Harness> {
  const h = await Harness.start((x) => {
    x.rules = EVERY_RUN;
    x.api.ran('p', 's', START - DAY, ...runs);
  });
  await h.poll({ kind: 'full' });
  return h;
}

async function ran(h: Harness, at: number, ...runs: readonly Figures[]): Promise<void> {
  h.api.ran('p', 's', at, ...runs);
  await h.poll({ kind: 'full' });
  await h.verify();
}

async function switched(h: Harness, rules: Rules): Promise<void> {
  await h.poller.stop();
  h.rules = rules;
  await h.restart();
}

describe('a switch to last_run', () => {
  it('asks for no history, and counts what the list shows', async () => {
    const h = await begun(run(1));
    h.api.ran('p', 's', T, run(1), run(2), run(4));
    await h.poll({ kind: 'full' });
    await switched(h, RULES);
    await ran(h, T + 200 * SECOND, run(1), run(2), run(4), run(8));
    await h.verify(3600);
    expect(h.api.historyRequests).toEqual([]);
    expect(h.counters()).toMatchObject({ runs: 2, inputTokens: 12 });
  });

  it('counts a run once that the history showed before the list', async () => {
    const h = await begun(run(1));
    h.api.show('p', 's', T, run(2));
    h.api.tell('p', 's', { stops: stopsOf([run(1), run(2), run(4)]), session: sessionOf('s', T, run(4)) });
    await h.poll({ kind: 'full' });
    await h.verify();
    expect(h.counters().runs).toBe(2);
    await switched(h, RULES);
    h.api.show('p', 's', T + SECOND, run(4));
    await h.poll({ kind: 'full' });
    expect(h.counters()).toMatchObject({ runs: 2, inputTokens: 6 });
    h.api.show('p', 's', T + 200 * SECOND, run(8));
    await h.poll({ kind: 'full' });
    expect(h.counters()).toMatchObject({ runs: 3, inputTokens: 14 });
  });
});

describe('a switch to last_run and back', () => {
  it('counts no stop twice, and says what it cannot tell', async () => {
    const h = await begun(run(1));
    await ran(h, T, run(1), run(2));
    for (const [i, rules] of [RULES, EVERY_RUN].entries()) {
      await switched(h, rules);
      h.api.show('p', 's', T + (200 + i) * SECOND, run(4 + 4 * i));
      await h.poll({ kind: 'full' });
    }
    h.api.tell('p', 's', { stops: stopsOf([run(1), run(2), run(4), run(8)]), session: null });
    await h.verify();
    expect(h.counters()).toMatchObject({ runs: 3, inputTokens: 14 });
    expect(h.verification()).toMatchObject({ unverified: 0, unreconciled: 1 });
  });

  it('leaves a session that rested exact', async () => {
    const h = await begun(run(1));
    await ran(h, T, run(1), run(2), run(4));
    for (const rules of [RULES, EVERY_RUN]) {
      await switched(h, rules);
      await h.poll({ kind: 'full' });
    }
    await ran(h, T + 300 * SECOND, run(1), run(2), run(4), run(8), run(16));
    expect(h.counters()).toMatchObject({ runs: 4, inputTokens: 30 });
    expect(h.verification()).toMatchObject({ unverified: 0, unreconciled: 0 });
  });
});
