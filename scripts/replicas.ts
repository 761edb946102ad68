/**
 * `npm run replicas [-- --minutes 10 --speed 1 --seed 1]`: three exporters over one PostgreSQL, 50 projects and a living workload; kills,
 * a frozen member, crashes of the database, a rolling upgrade, and at the end a standby that lacks commits. Exits 1 unless every run was
 * counted once, no counter stepped back and every take-over came in time.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Acts } from './replicas/acts.ts';
import { Highest } from './replicas/counters.ts';
import { Database } from './replicas/database.ts';
import { untilKnown } from './replicas/known.ts';
import { Members, NAMES, type Name } from './replicas/members.ts';
import { comparisonLines, type Line, page, stepLines, takeoverLines } from './replicas/report.ts';
import { Scraper } from './replicas/scraper.ts';
import { compareAtRest } from './replicas/truth.ts';
import { lifeOptions } from './soak/options.ts';
import { World } from './soak/world.ts';

const { minutes, speed, seed } = lifeOptions('10', '1');
const KILLS = 20;
/** Of the time, what is left for the standby that lacks commits. */
const LAST_PART = 0.15;
/** Commits that the standby lacks: so many milliseconds of life. */
const LOST_MS = 8_000;
const LIFE_AFTER_MS = 20_000;

const say = (text: string): void => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
const folder = mkdtempSync(path.join(tmpdir(), 'llamacloud-replicas-'));
const micros = (): number => Date.now() * 1000;
const world = await World.start(seed, speed, 'scripts/replicas/simulator.ts');
const database = await Database.start();
const members = new Members({ folder, baseUrl: world.url, state: database.url });
const highest = new Highest();
const scraper = new Scraper(() => members.targets(), highest);
const acts = new Acts(members, database, say);

/** Kills at random, the other acts between them, evenly over the time. */
async function storm(until: number): Promise<void> {
  const others = new Map<number, () => Promise<void>>([
    [4, () => acts.freeze(anyMember())],
    [8, () => acts.restartDatabase()],
    [
      12,
      async () => {
        say('rolling upgrade');
        for (const name of NAMES) await acts.replace(name);
      },
    ],
    [16, () => acts.restartDatabase()],
  ]);
  for (let nth = 0; nth < KILLS; nth++) {
    const left = until - performance.now();
    await sleep(Math.max(0, Math.random() * ((2 * left) / (KILLS - nth) - 2 * KILL_MS)));
    await others.get(nth)?.();
    await acts.kill(anyMember());
  }
}
/** What a kill takes with its take-over and its restart, in about. */
const KILL_MS = 14_000;

function anyMember(): Name {
  return NAMES[Math.floor(Math.random() * NAMES.length)] ?? 'ada';
}

const lines: Line[] = [];
try {
  for (const name of NAMES) await members.start(name);
  await acts.shared();
  scraper.start();
  await untilKnown(() => scraper.text);
  const began = micros();
  const until = performance.now() + minutes * 60_000 * (1 - LAST_PART);
  say('life begins');
  world.live();
  await storm(until);
  say('the standby is cut off');
  await database.cutOff();
  await sleep(LOST_MS);
  world.rest();
  say('life rests');
  lines.push(
    ...comparisonLines(
      'before the failover',
      await compareAtRest(
        world,
        [began],
        () => began,
        () => scraper.text,
      ),
    ),
  );

  const renewedFrom = micros();
  highest.allowRenewals();
  say('the primary is gone, the standby takes its place');
  await database.failOver();
  await acts.shared();
  await untilKnown(() => scraper.text);
  say('life goes on for a while');
  world.live();
  await sleep(LIFE_AFTER_MS);
  world.rest();
  const since = (id: string): number => (highest.renewed.has(id) ? renewedFrom : began);
  const last = await compareAtRest(world, [began, renewedFrom], since, () => scraper.text);
  lines.push(...comparisonLines(`after it, ${highest.renewed.size} projects renewed`, last));
  lines.push(...takeoverLines(acts.takeovers), ...stepLines(highest, scraper));
} finally {
  await scraper.stop();
  await members.stopAll();
  await database.stop();
  await world.stop();
  if (lines.length > 0 && lines.every((line) => line.ok)) rmSync(folder, { recursive: true, force: true });
  else say(`the members' logs are in ${folder}`);
}
process.stdout.write(page(lines));
process.exitCode = lines.length > 0 && lines.every((line) => line.ok) ? 0 : 1;
