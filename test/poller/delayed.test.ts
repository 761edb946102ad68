/** A poll that waits for its turn for longer than two intervals is counted and reported while it waits. */
import { describe, expect, it } from 'vitest';
import { HOUR, SECOND } from '../../src/domain/time.ts';
import { recordingObserver } from '../fakes/recording-observer.ts';
import { Harness, nextTurn, START } from './harness.ts';

/** A project whose second poll waits for its page; `waits`: whether for its turn, or for an answer. */
async function waiting(waits: boolean) {
  const { observer, told } = recordingObserver();
  const h = await Harness.start((x) => (x.observer = observer));
  await h.poll();
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const page = h.api.page.bind(h.api);
  h.api.page = async (...request) => {
    asked.resolve();
    await gate.promise;
    return page(...request);
  };
  const worker = h.worker();
  worker.start(0);
  await asked.promise;
  const after = async (seconds: number): Promise<number> => {
    h.pass(seconds);
    h.api.waitedMs += waits ? seconds * 1000 : 0;
    worker.noteDelay();
    for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
    return h.views.get('p')?.polls.polls.full.skipped ?? Number.NaN;
  };
  const delays = (): number => told.filter(([event]) => event === 'pollDelayed').length;
  const end = async (): Promise<void> => {
    gate.resolve();
    await worker.stop();
  };
  return { after, delays, end };
}

/** A sweep that has read its first page and waits for the second, while a head poll between them waits for its turn. */
async function headWaiting() {
  const { observer, told } = recordingObserver();
  const h = await Harness.start((x) => {
    x.observer = observer;
    x.api.pageSize = 2;
    for (let i = 0; i < 6; i++) x.api.show('p', `s${i}`, START - HOUR + i * SECOND, null);
  });
  for (let sweep = 0; sweep < 2; sweep++) await h.poll({ kind: 'full' });
  const gate = Promise.withResolvers<void>();
  const page = h.api.page.bind(h.api);
  let firstPages = 0;
  h.api.page = async (...request) => {
    if (request[0].token === null) firstPages += 1;
    if (request[0].token !== null || firstPages > 1) await gate.promise;
    return page(...request);
  };
  const worker = h.worker();
  const sweep = worker.poll('full');
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn += 1) await nextTurn();
  };
  await turns();
  h.pass(60);
  await turns();
  return { h, worker, told, turns, firstPages: () => firstPages, end: async () => (gate.resolve(), await sweep) };
}

describe('a head poll between two pages of a sweep', () => {
  it('is said and counted as a head poll while it waits', async () => {
    const { h, worker, told, turns, firstPages, end } = await headWaiting();
    expect(firstPages()).toBe(2);
    h.pass(180);
    h.api.waitedMs = 180_000;
    worker.noteDelay();
    await turns();
    expect(told.filter(([event]) => event === 'pollDelayed').map((args) => args[3])).toEqual(['head']);
    expect(h.view().polls.polls.full.skipped).toBe(0);
    expect(h.view().polls.polls.head.skipped).toBeGreaterThan(0);
    await end();
  });
});

describe('a poll that waits for its turn', () => {
  it('is said and counted once in each interval after the second', async () => {
    const { after, delays, end } = await waiting(true);
    expect(await after(119)).toBe(0);
    expect(await after(1)).toBe(1);
    expect(await after(59)).toBe(1);
    expect(await after(1)).toBe(2);
    expect(delays()).toBe(2);
    await end();
  });

  it('is not said where an answer takes long', async () => {
    const { after, delays, end } = await waiting(false);
    expect(await after(300)).toBe(0);
    expect(delays()).toBe(0);
    await end();
  });
});
