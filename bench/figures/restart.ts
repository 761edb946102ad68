/** From the start of the process to the first /metrics with everything in it, over a state with a million sessions. */
import { spawnSync } from 'node:child_process';
import { valueOf } from '../run/scrape.ts';
import { MILLION, type Stage } from '../run/stage.ts';
import { median } from '../run/statistics.ts';
import { type Figure, type Result, value } from './figure.ts';

const TIMES = 5;

function emptyProcess(): number {
  const since = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  return (performance.now() - since) / 1000;
}

/** Complete: the gauges over all sessions are there, restored from the state. */
const isComplete = (text: string): boolean => valueOf(text, 'llamacloud_chat_sessions') === MILLION;

async function measure(stage: Stage): Promise<readonly Result[]> {
  const { world, folder } = await stage.million();
  const started: number[] = [];
  const empty: number[] = [];
  for (let i = 1; i <= TIMES; i++) {
    stage.say(`restart ${i} of ${TIMES}`);
    empty.push(emptyProcess());
    const since = performance.now();
    const exporter = await stage.exporter({ folder, baseUrl: world.baseUrl, interval: '1m', fullSweepInterval: '1h' });
    await exporter.until(isComplete, 30, 5);
    started.push((performance.now() - since) / 1000);
    await exporter.stop();
  }
  const floor = median(empty);
  return [
    {
      ...value({
        name: 'restart with 1,000,000 sessions: start -> complete /metrics',
        measured: median(started),
        floor,
        unit: 's',
        floorName: 'node -e 0',
        target: { is: '<=', value: 1 },
        note: `${started.map((s) => s.toFixed(2)).join(', ')} s; judged: what it takes longer than the floor`,
      }),
      judged: median(started) - floor,
    },
  ];
}

export const restart: Figure = { names: ['restart'], measure };
