/** The examples of docs/accounting.md, row by row: what is known, what list and history show, what is counted. */
import { describe, expect, it } from 'vitest';
import type { Rules } from '../../src/domain/rules.ts';
import { type Figures, NO_FIGURES } from '../../src/domain/session.ts';
import { DAY, HOUR, SECOND } from '../../src/domain/time.ts';
import { figures, refusal, run, sessionOf, stopsOf } from '../fakes/fake-history.ts';
import { EVERY_RUN, Harness, RULES, START } from './harness.ts';

const [A, B, C, D] = [1, 20, 300, 4000].map((tokens, i) => ({ ...run(tokens), turns: i })) as [
  Figures,
  Figures,
  Figures,
  Figures,
];
/** Before the epoch, when the session was recorded, and when it is shown again. */
const [OLD, BEFORE, NOW] = [START - HOUR, START + 90 * SECOND, START + 1000 * SECOND];
const noTokens = (f: Figures): Figures => ({ ...f, inputTokens: null });

type Counted = { readonly runs: number; readonly tokens: number };
const counted = (h: Harness): Counted => ({ runs: h.counters().runs, tokens: h.counters().inputTokens });
const gained = (before: Counted, after: Counted): Counted => ({
  runs: after.runs - before.runs,
  tokens: after.tokens - before.tokens,
});
/** May be any run. */
const NO_USAGE: Figures = { ...NO_FIGURES, durationUs: A.durationUs, isError: false };
const NOTHING: Counted = { runs: 0, tokens: 0 };

/** A project that was swept twice, with an old session `other`, so that what comes now is young. */
async function swept(rules: Rules): Promise<Harness> {
  const h = await Harness.start((x) => {
    x.rules = rules;
    x.api.ran('p', 'other', START - DAY, run(7));
  });
  for (let i = 0; i < 2; i++) await h.poll({ kind: 'full' });
  return h;
}

/** The same, with session `s` recorded as `before` and verified. */
async function recorded(before: Figures | null, rules: Rules): Promise<Harness> {
  const h = await swept(rules);
  if (before === null) return h;
  h.api.ran('p', 's', BEFORE, before);
  await h.poll();
  await h.verify();
  return h;
}

describe('what the list alone says', () => {
  it.each<[what: string, before: Figures | null, at: number, shown: Figures | null, Counted]>([
    ['a first run after the epoch: 1 run', null, NOW, A, { runs: 1, tokens: 1 }],
    ['a first run from before the epoch: nothing', null, OLD, A, NOTHING],
    ['another run: 1 run', A, NOW, B, { runs: 1, tokens: 20 }],
    ['a run completed: the tokens', noTokens(A), NOW, A, { runs: 0, tokens: 1 }],
    ['a touch: nothing', A, NOW, A, NOTHING],
    ['a stale read: nothing', A, OLD, B, NOTHING],
    ['a run in progress: nothing', A, NOW, null, NOTHING],
  ])('%s', async (_, before, at, shown, expected) => {
    for (const rules of [RULES, EVERY_RUN]) {
      const h = await recorded(before, rules);
      const earlier = counted(h);
      h.api.show('p', 's', at, shown);
      await h.poll({ after: 1000 });
      expect(gained(earlier, counted(h)), rules.accounting).toEqual(expected);
    }
  });

  it('a negative number of tokens: nothing, and one invalid session', async () => {
    for (const rules of [RULES, EVERY_RUN]) {
      const h = await recorded(A, rules);
      h.api.remove('p', 's');
      h.api.fake('p').invalid = [{ reason: 'job_metadata', id: 's' }];
      const earlier = counted(h);
      await h.poll({ after: 1000 });
      expect(counted(h)).toEqual(earlier);
      expect(h.view().polls.invalid.job_metadata).toBe(1);
    }
  });
});

type Shown = { readonly list: Figures; readonly history: readonly Figures[]; readonly own?: Figures };

describe('what the history adds', () => {
  it.each<[what: string, Shown, atOnce: Counted, added: Counted]>([
    ['nothing was hidden', { list: B, history: [A, B] }, { runs: 1, tokens: 20 }, NOTHING],
    ['two were hidden', { list: D, history: [A, B, C, D] }, { runs: 1, tokens: 4000 }, { runs: 2, tokens: 320 }],
    ['the same figures twice are two runs', { list: A, history: [A, A] }, NOTHING, { runs: 1, tokens: 1 }],
    ['a touch', { list: A, history: [A] }, NOTHING, NOTHING],
    [
      'the run that may be the last stop',
      { list: NO_USAGE, history: [A, B], own: B },
      NOTHING,
      { runs: 1, tokens: 20 },
    ],
    ['a history that is behind', { list: D, history: [A, B, C] }, { runs: 1, tokens: 4000 }, NOTHING],
    [
      'the same run, rounded otherwise',
      { list: B, history: [A, { ...B, durationUs: 1_500_400 }] },
      { runs: 1, tokens: 20 },
      NOTHING,
    ],
    [
      'the tokens that the list lacked',
      { list: noTokens(B), history: [A, B], own: B },
      { runs: 1, tokens: 0 },
      { runs: 0, tokens: 20 },
    ],
  ])('%s', async (_, { list, history, own }, atOnce, added) => {
    const h = await recorded(A, EVERY_RUN);
    const before = counted(h);
    h.api.show('p', 's', NOW, list);
    h.api.tell('p', 's', { stops: stopsOf(history), session: sessionOf('s', NOW, own ?? list) });
    await h.poll({ after: 1000 });
    const after = counted(h);
    expect(gained(before, after)).toEqual(atOnce);
    await h.verify();
    expect(gained(after, counted(h))).toEqual(added);
  });

  it('all runs of a young session', async () => {
    const h = await swept(EVERY_RUN);
    h.api.ran('p', 's', NOW, A, B, C, D);
    await h.poll({ after: 1000 });
    expect(counted(h)).toEqual({ runs: 1, tokens: 4000 });
    await h.verify();
    expect(counted(h)).toEqual({ runs: 4, tokens: 4321 });
  });

  it('nothing for an old session: its runs may be older than the epoch', async () => {
    const h = await Harness.start((x) => {
      x.rules = EVERY_RUN;
      x.api.ran('p', 's', START + SECOND, A, B, C, D);
    });
    await h.poll();
    await h.verify();
    expect(counted(h)).toEqual({ runs: 1, tokens: 4000 });
  });

  it('one unreconciled run where it answers 403 for a day', async () => {
    const h = await recorded(A, EVERY_RUN);
    h.api.ran('p', 's', NOW, A, B, C, D);
    h.api.tell('p', 's', { fault: refusal('forbidden') });
    await h.poll({ after: 1000 });
    await h.verify();
    await h.verify(DAY / SECOND);
    expect(counted(h)).toEqual({ runs: 2, tokens: 4001 });
    expect(h.verification()).toMatchObject({ unverified: 0, givenUp: 1, unreconciled: 1 });
  });
});

describe('figures', () => {
  it.each([1500.4, 1499, 1501, 1501.5])(
    'of %d ms in the history are those of 1500 ms in the list',
    async (durationMs) => {
      const h = await Harness.start((x) => {
        x.rules = EVERY_RUN;
      });
      for (const at of [START + SECOND, NOW]) {
        h.api.show('p', 's', at, figures({ durationMs: 1500 }));
        h.api.tell('p', 's', { stops: stopsOf([figures({ durationMs })]), session: null });
        await h.poll({ after: 1000 });
        await h.verify();
      }
      expect(counted(h).runs).toBe(1);
      expect(h.verification()).toMatchObject({ unverified: 0, unreconciled: 0 });
    },
  );

  it.each([1498, 1502])('of %d ms in the history are another run than 1500 ms in the list', async (durationMs) => {
    const h = await recorded(figures({ durationMs: 1500 }), EVERY_RUN);
    h.api.show('p', 's', NOW, figures({ durationMs: 1500 }));
    h.api.tell('p', 's', { stops: stopsOf([figures({ durationMs: 1500 }), figures({ durationMs })]), session: null });
    await h.poll({ after: 1000 });
    await h.verify();
    expect(h.verification()).toMatchObject({ unverified: 1, histories: { behind: 1 } });
  });
});
