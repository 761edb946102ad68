/** Kills an exporter again and again while the world lives, and checks that every run was counted once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import type { Running } from '../cli/program.ts';
import { kill, listening } from './exporter-process.ts';
import { LivingWorld } from './living-world.ts';
import { allKnown, counted, counters, scrape } from './scrape.ts';

/** Requests of one life before it ends, at most: about two sweeps of all projects with their histories. */
const REQUESTS = 80;
const PATIENCE_MS = 60_000;

export type Killing = {
  readonly kills: number;
  /** Starts it on the same state, for the API at that URL. */
  readonly serve: (apiUrl: string) => Running;
  /** It is killed after so long, though it has asked for less: milliseconds. */
  readonly lifeMs: number;
};

/** Looks again and again until it is so. */
async function until(isSo: () => boolean | Promise<boolean>, within = PATIENCE_MS): Promise<boolean> {
  for (const end = performance.now() + within; performance.now() < end; await sleep(5)) if (await isSo()) return true;
  return false;
}

/** Counters only grow, from life to life; remembers where they stand. */
function standing(text: string, before: Map<string, number>): void {
  const now = counters(text);
  expect([...now].filter(([series, value]) => value < (before.get(series) ?? 0))).toEqual([]);
  for (const [series, value] of now) before.set(series, value);
}

export async function countsThroughKills({ kills, serve, lifeMs }: Killing): Promise<void> {
  const world = await LivingWorld.start(20_261_123);
  onTestFinished(() => world.simulator.stop());
  const start = (): Running => serve(world.simulator.url);
  const before = new Map<string, number>();
  const first = start();
  const address = await listening(first);
  expect(await until(async () => allKnown(await scrape(address)))).toBe(true);
  world.begin();
  await kill(first);

  for (let nth = 0; nth < kills; nth++) {
    const running = start();
    if (nth % 10 === 0) await sleep(Math.random() * 600);
    else {
      const url = await listening(running);
      const stop = world.simulator.requests.count() + Math.floor(Math.random() * REQUESTS);
      await until(() => world.simulator.requests.count() >= stop, lifeMs);
      if (nth % 3 === 0) standing(await scrape(url), before);
      await sleep(Math.random() * 8);
    }
    await kill(running);
  }

  world.end();
  const last = start();
  const url = await listening(last);
  const truth = Object.fromEntries(world.projects.map((id) => [id, world.truth(id)]));
  const shown = async (): Promise<typeof truth> => {
    const text = await scrape(url);
    standing(text, before);
    return Object.fromEntries(world.projects.map((id) => [id, counted(text, id) as (typeof truth)[string]]));
  };
  await until(async () => JSON.stringify(await shown()) === JSON.stringify(truth), 20_000);
  await sleep(2500); // two more polls: nothing may be counted again
  expect(await shown()).toEqual(truth);
  await kill(last);
}
