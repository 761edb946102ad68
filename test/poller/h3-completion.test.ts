/** Figures that arrive late, from the list or the history: each is added once (docs/accounting.md, H1 and H3). */
import { describe, expect, it } from 'vitest';
import type { Figures } from '../../src/domain/session.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { figures, sessionOf, stopsOf } from '../fakes/fake-history.ts';
import { EVERY_RUN, Harness, START } from './harness.ts';

const FIRST = figures({ inputTokens: 1, turns: 1 });
const WHOLE = figures({ inputTokens: 40, outputTokens: 4, turns: 9, durationMs: 700 });
const BARE: Figures = { ...WHOLE, inputTokens: null, outputTokens: null };

/** Session `a` counted FIRST and is verified. */
async function begun(): Promise<Harness> {
  const h = await Harness.start((x) => {
    x.rules = EVERY_RUN;
    x.api.ran('p', 'a', START + SECOND, FIRST);
    x.api.ran('p', 'old', START - DAY, figures());
  });
  await h.poll();
  await h.verify();
  return h;
}

let second = 300;
const at = (): number => START + (second += 100) * SECOND;

async function lists(h: Harness, run: Figures): Promise<void> {
  h.api.show('p', 'a', at(), run);
  await h.poll();
}

/** The history shows FIRST and these; its own session as the list does. */
async function tells(h: Harness, ...runs: readonly Figures[]): Promise<void> {
  h.api.tell('p', 'a', { stops: stopsOf([FIRST, ...runs]), session: null });
  await h.verify(400);
}

/** Beside the first run. */
function expectSecond(h: Harness, runs = 1): void {
  const { inputTokens, outputTokens } = h.counters();
  expect({ runs: h.counters().runs - 1, inputTokens, outputTokens }).toEqual({
    runs,
    inputTokens: 1 + 40 * runs,
    outputTokens: 10 + 4 * runs,
  });
  expect(h.verification()).toMatchObject({ unverified: 0, unreconciled: 0 });
}

describe('tokens that a run lacks are added once', () => {
  it.each<[string, readonly (readonly [typeof lists, Figures])[]]>([
    [
      'by the history, then shown by the list',
      [
        [lists, BARE],
        [tells, WHOLE],
        [lists, WHOLE],
        [tells, WHOLE],
      ],
    ],
    [
      'by the list, then shown by the history',
      [
        [lists, BARE],
        [lists, WHOLE],
        [tells, WHOLE],
      ],
    ],
    [
      'by a history that lacked them at the look before',
      [
        [lists, BARE],
        [tells, BARE],
        [lists, BARE],
        [tells, WHOLE],
      ],
    ],
    [
      'by the list, where the history lacks them for ever',
      [
        [lists, BARE],
        [tells, BARE],
        [lists, WHOLE],
        [tells, BARE],
      ],
    ],
  ])('%s', async (_, steps) => {
    const h = await begun();
    for (const [step, run] of steps) await step(h, run);
    expectSecond(h);
  });

  it('of a hidden run, by the history alone', async () => {
    const h = await begun();
    await lists(h, { ...WHOLE, turns: 8 });
    await tells(h, WHOLE, { ...WHOLE, turns: 8 });
    expectSecond(h, 2);
  });

  it('of a run that may be the last stop, by its history', async () => {
    const h = await begun();
    const vague = figures({ inputTokens: null, turns: null });
    h.api.show('p', 'a', at(), vague);
    await h.poll();
    expect(h.counters().runs).toBe(1);
    h.api.tell('p', 'a', { stops: stopsOf([FIRST, figures({ inputTokens: 40 })]), session: null });
    await h.verify(400);
    expect(h.counters()).toMatchObject({ runs: 2, inputTokens: 41 });
  });
});

describe('while the next run is in progress', () => {
  /** The history shows FIRST and these, and that another run is in progress. */
  async function tellsInProgress(h: Harness, ...runs: readonly Figures[]): Promise<void> {
    h.api.show('p', 'a', at(), null);
    h.api.tell('p', 'a', { stops: stopsOf([FIRST, ...runs]), session: null });
    await h.poll();
    await h.verify(400);
  }

  /** The list showed the run without tokens only after its history had: it may be that run, or another one. */
  async function toldAsBare(): Promise<Harness> {
    const h = await begun();
    await tellsInProgress(h, BARE);
    expect(h.counters()).toMatchObject({ runs: 2, inputTokens: 1 });
    await lists(h, WHOLE);
    expect(h.counters()).toMatchObject({ runs: 2, inputTokens: 1 });
    return h;
  }

  it('keeps the tokens that the list showed of the last stop', async () => {
    const h = await toldAsBare();
    await tellsInProgress(h, BARE);
    expectSecond(h);
    await tells(h, WHOLE);
    expectSecond(h);
  });

  it('keeps the tokens that the list showed of a run hidden after it', async () => {
    const h = await toldAsBare();
    await tellsInProgress(h, BARE, BARE);
    expect(h.counters()).toMatchObject({ runs: 3, inputTokens: 41, outputTokens: 14 });
  });

  it('adds the tokens of a run that looks like the one before it later', async () => {
    const h = await begun();
    await lists(h, BARE);
    await tells(h, WHOLE);
    await tellsInProgress(h, WHOLE, BARE);
    await lists(h, BARE);
    await lists(h, WHOLE);
    await tells(h, WHOLE, WHOLE);
    expectSecond(h, 2);
  });

  it('never takes the tokens of the run before it for its own', async () => {
    const h = await begun();
    await lists(h, WHOLE);
    await tells(h, WHOLE);
    for (let i = 0; i < 2; i++) {
      await tellsInProgress(h, WHOLE, BARE);
      expect(h.counters()).toMatchObject({ runs: 3, inputTokens: 41, outputTokens: 14 });
    }
  });
});

describe('figures of the baseline', () => {
  it('that are completed move no counter', async () => {
    const h = await Harness.start((x) => {
      x.rules = EVERY_RUN;
      x.api.ran('p', 'a', START - DAY, BARE);
    });
    await h.poll();
    h.api.show('p', 'a', START - DAY, WHOLE);
    h.api.tell('p', 'a', { stops: stopsOf([WHOLE]), session: sessionOf('a', START - DAY, WHOLE) });
    await h.poll();
    await h.verify();
    expect(h.counters()).toMatchObject({ runs: 0, inputTokens: 0, outputTokens: 0 });
    expect(h.gauges()).toMatchObject({ inputTokens: 40 });
  });
});

describe('errors worded otherwise', () => {
  it('in list and history are one failed run', async () => {
    const h = await begun();
    const failure = { ...WHOLE, isError: true };
    h.api.show('p', 'a', at(), { ...failure, errorHash: 'x' }, 'request timed out');
    h.api.tell('p', 'a', {
      stops: [...stopsOf([FIRST]), { figures: { ...failure, errorHash: 'y' }, errorText: 'Timeout after 30 s' }],
    });
    await h.poll();
    await h.verify(400);
    expectSecond(h);
    expect(h.counters().errors).toMatchObject({ timeout: 1 });
  });
});
