/** Small worlds, and a client of the simulated API. */

import type { Simulator } from '../../src/simulator/api/server.ts';
import { startSimulator } from '../../src/simulator/api/server.ts';
import { ManualClock } from '../../src/simulator/world/clock.ts';
import type { WorldOptions } from '../../src/simulator/world/options.ts';
import type { Project } from '../../src/simulator/world/projects.ts';
import type { World } from '../../src/simulator/world/world.ts';
import { createWorld } from '../../src/simulator/world/world.ts';

/** When the worlds of these tests begin. */
export const START = '2026-05-01T12:00:00Z';

/** A world with a hand-driven clock and one project. */
export function smallWorld(options: Partial<WorldOptions> = {}): {
  world: World;
  clock: ManualClock;
  project: Project;
} {
  const clock = new ManualClock(START);
  const world = createWorld({ seed: 1, clock, ...options });
  return { world, clock, project: world.addProject({ name: 'Test' }) };
}

/** Adds sessions, a second apart, oldest first; every one with a run. */
export function fill(world: World, clock: ManualClock, project: Project, count: number): string[] {
  return Array.from({ length: count }, () => {
    clock.advance(1000);
    const { id } = world.addSession(project.id);
    world.runOnce(id, world.outcome());
    return id;
  });
}

/** A served world with some sessions; stops with the test's `await using`. */
export async function served(sessions: number, options: Partial<WorldOptions> = {}) {
  const { world, clock, project } = smallWorld(options);
  const ids = fill(world, clock, project, sessions);
  const simulator = await startSimulator({ world });
  const stop = () => simulator.stop();
  return { world, clock, project, ids, simulator, [Symbol.asyncDispose]: stop };
}

export interface ListPage {
  items: { session_id: string; last_updated_at: string; job_metadata: Record<string, unknown> | null }[];
  next_page_token?: string | null;
}

/** A request with a key, as a client of the service makes it. */
export function ask(simulator: Simulator, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(simulator.url + path, { headers: { authorization: 'Bearer key' }, ...init });
}

/** One page of the list. */
export async function listPage(simulator: Simulator, query: Record<string, string> = {}): Promise<ListPage> {
  const response = await ask(simulator, `/api/v1/chat?${new URLSearchParams(query).toString()}`);
  if (response.status !== 200) throw new Error(`list answered ${response.status}`);
  return (await response.json()) as ListPage;
}

/** The ids of all pages, in order. */
export async function allIds(simulator: Simulator, pageSize: number): Promise<string[]> {
  const ids: string[] = [];
  let token: string | null | undefined = '';
  while (typeof token === 'string') {
    const query: Record<string, string> = { page_size: String(pageSize), page_token: token };
    const page: ListPage = await listPage(simulator, query);
    ids.push(...page.items.map((item) => item.session_id));
    token = page.next_page_token;
  }
  return ids;
}
