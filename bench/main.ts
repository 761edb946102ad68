/**
 * `npm run bench [-- --json] [-- --only NAME ...]`: measures every figure beside its floor, in about twenty-five minutes on two cores;
 * `--only replicas`: those with PostgreSQL. Exits 1 when a target is missed.
 */
import { parseArgs } from 'node:util';
import { type Figure, holds, type Result } from './figures/figure.ts';
import { freshness } from './figures/freshness.ts';
import { million } from './figures/million.ts';
import { barrier, manyShared } from './figures/replicas/barrier.ts';
import { concurrency } from './figures/replicas/concurrency.ts';
import { firstSweepShared, unchangedSweepShared } from './figures/replicas/sweeps.ts';
import { requestsPerPoll } from './figures/requests-per-poll.ts';
import { restart } from './figures/restart.ts';
import { scrapeDuringSweep, scrapeRate } from './figures/scrapes.ts';
import { manyProjects, oldestFirst } from './figures/shapes.ts';
import { firstSweep, unchangedSweep } from './figures/sweeps-100k.ts';
import { conversations, scarceRequests } from './figures/verification.ts';
import { verifiedSessions } from './figures/verified-sessions.ts';
import { describeRun, json, page } from './report.ts';
import { Stage } from './run/stage.ts';

const FIGURES: readonly Figure[] = [
  unchangedSweep,
  firstSweep,
  million,
  restart,
  requestsPerPoll,
  freshness,
  conversations,
  scarceRequests,
  scrapeRate,
  scrapeDuringSweep,
  manyProjects,
  oldestFirst,
  verifiedSessions,
  unchangedSweepShared,
  firstSweepShared,
  barrier,
  concurrency,
  manyShared,
];
const NAMES = [...new Set(FIGURES.flatMap((figure) => figure.names))];

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string', multiple: true, default: [] } },
});

function chosen(only: readonly string[]): readonly Figure[] {
  const unknown = only.filter((name) => !NAMES.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no figure ${unknown.join(', ')}; there are: ${NAMES.join(', ')}\n`);
    process.exit(2);
  }
  return only.length === 0 ? FIGURES : FIGURES.filter((figure) => figure.names.some((name) => only.includes(name)));
}

let failed = false;

/** A figure that cannot be measured does not cost the others. */
async function measured(figure: Figure): Promise<readonly Result[]> {
  try {
    return await figure.measure(stage);
  } catch (error) {
    failed = true;
    process.stderr.write(
      `FAILED ${figure.names.join(', ')}: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return [];
  }
}

const figures = chosen(values.only);
const startedAt = performance.now();
const stage = await Stage.open((text) => process.stderr.write(`... ${text}\n`));
const results: Result[] = [];
try {
  for (const figure of figures) results.push(...(await measured(figure)));
} finally {
  await stage.close();
}
const run = describeRun(startedAt);
process.stdout.write(values.json ? json(results, run) : page(results, run));
process.exitCode = failed || results.some((result) => holds(result) === false) ? 1 : 0;
