/**
 * `npm run accuracy [-- --minutes 15 --speed 1 --seed 1]`: conversations at the speed of life, and two exporters with default settings, one
 * for each kind of accounting. Once life rests and all is verified, `every_run` must equal the simulator's truth; `last_run` shows its
 * share of it. Exits 1 where they differ.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Exporter, fullSweeps } from '../bench/run/exporter.ts';
import { valueOf } from '../bench/run/scrape.ts';
import { lifeOptions } from './soak/options.ts';
import { type Sums, World } from './soak/world.ts';

const { minutes, speed, seed } = lifeOptions('15', '1');
const PROJECTS = 5;
/** All is verified once no session has changed for five minutes, and its history was read. */
const VERIFIED_WITHIN_S = 600;
const PRICE = { input: 3, output: 15 };

const folder = mkdtempSync(path.join(tmpdir(), 'llamacloud-accuracy-'));
const say = (text: string): void => void process.stderr.write(`... ${text}\n`);
const world = await World.start(seed, speed);

function start(accounting: string): Promise<Exporter> {
  const own = path.join(folder, accounting);
  mkdirSync(own);
  const settings = [`accounting: ${accounting}`];
  return Exporter.start({
    folder: own,
    baseUrl: world.url,
    interval: '60s',
    fullSweepInterval: '30m',
    settings,
    nodeOptions: [],
  });
}

/** Sums over all projects, and the estimated cost in US dollars. */
type Counted = Sums & { readonly cost: number };

function countedBy(text: string): Counted {
  const of = (family: string): number => valueOf(text, family) ?? 0;
  return {
    runs: of('llamacloud_chat_runs_total'),
    failed: of('llamacloud_chat_run_errors_total'),
    inputTokens: of('llamacloud_chat_input_tokens_total'),
    outputTokens: of('llamacloud_chat_output_tokens_total'),
    turns: of('llamacloud_chat_turns_total'),
    cost: of('llamacloud_chat_cost_usd_total'),
  };
}

const exporters = [await start('every_run'), await start('last_run')] as const;
try {
  // From the second sweep on a session that was never seen is known to be new.
  for (const exporter of exporters) await exporter.until((text) => fullSweeps(text) >= 2 * PROJECTS, 180);
  const since = Date.now() * 1000;
  world.live();
  say(`life began; it rests in ${minutes} minutes`);
  await sleep(minutes * 60_000);
  world.rest();
  say('life rests; waiting until all is verified');
  const restedAt = Date.now() / 1000;
  const isVerified = (text: string): boolean =>
    (valueOf(text, 'llamacloud_exporter_unverified_sessions') ?? 1) === 0 &&
    (valueOf(text, 'llamacloud_exporter_project_last_success_timestamp_seconds') ?? 0) / PROJECTS > restedAt + 5;
  const verified = await exporters[0].until(isVerified, VERIFIED_WITHIN_S, 1000);
  const last = await exporters[1].metrics();
  const { all } = await world.truth(since);
  const truth: Counted = { ...all, cost: (all.inputTokens * PRICE.input + all.outputTokens * PRICE.output) / 1e6 };
  const [every, lastRun] = [countedBy(verified), countedBy(last)];
  let isExact = true;
  process.stdout.write('figure          truth            every_run        last_run         share\n');
  for (const name of Object.keys(truth) as (keyof Counted)[]) {
    const isSame = Math.abs(truth[name] - every[name]) < 1e-6;
    isExact &&= isSame && lastRun[name] <= truth[name] + 1e-6;
    const cells = [truth[name], every[name], lastRun[name]].map((value) => `${Number(value.toFixed(6))}`.padEnd(17));
    const share = truth[name] === 0 ? '-' : `${Math.round((100 * lastRun[name]) / truth[name])} %`;
    process.stdout.write(`${name.padEnd(16)}${cells.join('')}${share}${isSame ? '' : '  NOT EQUAL'}\n`);
  }
  const count = (family: string, ...labels: string[]): number => valueOf(verified, family, ...labels) ?? 0;
  process.stdout.write(
    `histories read ${count('llamacloud_exporter_histories_total')}, hidden runs ${count('llamacloud_chat_hidden_runs_total')}, ` +
      `unreconciled ${count('llamacloud_exporter_unreconciled_runs_total')}\n`,
  );
  process.exitCode = isExact ? 0 : 1;
} finally {
  for (const exporter of exporters) await exporter.stop();
  await world.stop();
  rmSync(folder, { recursive: true, force: true });
}
