/** The process of a simulator for a long test: told from outside when life begins and when it rests. */
import { createInterface } from 'node:readline';
import { startSimulator } from '../../src/simulator/api/server.ts';
import type { Workload } from '../../src/simulator/workload/workload.ts';
import type { World } from '../../src/simulator/world/world.ts';

/** Serves the world, prints its URL, and obeys `live` and `rest` on standard input; ends the process with it. */
export async function serveLife(world: World, workload: Workload): Promise<never> {
  const simulator = await startSimulator({ world, compress: true });
  process.stdout.write(`${simulator.url}\n`);
  for await (const command of createInterface({ input: process.stdin })) {
    if (command === 'live') workload.start();
    else workload.stop();
  }
  process.exit();
}
