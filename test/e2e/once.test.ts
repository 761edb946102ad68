/** `once` against the simulator, again and again on one state, as cron runs it. */
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runOnce } from '../../src/app/once.ts';
import { systemClock } from '../../src/clock.ts';
import { configFromText } from '../../src/config/config.ts';
import { type Simulator, startSimulator } from '../../src/simulator/api/server.ts';
import { drawOutcome } from '../../src/simulator/workload/conversations.ts';
import { STEADY } from '../../src/simulator/workload/profiles.ts';
import { Random } from '../../src/simulator/world/random.ts';
import { createWorld, type World } from '../../src/simulator/world/world.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { newFolder, valuesOf } from './exporter.ts';

vi.setConfig({ testTimeout: 60_000 });

let world: World;
let simulator: Simulator;
let state: string;
const random = new Random('once');

beforeEach(async () => {
  world = createWorld({ seed: 'once' });
  world.addProject({ name: 'Early', createdAt: 0 });
  simulator = await startSimulator({ world });
  state = path.join(newFolder(), 'state.db');
});
afterEach(() => simulator.stop());

/** One round on the state; what it wrote before its polls (null: nothing) and at its end. */
async function round(yaml = ''): Promise<{ zeros: string | null; text: string; failed: readonly string[] }> {
  const text = `accounts: [{ base_url: "${simulator.url}", api_key: llx-once${yaml} }]`;
  const config = await configFromText('test', text, { 'state.url': `sqlite:${state}` }, {}, () => {});
  let zeros: string | null = null;
  const result = await runOnce(config, {
    logger: new RecordingLogger(),
    clock: systemClock,
    version: '0',
    revision: '0',
    reloadConfig: (previous) => Promise.resolve(previous),
    signal: new AbortController().signal,
    onZeros: async (shown) => {
      zeros = shown;
    },
    onProgress: () => {},
  });
  return { zeros, text: result.text, failed: result.failedProjects.map(({ error }) => error.code) };
}

const runsOf = (text: string | null, id: string): number | undefined =>
  valuesOf(text ?? '').get(`llamacloud_chat_runs_total{project_id="${id}"}`);

describe('once', () => {
  it('shows a late project at 0 before it counts', async () => {
    expect((await round()).zeros).toBeNull();
    const late = world.addProject({ name: 'Late' });
    for (let i = 0; i < 7; i++) world.runOnce(world.addSession(late.id).id, drawOutcome(random, STEADY));
    const second = await round();
    expect([runsOf(second.zeros, late.id), runsOf(second.text, late.id)]).toEqual([0, 7]);
    expect((await round()).zeros).toBeNull();
  });

  it('fails where the selection matches nothing', async () => {
    expect((await round(', projects: { include: ["nobody"] }')).failed).toEqual(['config']);
  });
});
