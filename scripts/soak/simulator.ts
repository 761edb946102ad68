/**
 * The living world of the soak, in a process of its own: `simulator.ts SEED SPEED`. Prints its URL. `live` and `rest` on standard
 * input start and stop life; the API goes on answering. Ends with its standard input.
 */
import { populate } from '../../src/simulator/run-simulator.ts';
import { SystemClock } from '../../src/simulator/world/clock.ts';
import { createWorld } from '../../src/simulator/world/world.ts';
import { serveLife } from './life.ts';

const PROJECTS = 5;

const [seed = '1', speed = '50'] = process.argv.slice(2);
const world = createWorld({ seed, clock: new SystemClock() });
await serveLife(world, populate(world, PROJECTS, Number(speed)));
