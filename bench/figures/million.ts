/** What sweeping a million sessions costs in memory and in the event loop's time. */
import type { Exporter, LoopDelay } from '../run/exporter.ts';
import { WITH_LOOP_DELAY } from '../run/exporter.ts';
import { MILLION, type Stage } from '../run/stage.ts';
import { type Figure, type Result, ratio, value } from './figure.ts';

const SMALL = 10_000;
/** Sweeps of the small list, so that it is swept for about as long. */
const SMALL_SWEEPS = 20;
/** MB. */
const MEMORY_LIMIT = 220;
const EVERY = { interval: '1s', fullSweepInterval: '1s', nodeOptions: WITH_LOOP_DELAY } as const;

async function smallPeak(stage: Stage): Promise<number> {
  stage.say(`sweeping ${SMALL} sessions`);
  const world = await stage.single(SMALL);
  const exporter = await stage.exporter({ ...EVERY, baseUrl: world.baseUrl });
  await exporter.until(() => true, 30);
  await exporter.sweeps(SMALL_SWEEPS, 30);
  const peak = exporter.peakMemory();
  await exporter.stop();
  await world.remove();
  return peak;
}

type Swept = { readonly seconds: number; readonly peak: number; readonly delay: LoopDelay };

/** Two unchanged sweeps of the million: the first makes the process warm. */
async function sweepAgain(stage: Stage): Promise<Swept> {
  const { world, folder } = await stage.million();
  stage.say(`sweeping ${MILLION} sessions again`);
  const exporter: Exporter = await stage.exporter({ ...EVERY, folder, baseUrl: world.baseUrl });
  await exporter.until(() => true, 30);
  await exporter.loopDelay();
  const sweeps = await exporter.sweeps(2, 300);
  const swept = { seconds: Math.min(...sweeps), peak: exporter.peakMemory(), delay: await exporter.loopDelay() };
  await exporter.stop();
  return swept;
}

async function measure(stage: Stage): Promise<readonly Result[]> {
  const first = (await stage.million()).firstSweep;
  const again = await sweepAgain(stage);
  const small = await smallPeak(stage);
  const peak = Math.max(first.peak, again.peak);
  const memory = {
    measured: peak,
    floor: small,
    unit: 'MB',
    floorName: 'sweeping 10,000 sessions',
    note: `first sweep ${first.peak.toFixed(0)} MB, unchanged ones ${again.peak.toFixed(0)} MB`,
  };
  const delays = [first.delay, again.delay];
  const worst = Math.max(...delays.map((delay) => delay.max));
  return [
    ratio({ ...memory, name: 'peak memory, sweeping 1,000,000 sessions', target: { is: '<=', value: 1.4 } }),
    value({ ...memory, name: 'the same, in MB', target: { is: '<=', value: MEMORY_LIMIT }, note: '' }),
    value({
      name: 'event loop delay p99, sweeping 1,000,000 sessions',
      measured: Math.max(...delays.map((delay) => delay.p99)),
      floor: null,
      unit: 'ms',
      floorName: '',
      target: { is: '<=', value: 50 },
      note: `first sweep p99 ${first.delay.p99.toFixed(1)} ms, unchanged ${again.delay.p99.toFixed(1)} ms; longest ${worst.toFixed(0)} ms`,
    }),
    value({
      name: 'full sweeps of 1,000,000 sessions',
      measured: MILLION / again.seconds,
      floor: null,
      unit: 'sessions/s',
      floorName: '',
      target: null,
      note: `first sweep into an empty state ${(MILLION / first.seconds).toFixed(0)} sessions/s (${first.seconds.toFixed(1)} s), unchanged ${again.seconds.toFixed(1)} s`,
    }),
  ];
}

export const million: Figure = { names: ['memory', 'event-loop'], measure };
