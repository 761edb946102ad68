/** Starts the simulator: a world with projects and a past, a workload on it, and a LlamaCloud API in front. Begin reading here. */

import type { Simulator } from './api/server.ts';
import { startSimulator } from './api/server.ts';
import { prefill } from './workload/prefill.ts';
import { projectTemplates } from './workload/profiles.ts';
import { Workload } from './workload/workload.ts';
import { SystemClock } from './world/clock.ts';
import type { ListOrder } from './world/types.ts';
import type { World } from './world/world.ts';
import { createWorld } from './world/world.ts';

/** Options of the `simulate` command and the demo. */
export interface SimulationOptions {
  /** `host:port`, `[::1]:port` or `:port` (all addresses); port 0 takes a free one. */
  readonly listenAddress: string;
  readonly seed: string | number;
  /** 1: real time; 10: ten times as much happens in the same time. */
  readonly speed: number;
  readonly order: ListOrder;
  /** How many projects the world has. */
  readonly projects: number;
  /** The only key that is accepted; null: any that is not empty. */
  readonly apiKey: string | null;
  /** Whether the workload starts at once; if not, `live` starts it. */
  readonly alive: boolean;
}

/** A simulator with a workload. */
export interface Simulation extends Simulator {
  /** Starts the workload; does nothing if it runs already. */
  live(): void;
}

/**
 * Starts a simulated LlamaCloud API: projects with a past, and a workload that runs until `stop`.
 * @throws Error if the listen address is malformed or cannot be listened on
 */
export async function runSimulator(options: SimulationOptions): Promise<Simulation> {
  const { host, port } = parseListenAddress(options.listenAddress);
  const world = createWorld({ seed: options.seed, order: options.order, clock: new SystemClock() });
  const workload = populate(world, options.projects, options.speed);
  const { apiKey } = options;
  const simulator = await startSimulator({ world, host, port, apiKey, compress: true });
  const live = (): void => {
    if (world.livesSince === null) workload.start();
  };
  if (options.alive) live();
  const stop = (): Promise<void> => {
    workload.stop();
    return simulator.stop();
  };
  return { ...simulator, live, stop };
}

/** Fills a world with projects of different profiles and with their past. The workload must be started or stepped. */
export function populate(world: World, projects: number, speed: number): Workload {
  const workload = new Workload(world, speed);
  const createdAt = world.clock.now() - 60 * 24 * 3_600_000_000;
  for (const { name, profile, sessions } of projectTemplates(projects)) {
    const project = world.addProject({ name, createdAt });
    prefill(world, project, profile, sessions);
    workload.addProject(project, profile);
  }
  return workload;
}

/** Splits `host:port`; a host in brackets loses them, a missing one means all addresses. */
export function parseListenAddress(address: string): { host: string; port: number } {
  const found = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[^:[\]]*)):(?<port>\d{1,5})$/.exec(address);
  const port = Number(found?.groups?.['port']);
  if (found?.groups === undefined || port > 65_535) {
    throw new Error(`"${address}" is no listen address: write HOST:PORT, [IPV6]:PORT or :PORT.`);
  }
  return { host: found.groups['v6'] ?? (found.groups['host'] || '::'), port };
}
