/** The cost of the month as it is published: by server time, whatever our clock says. */
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { figures } from '../fakes/fake-api.ts';
import { Harness, START } from './harness.ts';

/** 100 input and 10 output tokens at 3 and 15 USD per million. */
const RUN_NANO_USD = 450_000;
/** START is the first of June 2026; 30 days later July begins. */
const JULY = START + 30 * DAY;

async function withOneRun(change: (h: Harness) => void = () => {}): Promise<Harness> {
  const h = await Harness.start(change);
  await h.poll();
  h.api.show('p', 's', h.api.serverTime(), figures());
  await h.poll();
  return h;
}

describe('the cost of the month', () => {
  it('is published with the end of the month', async () => {
    const h = await withOneRun();
    expect(h.view().spent).toMatchObject({ monthNanoUsd: RUN_NANO_USD, monthUntil: JULY });
  });

  it('begins anew with the month, without a run', async () => {
    const h = await withOneRun();
    await h.poll({ after: (30 * DAY) / 1_000_000 });
    expect(h.view().spent).toMatchObject({ monthNanoUsd: 0, monthUntil: JULY + 31 * DAY });
  });

  it('is kept over a restart', async () => {
    const h = await withOneRun();
    await h.poller.stop();
    await h.restart();
    expect(h.view().spent.monthNanoUsd).toBe(RUN_NANO_USD);
  });

  it('follows server time where our clock is wrong', async () => {
    const h = await withOneRun((x) => {
      x.api.skew = -3 * HOUR;
    });
    expect(h.view().spent).toMatchObject({ monthNanoUsd: RUN_NANO_USD, monthUntil: START + 3 * HOUR });
  });
});
