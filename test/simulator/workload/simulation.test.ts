/** A whole simulation, as the `simulate` command and the demo start it. */
import { describe, expect, it } from 'vitest';
import { parseListenAddress, runSimulator } from '../../../src/simulator/run-simulator.ts';
import type { ProjectTruth } from '../../../src/simulator/world/truth.ts';
import { ask } from '../helpers.ts';

describe('a running simulation', () => {
  it('lives by itself until stopped', async () => {
    const options = {
      listenAddress: '127.0.0.1:0',
      seed: 4,
      speed: 500,
      order: 'newest',
      projects: 7,
      apiKey: 'k',
      alive: true,
    } as const;
    const simulation = await runSimulator(options);
    const runs = () =>
      simulation.world.projects.all().flatMap((project) => project.sessions.flatMap((one) => one.runs)).length;
    const before = runs();
    while (runs() === before) await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await ask(simulation, '/api/v1/projects')).status).toBe(401);
    const headers = { authorization: 'Bearer k', 'accept-encoding': 'gzip' };
    const list = await ask(simulation, '/api/v1/chat?page_size=100', { headers });
    expect(list.headers.get('content-encoding')).toBe('gzip');
    expect(((await list.json()) as { items: unknown[] }).items).toHaveLength(100);
    expect(simulation.world.projects.all()).toHaveLength(7);
    await simulation.stop();
    const after = runs();
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(runs()).toBe(after);
  });

  it('begins, rests and lives again when told', async () => {
    const simulation = await runSimulator({
      listenAddress: '127.0.0.1:0',
      seed: 4,
      speed: 500,
      order: 'newest',
      projects: 1,
      apiKey: null,
      alive: false,
    });
    const truth = async () => {
      const response = await fetch(`${simulation.url}/_truth`);
      const { lives_since, projects } = (await response.json()) as { lives_since: unknown; projects: ProjectTruth[] };
      return { lives_since, runs: projects[0]?.runs ?? 0 };
    };
    const world = (op: 'rest' | 'live') =>
      fetch(`${simulation.url}/_world`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ op }),
      });
    const moved = async (from: number) => {
      while ((await truth()).runs === from) await new Promise((resolve) => setTimeout(resolve, 20));
      return true;
    };
    const before = await truth();
    expect(before.lives_since).toBeNull();
    simulation.live();
    simulation.live();
    expect(await moved(before.runs)).toBe(true);
    await world('rest');
    const resting = await truth();
    expect(resting.lives_since).toEqual(expect.any(Number));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await truth()).toEqual(resting);
    await world('live');
    expect(await moved(resting.runs)).toBe(true);
    await simulation.stop();
  });

  it('listens where it is told', () => {
    expect(parseListenAddress('127.0.0.1:10941')).toEqual({ host: '127.0.0.1', port: 10_941 });
    expect(parseListenAddress('[::1]:0')).toEqual({ host: '::1', port: 0 });
    expect(parseListenAddress(':80')).toEqual({ host: '::', port: 80 });
    for (const bad of ['80', 'host', 'host:99999', '::1:80']) {
      expect(() => parseListenAddress(bad)).toThrow(`"${bad}" is no listen address: write HOST:PORT`);
    }
  });
});
