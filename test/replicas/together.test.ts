/** Replicas that run on: a crash of the database, `once` beside them, and one whose configuration is another. */
import { appendFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../cli/program.ts';
import { LivingWorld } from '../kill/living-world.ts';
import { steppedBack } from '../kill/scrape.ts';
import { skipReason } from '../support/postgres.ts';
import { until } from '../support/until.ts';
import { PATIENCE_S, projectPart, type Replica, Replicas } from './replicas.ts';

const PROJECTS = 6;
const SESSIONS = 12;
/** Prices belong to the rules that replicas have to agree on. */
const OTHER_RULES = 'prices: [{ projects: ["*"], input: 1, output: 2 }]\n';

describe.skipIf(skipReason() !== null)('replicas that run', { timeout: 120_000 }, () => {
  let world: LivingWorld;
  let replicas: Replicas;
  let [ada, bob]: Replica[] = [];

  beforeAll(async () => {
    world = await LivingWorld.start(12, PROJECTS, SESSIONS);
    replicas = await Replicas.over(world);
    ada = await replicas.start('ada');
    await replicas.untilKnown(ada);
    bob = await replicas.start('bob');
    await replicas.untilOwners((owners) => owners.has('ada') && owners.has('bob'));
    await replicas.untilStill();
    world.begin();
  });
  afterAll(async () => {
    world?.end();
    await replicas?.stopAll();
    await world?.simulator.stop();
  });

  it('keep their projects through a crash of the database', async () => {
    const before = await replicas.owners();
    await replicas.server.halt('SIGQUIT');
    await replicas.server.resume();
    const requests = world.simulator.requests.count();
    await until('polls go on', () => world.simulator.requests.count() > requests + 20, PATIENCE_S);
    expect(await replicas.owners()).toEqual(before);
  });

  it('are named by once, which counts nothing beside them', async () => {
    const { config, folder } = replicas.place();
    const { code, stdout, stderr } = await run(['once', `--config.file=${config}`, '--log.format=json'], {
      cwd: folder,
    });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/Other exporters poll them: ada, bob/);
  });

  it('take the projects of one that is reloaded with other rules', async () => {
    const { here, running } = some(bob);
    const before = (await projectPart(some(bob))) ?? '';
    appendFileSync(here.config, OTHER_RULES);
    running.child.kill('SIGHUP');
    await running.said(/Replicas with another configuration are running/);
    await replicas.untilOwners((owners) => owners.get('ada') === PROJECTS);
    world.end();
    expect(await replicas.settled(some(bob))).toEqual(replicas.truth());
    expect(steppedBack(before, (await projectPart(some(bob))) ?? '')).toEqual([]);
  });

  it('leave the rules to it when the others have gone', async () => {
    const before = (await projectPart(some(ada))) ?? '';
    expect(await replicas.stop(some(ada))).toBe(0);
    await replicas.untilOwners((owners) => owners.get('bob') === PROJECTS);
    expect(await replicas.settled(some(bob))).toEqual(replicas.truth());
    expect(steppedBack(before, (await projectPart(some(bob))) ?? '')).toEqual([]);
  });
});

function some(replica: Replica | undefined): Replica {
  if (replica === undefined) throw new Error('it did not start');
  return replica;
}
