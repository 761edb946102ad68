/** A state with something in it, and what an exporter says that cannot use it. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Ended } from '../cli/program.ts';
import { STACK } from '../cli/program.ts';
import { listening, type Place, place, serve } from './exporter-process.ts';
import type { LivingWorld } from './living-world.ts';
import { allKnown, counted, scrape } from './scrape.ts';

/** Waits until the projects were read whole. */
export async function swept(url: string): Promise<void> {
  for (;;) {
    if (allKnown(await scrape(url))) return;
    await sleep(20);
  }
}

/** A state that an exporter left in order, after it had counted one run in each project. */
export async function usedState(world: LivingWorld): Promise<Place> {
  const here = place(world.simulator.url);
  const running = serve(here);
  const url = await listening(running);
  await swept(url);
  const before = await scrape(url);
  world.runEverywhere();
  const grown = (text: string): boolean =>
    world.projects.every((id) => (counted(text, id)?.runs ?? 0) > (counted(before, id)?.runs ?? 0));
  while (!grown(await scrape(url))) await sleep(20);
  running.child.kill('SIGTERM');
  expect((await running.ended).code).toBe(0);
  return here;
}

/** The process has ended by itself: with 1, and one clear error that names the state and the fix. Answers it. */
export function refused({ code, stderr }: Ended, state: string): string {
  const errors = stderr.split('\n').filter((line) => line.includes('"level":"error"'));
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain(state);
  expect(errors[0]).toMatch(/"fix":"[A-Z][^"]{20,}"/);
  expect(stderr).not.toMatch(STACK);
  expect(stderr).not.toContain('Created a new state');
  expect(code).toBe(1);
  return errors[0] ?? '';
}

/** What an exporter says of a state that it cannot use; the file stays as it is. */
export async function refusal(here: Place): Promise<string> {
  const before = readFileSync(here.state);
  const said = refused(await serve(here).ended, here.state);
  expect(readFileSync(here.state).equals(before)).toBe(true);
  return said;
}
