/** Real processes with a state that is damaged, incomplete, read-only, in use, or on a full disk. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '../cli/program.ts';
import { tool } from '../support/tools.ts';
import { kill, launch, listening, type Place, place, serve } from './exporter-process.ts';
import { LivingWorld } from './living-world.ts';
import { counted, scrape } from './scrape.ts';
import { refusal, refused, swept, usedState } from './used-state.ts';

/** Of a database in SQLite's default form, bytes. */
const PAGE = 4096;
/** KiB: room for a new state and little more. */
const LIMIT_KIB = 160;
const NOBODY = 65_534;
const AS_NOBODY = fileURLToPath(new URL('as-nobody.ts', import.meta.url));

let world: LivingWorld;
/** Two processes on one state; the second one waits while the other tests run. */
let shared: Place;
let first: Running;
let second: Running;

beforeAll(async () => {
  world = await LivingWorld.start(7);
  shared = place(world.simulator.url);
  first = launch(shared);
  await swept(await listening(first));
  second = launch(shared);
});
afterAll(async () => {
  for (const running of [first, second]) running.child.kill('SIGKILL');
  await world.simulator.stop();
});

describe('a state', { timeout: 180_000 }, () => {
  it('cut short is refused', async () => {
    const here = await usedState(world);
    const { size } = statSync(here.state);
    for (const length of [size - PAGE, Math.floor(size / 2), 10, 0]) {
      truncateSync(here.state, length);
      await expect(refusal(here)).resolves.toMatch(/is damaged/);
    }
  });

  it('with a corrupt page never gives a wrong number', async () => {
    const here = await usedState(world);
    const good = readFileSync(here.state);
    for (const page of [1, 2, 4, 7, good.length / PAGE].filter((at) => at * PAGE <= good.length)) {
      writeFileSync(here.state, good);
      overwrite(here.state, page);
      expect(await outcome(here)).toMatch(/^runs 1 1 1$|is damaged/);
    }
  }, 180_000);

  it('without its newest commits is refused', async () => {
    const here = await killedState();
    rmSync(`${here.state}-wal`);
    await expect(refusal(here)).resolves.toMatch(/which has the newest commits, is missing/);
  });

  it('that is gone but for its newest commits is refused', async () => {
    const here = await killedState();
    rmSync(here.state);
    expect(refused(await serve(here).ended, here.state)).toMatch(/was left behind/);
  });

  it('that may not be written is refused', async () => {
    const here = await usedState(world);
    const asRoot = process.getuid?.() === 0;
    if (asRoot) for (const file of [here.state, here.config]) chownSync(file, NOBODY, NOBODY);
    chmodSync(here.state, 0o444);
    chmodSync(here.folder, 0o755);
    const running = serve(here, asRoot ? { entry: AS_NOBODY } : {});
    expect(refused(await running.ended, here.state)).toMatch(/cannot be opened for writing/);
  });
});

describe('a full disk', () => {
  it('is reported, and polling recovers once there is space', async (context) => {
    const prlimit = tool(context, 'prlimit');
    const here = place(world.simulator.url);
    const running = serve(here);
    const url = await listening(running);
    await swept(url);
    const limit = statSync(here.state).size + LIMIT_KIB * 1024;
    spawnSync(prlimit, [`--fsize=${limit}:unlimited`, `--pid=${running.child.pid}`]);
    world.begin();
    const told = await running.said(/.*Free space.*/);
    expect(told[0]).toContain(here.state);
    const text = await scrape(url);
    for (const id of world.projects) expect(counted(text, id)?.runs).toBeLessThanOrEqual(world.truth(id).runs);
    world.end();
    spawnSync(prlimit, ['--fsize=unlimited:unlimited', `--pid=${running.child.pid}`]);
    const truth = world.projects.map((id) => world.truth(id));
    const shown = async (): Promise<unknown> => {
      const now = await scrape(url);
      return world.projects.map((id) => counted(now, id));
    };
    for (let i = 0; i < 400 && JSON.stringify(await shown()) !== JSON.stringify(truth); i++) await sleep(50);
    expect(await shown()).toEqual(truth);
    await kill(running);
  }, 180_000);
});

/** The last test: the second process has waited meanwhile. */
describe('a state in use', () => {
  it('is named by a second process', async () => {
    const words = `in use by another process (process ${first.child.pid} on `;
    expect(refused(await second.ended, shared.state)).toContain(words);
    expect((await fetch(`${await listening(first)}/-/ready`)).status).toBe(200);
  }, 60_000);
});

/** A state whose exporter was killed after a sweep: the newest commits are in its -wal file. */
async function killedState(): Promise<Place> {
  const here = place(world.simulator.url);
  const running = serve(here);
  await swept(await listening(running));
  await kill(running);
  return here;
}

/** Why it was refused, or the runs that it shows all the same. */
async function outcome(here: Place): Promise<string> {
  const running = serve(here);
  const url = await listening(running).catch(() => '');
  const end = await Promise.race([running.ended, sleep(2500).then(() => null)]);
  if (end !== null) return refused(end, here.state);
  const text = await scrape(url);
  await kill(running);
  return `runs ${world.projects.map((id) => counted(text, id)?.runs).join(' ')}`;
}

function overwrite(file: string, page: number): void {
  const to = openSync(file, 'r+');
  writeSync(to, Buffer.alloc(PAGE, 0xa5), 0, PAGE, (page - 1) * PAGE);
  closeSync(to);
}
