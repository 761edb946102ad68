/** `simulate`: a simulated LlamaCloud API, to try the exporter and dashboards without a key. */
import { ExporterError } from '../../domain/errors.ts';
import { createLogger } from '../../log.ts';
import type { Simulation, SimulationOptions } from '../../simulator/run-simulator.ts';
import type { Command } from '../invocation.ts';
import type { SimulatorParts } from '../parts.ts';
import { guard } from '../process/errors.ts';
import { aborted, stopSignal } from '../process/signals.ts';
import { simulationFlags } from './simulator-flags.ts';

export const simulate: Command = async (run) => {
  const { options, log } = simulationFlags(run.flags, run.env, 'simulate');
  guard(createLogger(log));
  const stop = stopSignal();
  const { runSimulator } = await run.parts.simulator();
  const simulator = await start(runSimulator, { ...options, apiKey: null, alive: true });
  process.stdout.write(welcome(simulator.url, options));
  await aborted(stop);
  await simulator.stop();
  return 0;
};

/** Starts a simulator; a port that cannot be had becomes a sentence. */
export async function start(
  runSimulator: SimulatorParts['runSimulator'],
  options: SimulationOptions,
): Promise<Simulation> {
  try {
    return await runSimulator(options);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    const why = code === 'EADDRINUSE' ? 'another process listens there' : code;
    throw new ExporterError(
      'startup',
      `cannot listen on ${options.listenAddress}: ${why}`,
      'Choose another address by --listen-address.',
      error,
    );
  }
}

function welcome(url: string, { seed, speed, order, projects }: Omit<SimulationOptions, 'apiKey' | 'alive'>): string {
  return [
    `A simulated LlamaCloud API listens on ${url}`,
    `  ${projects} projects, list order ${order}, speed ${speed}, seed ${seed}. Any API key is accepted.`,
    '',
    `  Exporter  LLAMA_CLOUD_API_KEY=any LLAMA_CLOUD_BASE_URL=${url} llamacloud-exporter`,
    `  Faults    POST ${url}/_faults`,
    `  Truth     GET ${url}/_truth`,
    '  Stop      Ctrl+C',
    '',
  ].join('\n');
}
