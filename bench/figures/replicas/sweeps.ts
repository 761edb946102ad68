/** Sweeps of 100,000 sessions with the state in PostgreSQL, beside the same with SQLite. */
import type { Single, Stage } from '../../run/stage.ts';
import { median } from '../../run/statistics.ts';
import { type Figure, ratio } from '../figure.ts';

const SESSIONS = 100_000;
const ROUNDS = 3;
const PASSES = 3;
const SQLITE = 'sqlite:state.db';
const FLOOR = 'the same with SQLite';

/** Sessions per second of a first sweep, in a new process over an empty state. */
async function first(stage: Stage, { baseUrl }: Single, state: string): Promise<number> {
  const exporter = await stage.exporter({ baseUrl, state, interval: '1m', fullSweepInterval: '1m' });
  await exporter.until(() => true, 30);
  const [seconds = Number.NaN] = await exporter.sweeps(1, 120);
  await exporter.stop();
  return SESSIONS / seconds;
}

async function measureFirst(stage: Stage) {
  const world = await stage.single(SESSIONS);
  const [sqlite, postgres]: [number[], number[]] = [[], []];
  for (let round = 1; round <= ROUNDS; round++) {
    stage.say(`first sweep with PostgreSQL: round ${round} of ${ROUNDS}`);
    sqlite.push(await first(stage, world, SQLITE));
    postgres.push(await first(stage, world, await stage.database()));
  }
  await world.remove();
  return [
    ratio({
      name: 'first sweep with PostgreSQL, 100,000 sessions into an empty state',
      measured: median(postgres),
      floor: median(sqlite),
      unit: 'sessions/s',
      floorName: FLOOR,
      target: { is: '>=', value: 0.4 },
      note: '',
    }),
  ];
}

/** Both run over the same pages; each stands still while the other is measured. */
async function measureUnchanged(stage: Stage) {
  const world = await stage.single(SESSIONS);
  const common = { baseUrl: world.baseUrl, interval: '2s', fullSweepInterval: '2s' };
  const sqlite = await stage.exporter({ ...common, state: SQLITE });
  await sqlite.until(() => true, 30);
  await sqlite.sweeps(2, 120);
  sqlite.pause();
  const postgres = await stage.exporter({ ...common, state: await stage.database() });
  await postgres.until(() => true, 30);
  await postgres.sweeps(2, 120);
  const rates = { sqlite: [] as number[], postgres: [] as number[] };
  for (let round = 1; round <= ROUNDS; round++) {
    stage.say(`unchanged sweeps with PostgreSQL: round ${round} of ${ROUNDS}`);
    postgres.pause();
    sqlite.resume();
    rates.sqlite.push(...(await sqlite.sweeps(PASSES, 60)).slice(1).map((s) => SESSIONS / s));
    sqlite.pause();
    postgres.resume();
    // After so long a pause its lease has ended: it answers 503 until the next heartbeat, and the first sweep is the one after the new claim.
    await postgres.until(() => true, 60);
    rates.postgres.push(...(await postgres.sweeps(PASSES, 90)).slice(1).map((s) => SESSIONS / s));
  }
  await Promise.all([sqlite.stop(), postgres.stop()]);
  await world.remove();
  return [
    ratio({
      name: 'unchanged full sweep with PostgreSQL, 100,000 sessions',
      measured: median(rates.postgres),
      floor: median(rates.sqlite),
      unit: 'sessions/s',
      floorName: FLOOR,
      target: { is: '>=', value: 0.6 },
      note: '',
    }),
  ];
}

export const firstSweepShared: Figure = { names: ['replicas', 'replicas-first-sweep'], measure: measureFirst };
export const unchangedSweepShared: Figure = { names: ['replicas', 'replicas-unchanged'], measure: measureUnchanged };
