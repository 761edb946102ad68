/** Sweeps of 100,000 sessions: the first into an empty state, then unchanged ones, beside the bare loop and a script on the SDK. */
import { runScript } from '../run/processes.ts';
import type { Single, Stage } from '../run/stage.ts';
import { median } from '../run/statistics.ts';
import { type Figure, ratio } from './figure.ts';

const SESSIONS = 100_000;
const ROUNDS = 3;
/** Sweeps, or passes of a floor, per round; the first of a round is for warming up. */
const PASSES = 4;

type Passes = { readonly seconds: readonly number[]; readonly sessions: number };

/** Sessions per second of each pass of a floor. */
async function floor(script: string, world: Single, passes: number): Promise<number[]> {
  const result = await runScript<Passes>(script, [world.baseUrl, world.projectId, String(passes)]);
  if (result.sessions !== SESSIONS) throw new Error(`${script} saw ${result.sessions} sessions`);
  return result.seconds.map((seconds) => SESSIONS / seconds);
}

/** The bare loop and the exporter are started afresh for each measurement, and nothing is warm in either. */
async function measureFirst(stage: Stage) {
  const world = await stage.single(SESSIONS);
  const measured: number[] = [];
  const cold: number[] = [];
  const warm: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    stage.say(`first sweep of ${SESSIONS}: round ${round} of ${ROUNDS}`);
    const [first = Number.NaN, ...later] = await floor('bench/floors/bare.ts', world, 3);
    cold.push(first);
    warm.push(...later);
    const exporter = await stage.exporter({ baseUrl: world.baseUrl, interval: '1m', fullSweepInterval: '1m' });
    await exporter.until(() => true, 30);
    const [seconds = Number.NaN] = await exporter.sweeps(1, 60);
    measured.push(SESSIONS / seconds);
    await exporter.stop();
  }
  await world.remove();
  const note = `against the loop's later passes, when it is warm: ${(median(measured) / median(warm)).toFixed(2)} x`;
  return [
    ratio({
      name: 'first sweep, 100,000 sessions into an empty state',
      measured: median(measured),
      floor: median(cold),
      unit: 'sessions/s',
      floorName: 'undici + JSON.parse, first pass of its process',
      target: { is: '>=', value: 0.4 },
      note,
    }),
  ];
}

/** Rounds of floor, SDK and exporter in turn; the exporter stands still while the others run. */
async function measureUnchanged(stage: Stage) {
  const world = await stage.single(SESSIONS);
  const exporter = await stage.exporter({ baseUrl: world.baseUrl, interval: '2s', fullSweepInterval: '2s' });
  await exporter.until(() => true, 30);
  await exporter.sweeps(2, 60);
  const rates: Record<'bare' | 'sdk' | 'exporter', number[]> = { bare: [], sdk: [], exporter: [] };
  for (let round = 1; round <= ROUNDS; round++) {
    stage.say(`unchanged sweeps of ${SESSIONS}: round ${round} of ${ROUNDS}`);
    exporter.pause();
    rates.bare.push(...(await floor('bench/floors/bare.ts', world, PASSES)).slice(1));
    rates.sdk.push(...(await floor('bench/floors/sdk.ts', world, PASSES - 1)).slice(1));
    exporter.resume();
    const seconds = await exporter.sweeps(PASSES, 60);
    rates.exporter.push(...seconds.slice(1).map((s) => SESSIONS / s));
  }
  await exporter.stop();
  await world.remove();
  const measured = median(rates.exporter);
  const common = { name: 'unchanged full sweep, 100,000 sessions', measured, unit: 'sessions/s', note: '' };
  return [
    ratio({
      ...common,
      floor: median(rates.bare),
      floorName: 'undici + JSON.parse over the same pages',
      target: { is: '>=', value: 0.75 },
    }),
    ratio({
      ...common,
      name: 'the same',
      floor: median(rates.sdk),
      floorName: 'for await over the official SDK into prom-client',
      target: { is: '>=', value: 1.6 },
    }),
  ];
}

export const unchangedSweep: Figure = { names: ['unchanged-sweep'], measure: measureUnchanged };
export const firstSweep: Figure = { names: ['first-sweep'], measure: measureFirst };
