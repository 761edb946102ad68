/** Two shapes that have no target: many small projects, and one large list that is oldest first and so has to be swept every time. */
import { fullSweeps } from '../run/exporter.ts';
import { MILLION, type Stage } from '../run/stage.ts';
import { type Figure, type Result, value } from './figure.ts';

const PROJECTS = 1000;
const SESSIONS = 100;
const ROUNDS = 5;

/** Every list fits one page, so each poll sweeps it whole: a round is one poll of every project. */
async function measureMany(stage: Stage): Promise<readonly Result[]> {
  stage.say(`${PROJECTS} projects of ${SESSIONS} sessions`);
  const world = await stage.world([{ projects: PROJECTS, sessions: SESSIONS }], 'newest');
  const exporter = await stage.exporter({ baseUrl: world.baseUrl, interval: '1s', fullSweepInterval: '1s' });
  await exporter.until(() => true, 30, 10);
  const since = performance.now();
  await exporter.until((text) => fullSweeps(text) >= PROJECTS, 120, 50);
  const first = (performance.now() - since) / 1000;
  const requests = await world.requests();
  const from = performance.now();
  const until = PROJECTS * (ROUNDS + 1);
  await exporter.until((text) => fullSweeps(text) >= until, 120, 500);
  const seconds = (performance.now() - from) / 1000;
  const rate = ((await world.requests()) - requests) / seconds;
  const peak = exporter.peakMemory();
  await exporter.stop();
  await world.remove();
  return [
    value({
      name: `${PROJECTS} projects of ${SESSIONS} sessions, polled again and again`,
      measured: rate,
      floor: null,
      unit: 'polls/s',
      floorName: '',
      target: null,
      note: `first poll of all ${first.toFixed(1)} s, while rendering everything each second; peak memory ${peak.toFixed(0)} MB`,
    }),
  ];
}

async function measureOldestFirst(stage: Stage): Promise<readonly Result[]> {
  stage.say(`${MILLION} sessions, oldest first`);
  const world = await stage.single(MILLION, 'oldest');
  const exporter = await stage.exporter({ baseUrl: world.baseUrl, interval: '1s', fullSweepInterval: '30m' });
  await exporter.until(() => true, 30);
  const [first = Number.NaN, again = Number.NaN] = await exporter.sweeps(2, 300);
  const peak = exporter.peakMemory();
  await exporter.stop();
  await world.remove();
  return [
    value({
      name: 'one project of 1,000,000 sessions, oldest first',
      measured: MILLION / again,
      floor: null,
      unit: 'sessions/s',
      floorName: '',
      target: null,
      note: `every poll is a full sweep: ${again.toFixed(1)} s; the first ${first.toFixed(1)} s; peak memory ${peak.toFixed(0)} MB`,
    }),
  ];
}

export const manyProjects: Figure = { names: ['many-projects'], measure: measureMany };
export const oldestFirst: Figure = { names: ['oldest-first'], measure: measureOldestFirst };
