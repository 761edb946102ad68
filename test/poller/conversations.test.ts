/** Everything runs by itself, as in the process: conversations are exact at rest, at one or two histories each. */
import { describe, expect, it } from 'vitest';
import type { Figures } from '../../src/domain/session.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { refusal, run } from '../fakes/fake-history.ts';
import { EVERY_RUN, Harness, nextTurn, START } from './harness.ts';

const SESSIONS = 8;

/** A poller at work on old sessions; head polls from its second sweep on. */
async function working(change: (h: Harness) => void = () => {}): Promise<Harness> {
  const h = await Harness.start((x) => {
    x.rules = EVERY_RUN;
    for (let i = 0; i < SESSIONS; i++) x.api.ran('p', `s${i}`, START - DAY + i * SECOND, run(i));
    change(x);
  });
  h.poller.start();
  await seconds(h, 180);
  return h;
}

/** Lets time pass, a second at a time, and what it brings about happen. */
async function seconds(h: Harness, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    h.pass(1);
    for (let turn = 0; turn < 12; turn++) await nextTurn();
  }
}

/** Every session has a conversation of ten runs, some 25 s apart, out of step with each other. */
async function converse(h: Harness): Promise<number> {
  const runs = Array.from({ length: SESSIONS }, (_, i): Figures[] => [run(i)]);
  for (let second = 0; second < 260; second++) {
    for (const [i, all] of runs.entries()) {
      if ((second + 3 * i) % 25 !== 0 || all.length > 10) continue;
      all.push(run(1000 * i + all.length));
      h.api.ran('p', `s${i}`, h.clock.now(), ...all);
    }
    await seconds(h, 1);
  }
  return runs.reduce((sum, all) => sum + all.length - 1, 0);
}

describe('conversations', () => {
  it('are exact at rest, and cost two histories each at most', async () => {
    const h = await working();
    const ended = await converse(h);
    expect(h.counters().runs).toBeLessThan(ended);
    await seconds(h, 150);
    expect(h.counters().runs).toBe(ended);
    expect(h.verification()).toMatchObject({ unverified: 0, unreconciled: 0 });
    expect(h.api.historyRequests.length).toBeLessThanOrEqual(2 * SESSIONS);
    await h.poller.stop();
  });

  it('cost no history while each poll shows a change', async () => {
    const h = await working();
    const runs: Figures[] = [run(0)];
    for (let second = 0; second < 290; second++) {
      if (second % 20 === 0) {
        runs.push(run(1000 + second));
        h.api.ran('p', 's0', h.clock.now(), ...runs);
      }
      await seconds(h, 1);
    }
    expect(h.api.historyRequests).toEqual([]);
    await seconds(h, 150);
    expect(h.api.historyRequests).toEqual(['s0']);
    await h.poller.stop();
  });

  it('never count more than ended, and lose what one history hides', async () => {
    const h = await working((x) => x.api.tell('p', 's0', { fault: refusal('forbidden') }));
    const ended = await converse(h);
    await seconds(h, 150);
    expect(h.counters().runs).toBeLessThan(ended);
    expect(h.verification()).toMatchObject({ unverified: 1, unreconciled: 0 });
    h.api.tell('p', 's0', { fault: null });
    await seconds(h, 600);
    expect(h.counters().runs).toBe(ended);
    await h.poller.stop();
  });

  it('are settled by the next process where this one stops among histories', async () => {
    const h = await working((x) => {
      for (let i = 0; i < SESSIONS; i++) x.api.tell('p', `s${i}`, { fault: 'hang' });
    });
    const ended = await converse(h);
    await seconds(h, 150);
    expect(h.api.inFlight).toBe(2);
    await h.poller.stop();
    expect(h.api.inFlight).toBe(0);
    for (let i = 0; i < SESSIONS; i++) h.api.tell('p', `s${i}`, { fault: null });
    await h.restart();
    await h.round();
    expect(h.counters().runs).toBe(ended);
    expect(h.verification()).toMatchObject({ unverified: 0, unreconciled: 0 });
  });
});
