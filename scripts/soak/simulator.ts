/**
 * The living world of the soak, in a process of its own: `simulator.ts SEED SPEED`. Prints its URL. `live` and `rest` on standard
 * input start and stop life; the API goes on answering. Ends with its standard input.
 */
import { createInterface } from 'node:readline';
import { startSimulator } from '../../src/simulator/api/server.ts';
import { populate } from '../../src/simulator/run-simulator.ts';
import { SystemClock } from '../../src/simulator/world/clock.ts';
import { createWorld } from '../../src/simulator/world/world.ts';

const PROJECTS = 5;

const [seed = '1', speed = '50'] = process.argv.slice(2);
const world = createWorld({ seed, clock: new SystemClock() });
const workload = populate(world, PROJECTS, Number(speed));
const simulator = await startSimulator({ world, compress: true });
process.stdout.write(`${simulator.url}\n`);
for await (const command of createInterface({ input: process.stdin })) {
  if (command === 'live') workload.start();
  else workload.stop();
}
process.exit();
