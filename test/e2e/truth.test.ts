/**
 * The numbers of a real exporter against the simulator's own truth, through restarts, a lost state and a late project.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/api/server.ts';
import { drawOutcome } from '../../src/simulator/workload/conversations.ts';
import { prefill } from '../../src/simulator/workload/prefill.ts';
import { STEADY, type WorkloadProfile } from '../../src/simulator/workload/profiles.ts';
import type { Project } from '../../src/simulator/world/projects.ts';
import { Random } from '../../src/simulator/world/random.ts';
import type { FinishedRun } from '../../src/simulator/world/types.ts';
import { createWorld, type World } from '../../src/simulator/world/world.ts';
import { type ExporterProcess, newFolder, scrapeUntil, startExporter, valuesOf } from './exporter.ts';
import { countersOf, gaugesOf } from './oracle.ts';

const PRICE = { input: 3, output: 15 };
const EXTRA = 'prices: [{ projects: ["*"], input: 3.00, output: 15.00 }]';

let world: World;
let simulator: Simulator;
let folder: string;
const running: ExporterProcess[] = [];

async function begin(
  seed: string,
  projects: number,
  sessions: number,
  profile: WorkloadProfile,
): Promise<readonly Project[]> {
  world = createWorld({ seed, pageSizeMax: 100 });
  const made = Array.from({ length: projects }, (_, i) => world.addProject({ name: `project ${i}`, createdAt: 0 }));
  for (const project of made) prefill(world, project, profile, sessions);
  simulator = await startSimulator({ world });
  return made;
}

async function launch(): Promise<ExporterProcess> {
  const exporter = await startExporter({ apiUrl: simulator.url, folder, extra: EXTRA });
  running.push(exporter);
  return exporter;
}

/** Runs that happen now, so that each is seen by itself: one per session. */
function runSome(project: Project, count: number, random: Random, profile: WorkloadProfile): readonly FinishedRun[] {
  const idle = project.sessions.filter((s) => s.current !== null && s.running === null).slice(0, count);
  return idle.map((session) => world.runOnce(session.id, drawOutcome(random, profile)));
}

function expectValues(text: string, expected: Record<string, number>): void {
  const values = valuesOf(text);
  const shown = Object.fromEntries(Object.keys(expected).map((key) => [key, values.get(key)]));
  for (const [key, value] of Object.entries(expected))
    expect(shown[key] ?? `${key} is absent`, key).toBeCloseTo(value, 6);
}

const allSwept = (projects: readonly Project[]) => (text: string) =>
  projects.every((p) => text.includes(`llamacloud_chat_sessions{project_id="${p.id}"`));

const countedRuns = (text: string): number =>
  [...valuesOf(text)].filter(([key]) => key.startsWith('llamacloud_chat_runs_total')).reduce((n, [, v]) => n + v, 0);

beforeEach(() => {
  folder = newFolder();
});

afterEach(async () => {
  for (const exporter of running.splice(0)) exporter.running.child.kill('SIGKILL');
  await simulator.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the process against the truth', () => {
  it('shows every gauge and counter as the oracle', async () => {
    const seed = Number(process.env['E2E_SEED'] ?? Date.now() % 2 ** 31);
    process.stdout.write(`e2e: seed ${seed} (E2E_SEED sets it)\n`);
    const profiles = fc.record({
      neverRunShare: fc.double({ min: 0, max: 0.4, noNaN: true }),
      failureShare: fc.double({ min: 0, max: 0.6, noNaN: true }),
      withoutUsageShare: fc.double({ min: 0, max: 0.3, noNaN: true }),
      runsInARow: fc.integer({ min: 1, max: 4 }),
      turns: fc.integer({ min: 1, max: 12 }),
    });
    const play = async (profile: Partial<WorkloadProfile>, name: string): Promise<void> => {
      const whole = { ...STEADY, ...profile };
      const projects = await begin(name, 5, 420, whole);
      const exporter = await launch();
      const before = await scrapeUntil(exporter, allSwept(projects));
      for (const project of projects) expectValues(before, { ...gaugesOf(project), ...countersOf(project, [], PRICE) });
      const random = new Random(name);
      const runs = new Map(projects.map((project, i) => [project, runSome(project, 40 * i, random, whole)]));
      for (const project of projects) world.delete((project.sessions.at(-1) as { id: string }).id);
      const due = [...runs.values()].flat().length;
      await scrapeUntil(exporter, (text) => countedRuns(text) === due);
      const after = await exporter.scrape();
      for (const [project, counted] of runs) expectValues(after, countersOf(project, counted, PRICE));
      expect(await exporter.stop()).toBe(0);
      await simulator.stop();
      rmSync(path.join(folder, 'state.db'));
    };
    await fc.assert(fc.asyncProperty(profiles, fc.uuid(), play), { numRuns: 3, seed });
  }, 120_000);

  it('begins, counts, restarts and forgets as it says', async () => {
    const [project] = (await begin('life', 1, 1000, STEADY)) as [Project];
    const first = await launch();
    const fresh = await scrapeUntil(first, allSwept([project]));
    expectValues(fresh, { ...countersOf(project, [], PRICE), ...gaugesOf(project) });

    const runs = runSome(project, 25, new Random('life'), STEADY);
    const counted = await scrapeUntil(first, (text) => countedRuns(text) === 25);
    expectValues(counted, countersOf(project, runs, PRICE));
    const full = await scrapeUntil(
      first,
      (text) =>
        valuesOf(text).get(`llamacloud_chat_last_activity_timestamp_seconds{project_id="${project.id}"}`) ===
        Math.max(...runs.map((r) => r.finishedAt)) / 1e6,
    );
    expectValues(full, gaugesOf(project));
    expect(await first.stop()).toBe(0);

    simulator.faults.add({ match: {}, fault: { kind: 'hang', where: 'headers' } });
    const second = await launch();
    const restored = await scrapeUntil(second, allSwept([project]));
    expectValues(restored, { ...countersOf(project, runs, PRICE), ...gaugesOf(project) });
    expect(simulator.requests.answered(200)).toBeGreaterThan(0);
    expect(await second.stop()).toBe(0);

    simulator.faults.clear();
    for (const suffix of ['', '-wal', '-shm', '.lock']) rmSync(path.join(folder, `state.db${suffix}`), { force: true });
    const third = await launch();
    const forgotten = await scrapeUntil(third, allSwept([project]));
    expectValues(forgotten, { ...countersOf(project, [], PRICE), ...gaugesOf(project) });
    expect(await third.stop()).toBe(0);
  }, 60_000);

  it('makes the first increment of a late project visible', async () => {
    const projects = await begin('late', 1, 20, STEADY);
    const exporter = await launch();
    await scrapeUntil(exporter, allSwept(projects));
    const late = world.addProject({ name: 'late' });
    const { id } = world.addSession(late.id);
    world.runOnce(id, drawOutcome(new Random('late'), STEADY));
    const key = `llamacloud_chat_runs_total{project_id="${late.id}"}`;
    const zero = await scrapeUntil(exporter, (text) => valuesOf(text).has(key));
    expect(valuesOf(zero).get(key)).toBe(0);
    await scrapeUntil(exporter, (text) => valuesOf(text).get(key) === 1);
  }, 60_000);
});
