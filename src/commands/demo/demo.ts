/** `demo`: simulator and exporter in one process, no key and no network needed. */
import { createServer } from 'node:net';

import { configFromText } from '../../config/config.ts';
import { defaultOf, flagSpec } from '../../config/flags/flags.ts';
import type { Config } from '../../config/types.ts';
import { createLogger, redact } from '../../log.ts';
import { appDeps, type Command, type Invocation } from '../invocation.ts';
import { guard } from '../process/errors.ts';
import { stopSignal } from '../process/signals.ts';
import { runUntil } from '../serve.ts';
import { follow } from './live-lines.ts';
import { start } from './simulate.ts';
import { simulationFlags } from './simulator-flags.ts';

const DEMO_KEY = 'llx-demo-key-of-the-simulator';
const EXPORTER_PORT = portOf(defaultOf(flagSpec('web.listen-address'), 'demo'));
const SIMULATOR_PORT = portOf(flagSpec('listen-address').default);

export const demo: Command = async (run) => {
  const { options, log } = simulationFlags(run.flags, run.env, 'demo');
  const quiet = run.flags['log.level'] === undefined && log.level === 'info';
  const logger = createLogger({ ...log, level: quiet ? 'warn' : log.level });
  guard(logger);
  const stop = stopSignal();
  const api = await freePort(SIMULATOR_PORT);
  const { runSimulator } = await run.parts.simulator();
  const listenAddress = `127.0.0.1:${api.port}`;
  const simulator = await start(runSimulator, { ...options, listenAddress, apiKey: DEMO_KEY, alive: false });
  try {
    const { config, taken } = await demoConfig(run, simulator.url);
    const { createApp } = await run.parts.app();
    const app = await createApp(config, {
      ...appDeps(run, logger),
      reloadConfig: (previous) => Promise.resolve(previous),
    });
    const notes = [api.taken ? SIMULATOR_PORT : 0, taken ? EXPORTER_PORT : 0].filter((port) => port > 0);
    void follow(app, {
      simulator: simulator.url,
      // The workload starts after the first sweep, so that the counters equal the simulator's truth.
      swept: () => simulator.live(),
      telemetryPath: config.web.telemetryPath,
      takenPorts: notes,
      stop,
      logger,
    });
    return await runUntil(app, stop, logger);
  } finally {
    await simulator.stop();
  }
};

/** US dollars. The demo is 20 times as busy as real life, and so are its budgets: at this speed it keeps within them. */
const BUDGETS = [
  { projects: ['Customer Support', 'Deep Research'], per_day: 40_000, per_month: 1_000_000 },
  { projects: ['*'], per_day: 12_000, per_month: 300_000 },
  { per_day: 100_000, per_month: 2_500_000 },
];

/** The port of an address that is one of ours. */
function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}

/** Short intervals, nothing kept, listening on this machine only; the accounts of the environment are not used. */
async function demoConfig(run: Invocation, simulatorUrl: string): Promise<{ config: Config; taken: boolean }> {
  const given = run.flags['web.listen-address'];
  const web = given === undefined ? await freePort(EXPORTER_PORT) : { port: 0, taken: false };
  const flags = { 'web.listen-address': given ?? [`127.0.0.1:${web.port}`], 'state.url': 'sqlite::memory:' };
  const text = `
accounts: [{ name: demo, base_url: "${simulatorUrl}", api_key: "${DEMO_KEY}" }]
polling: { interval: 5s, full_sweep_interval: 10s, discovery_interval: 15s, stale_after: 1m }
metrics: { indexes: true }
prices: [{ projects: ["*"], input: 3.00, output: 15.00 }]
budgets: ${JSON.stringify(BUDGETS)}
teams: [{ projects: ["Contract Review", "Board Papers"], team: legal }, { projects: ["*"], team: operations }]
`;
  return { config: await configFromText('demo', text, flags, {}, redact), taken: web.taken };
}

type Port = { readonly port: number; readonly taken: boolean };

/** The wanted port of 127.0.0.1, or any free one if it is taken. */
async function freePort(wanted: number): Promise<Port> {
  const port = await listenable(wanted);
  return port === null ? { port: (await listenable(0)) ?? 0, taken: true } : { port, taken: false };
}

/** The port, if it can be listened on; for 0 the one that the system chose. */
function listenable(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}
