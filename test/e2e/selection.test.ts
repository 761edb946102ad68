/** A selection that matches none of the projects: said wherever somebody looks, until it matches. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/api/server.ts';
import { createWorld } from '../../src/simulator/world/world.ts';
import { until } from '../support/until.ts';
import { type Configured, QUICK, startConfigured } from './configured.ts';

vi.setConfig({ testTimeout: 60_000 });

let simulator: Simulator;
let exporter: Configured;

const file = (include: string): string =>
  `accounts: [{ base_url: "${simulator.url}", api_key: llx-selection-key, projects: { include: ["${include}"] } }]\n${QUICK}\n`;
const ready = async (): Promise<{ status: number; text: string }> => {
  const answer = await fetch(`${exporter.url}/-/ready`);
  return { status: answer.status, text: await answer.text() };
};
const problems = async (): Promise<readonly { message: string; resolved: boolean }[]> => {
  const answer = await fetch(`${exporter.url}/api/v1/status`);
  return ((await answer.json()) as { problems: { message: string; resolved: boolean }[] }).problems;
};

beforeEach(async () => {
  const world = createWorld({ seed: 'selection' });
  world.addProject({ name: 'Support', createdAt: 0 });
  simulator = await startSimulator({ world });
  exporter = await startConfigured(file('Suport'));
});

afterEach(async () => {
  await exporter?.dispose();
  await simulator.stop();
});

describe('a selection that matches nothing', () => {
  it('is not ready with the reason, until a reload fixes it', async () => {
    await until('the reason', async () => (await ready()).text.includes('do not select the only project'));
    expect((await ready()).status).toBe(503);
    expect((await ready()).text).toContain('the key sees "Support"');
    expect(await problems()).toMatchObject([{ message: expect.stringContaining('do not select'), resolved: false }]);
    expect(exporter.warnings('No project of the account is selected')).toHaveLength(1);
    exporter.write(file('Support'));
    expect((await exporter.reload()).status).toBe(200);
    await until('ready', async () => (await ready()).status === 200);
    expect(await problems()).toMatchObject([{ resolved: true }]);
  });
});
