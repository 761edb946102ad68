/**
 * The living world of the replicas: `simulator.ts SEED SPEED`, 50 projects of 40 sessions each, alike, in a process of its own. Prints its
 * URL; `live` and `rest` on standard input start and stop life. Ends with its standard input.
 */
import { prefill } from '../../src/simulator/workload/prefill.ts';
import { STEADY, type WorkloadProfile } from '../../src/simulator/workload/profiles.ts';
import { Workload } from '../../src/simulator/workload/workload.ts';
import { SystemClock } from '../../src/simulator/world/clock.ts';
import { createWorld } from '../../src/simulator/world/world.ts';
import { serveLife } from '../soak/life.ts';

const PROJECTS = 50;
const SESSIONS = 40;

/** Short bursts of short runs. Nothing is deleted: the runs of a deleted session may be gone before anybody can look. */
const LIVELY: WorkloadProfile = {
  ...STEADY,
  arrivalsPerHour: 120,
  newSessionShare: 0.1,
  deleteShare: 0,
  runsInARow: 3,
  pauseMs: 4_000,
  restMs: 60_000,
  durationMs: 1_500,
  durationSigma: 0.5,
  failureShare: 0.1,
};

const [seed = '1', speed = '1'] = process.argv.slice(2);
const world = createWorld({ seed, clock: new SystemClock() });
const workload = new Workload(world, Number(speed));
for (let i = 1; i <= PROJECTS; i++) {
  const project = world.addProject({ name: `Agents ${i}` });
  prefill(world, project, LIVELY, SESSIONS);
  workload.addProject(project, LIVELY);
}
await serveLife(world, workload);
