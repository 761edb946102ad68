/** The polls of many projects are spread over the interval, whenever they began together. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Harness } from './harness.ts';

const PROJECTS = 60;
const INTERVAL = 60;

/** Polls in each second of the interval that begins now, by virtual time. */
async function pollsBySecond(h: Harness): Promise<readonly number[]> {
  const polls: number[] = [];
  for (let second = 0; second < INTERVAL; second += 1) {
    const before = h.api.requests;
    h.pass(1);
    for (let turn = 0; turn < 50; turn += 1) await nextTurn();
    polls.push(h.api.requests - before);
  }
  return polls;
}

async function started(projects: number): Promise<Harness> {
  const h = await Harness.start((x) => {
    for (let n = 1; n < projects; n += 1) x.api.addProject(`p${n}`);
  });
  for (const worker of h.poller.registry.workers()) worker.start(0);
  h.pass(INTERVAL); // their zeros are shown for an interval first
  for (let turn = 0; turn < 500; turn += 1) await nextTurn();
  return h;
}

it('spreads projects that were first polled together', async () => {
  const h = await started(PROJECTS);
  expect(h.api.requests).toBe(PROJECTS);
  const second = await pollsBySecond(h);
  expect(second.reduce((sum, polls) => sum + polls, 0)).toBeGreaterThanOrEqual(PROJECTS);
  const third = await pollsBySecond(h);
  expect(third.reduce((sum, polls) => sum + polls, 0)).toBe(PROJECTS);
  expect(Math.max(...third)).toBeLessThanOrEqual(3);
  await Promise.all(h.poller.registry.workers().map((worker) => worker.stop()));
});

it('polls a project that is alone exactly once in each interval', async () => {
  const h = await started(1);
  for (let interval = 0; interval < 3; interval += 1) {
    const polls = await pollsBySecond(h);
    expect(polls.lastIndexOf(1)).toBe(INTERVAL - 1);
    expect(polls.reduce((sum, n) => sum + n, 0)).toBe(1);
  }
  await h.worker().stop();
});
