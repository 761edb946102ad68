/** Requests of a head poll over a million sessions, of which 100 changed since the poll before. */
import { type Exporter, fullSweeps } from '../run/exporter.ts';
import { valueOf } from '../run/scrape.ts';
import { MILLION, type Stage } from '../run/stage.ts';
import { type Figure, value } from './figure.ts';

const CHANGED = 100;
const POLLS = 5;

const headPolls = (text: string): number =>
  valueOf(text, 'llamacloud_exporter_polls_total', 'kind="head"', 'outcome="success"') ?? 0;

async function nextPoll(exporter: Exporter): Promise<void> {
  const before = headPolls(await exporter.metrics());
  await exporter.until((text) => headPolls(text) > before, 60, 20);
}

async function measure(stage: Stage) {
  const { world, folder } = await stage.million();
  stage.say('requests per poll');
  const exporter = await stage.exporter({ folder, baseUrl: world.baseUrl, interval: '3s', fullSweepInterval: '1h' });
  // A sweep that an earlier process broke off is finished first; it shows within a second.
  const before = await exporter.until(
    (text) => headPolls(text) > 2 && valueOf(text, 'llamacloud_exporter_sweep_progress_ratio') === 1,
    120,
  );
  const runs = valueOf(before, 'llamacloud_chat_runs_total') ?? 0;
  const requests: number[] = [];
  for (let poll = 0; poll < POLLS; poll++) {
    await nextPoll(exporter);
    const start = await world.requests();
    await world.change({ op: 'run', project: 0, sessions: spread(poll) });
    await nextPoll(exporter);
    requests.push((await world.requests()) - start);
  }
  const after = await exporter.metrics();
  const counted = (valueOf(after, 'llamacloud_chat_runs_total') ?? 0) - runs;
  await exporter.stop();
  if (counted !== CHANGED * POLLS || fullSweeps(after) > fullSweeps(before))
    throw new Error(`head polls counted ${counted} runs of ${CHANGED * POLLS}`);
  return [
    value({
      name: 'requests per poll, 1,000,000 sessions, 100 changed since',
      measured: Math.max(...requests),
      floor: MILLION / 100,
      unit: 'requests',
      floorName: 'pages of a full sweep',
      target: { is: '<=', value: 5 },
      note: `polls: ${requests.join(', ')}; the ${counted} runs were counted`,
    }),
  ];
}

/** Sessions all over the list. */
function spread(poll: number): number[] {
  return Array.from({ length: CHANGED }, (_, i) => Math.floor((MILLION / CHANGED) * i) + 17 * poll + 1);
}

export const requestsPerPoll: Figure = { names: ['requests-per-poll'], measure };
