/** Replicas that stop, die and freeze: the others take their projects over, and every run is counted once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LivingWorld } from '../kill/living-world.ts';
import { steppedBack } from '../kill/scrape.ts';
import { skipReason } from '../support/postgres.ts';
import { projectPart, type Replica, Replicas } from './replicas.ts';

const PROJECTS = 9;
const SESSIONS = 12;
/** A lease, a heartbeat, and a busy machine. */
const LEASE_MS = 10_000;
const BUSY_MS = 8_000;

describe.skipIf(skipReason() !== null)('of three replicas', { timeout: 150_000 }, () => {
  let world: LivingWorld;
  let replicas: Replicas;
  let [ada, bob, cleo]: Replica[] = [];

  beforeAll(async () => {
    world = await LivingWorld.start(11, PROJECTS, SESSIONS);
    replicas = await Replicas.over(world);
    [ada, bob, cleo] = await replicas.startAll('ada', 'bob', 'cleo');
    await replicas.untilKnown(some(ada));
    world.begin();
  });
  afterAll(async () => {
    world?.end();
    await replicas?.stopAll();
    await world?.simulator.stop();
  });

  it('one that is told to stop hands over at once', async () => {
    const stopped = replicas.stop(some(ada));
    const took = await replicas.untilOwners((owners) => !owners.has('ada') && !owners.has(null));
    expect(took).toBeLessThan(LEASE_MS);
    expect(await stopped).toBe(0);
  });

  it('one that is killed and one that freezes lose theirs when their leases end', async () => {
    const ada2 = await replicas.start('ada');
    await replicas.untilOwners((owners) => ['ada', 'bob', 'cleo'].every((name) => owners.has(name)));
    some(cleo).running.child.kill('SIGSTOP');
    await replicas.kill(some(bob));
    const took = await replicas.untilOwners((owners) => owners.get('ada') === PROJECTS);
    expect(took).toBeLessThan(LEASE_MS + 2_000 + BUSY_MS);
    const before = (await projectPart(ada2)) ?? '';
    some(cleo).running.child.kill('SIGCONT');
    expect(steppedBack(before, (await projectPart(some(cleo))) ?? '')).toEqual([]);
    await replicas.untilOwners((owners) => owners.has('cleo') && !owners.has(null));
    await sleep(1_000);
    world.end();
    expect(await replicas.settled(ada2)).toEqual(replicas.truth());
    expect(await replicas.counted(some(cleo))).toEqual(replicas.truth());
    expect(steppedBack(before, (await projectPart(some(cleo))) ?? '')).toEqual([]);
  });
});

function some(replica: Replica | undefined): Replica {
  if (replica === undefined) throw new Error('it did not start');
  return replica;
}
