/** How much more three members read than one, where every request of the API takes its time. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from '../../run/stage.ts';
import { type Figure, type Result, ratio } from '../figure.ts';
import { membersOf, stopAll } from './members.ts';

const PROJECTS = 300;
const SESSIONS = 100;
const LATENCY_MS = 50;
const SECONDS = 15;

/** Pages per second of so many members that poll as fast as they may. */
async function rate(stage: Stage, count: number): Promise<number> {
  stage.say(`${count} members, ${LATENCY_MS} ms per request`);
  const world = await stage.world([{ projects: PROJECTS, sessions: SESSIONS }], 'newest');
  await world.change({ op: 'latency', ms: LATENCY_MS });
  const spec = { baseUrl: world.baseUrl, interval: '1s', fullSweepInterval: '1s' };
  const members = await membersOf(stage, PROJECTS, spec, count);
  await sleep(5_000);
  const before = await world.requests();
  await sleep(SECONDS * 1000);
  const perSecond = ((await world.requests()) - before) / SECONDS;
  await stopAll(members);
  await world.remove();
  return perSecond;
}

async function measure(stage: Stage): Promise<readonly Result[]> {
  const floor = await rate(stage, 1);
  const measured = await rate(stage, 3);
  return [
    ratio({
      name: `pages read by three members, ${LATENCY_MS} ms per request`,
      measured,
      floor,
      unit: 'pages/s',
      floorName: 'by one member',
      target: { is: '>=', value: 2 },
      note: '4 requests in flight per member',
    }),
  ];
}

export const concurrency: Figure = { names: ['replicas', 'replicas-concurrency'], measure };
