/** The official SDK reads what the simulator serves. */
import { LlamaCloud } from '@llamaindex/llama-cloud';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../../src/simulator/api/server.ts';
import { startSimulator } from '../../../src/simulator/api/server.ts';
import type { Project } from '../../../src/simulator/world/projects.ts';
import { sessionTruth } from '../../../src/simulator/world/truth.ts';
import type { World } from '../../../src/simulator/world/world.ts';
import { fill, smallWorld } from '../helpers.ts';

let world: World;
let project: Project;
let ids: string[];
let simulator: Simulator;
let client: LlamaCloud;

beforeAll(async () => {
  const small = smallWorld();
  ({ world, project } = small);
  ids = fill(world, small.clock, project, 57);
  for (const name of ['Second', 'Third']) world.addProject({ name });
  simulator = await startSimulator({ world, apiKey: 'right-key' });
  client = new LlamaCloud({ apiKey: 'right-key', baseURL: simulator.url, maxRetries: 0 });
});

afterAll(() => simulator.stop());

const with404 = () => client.beta.chat.retrieve('ses-gone', { project_id: project.id });

describe('the official SDK', () => {
  it('pages through all sessions', async () => {
    const seen: string[] = [];
    for await (const session of client.beta.chat.list({ project_id: project.id, page_size: 10 })) {
      seen.push(session.session_id);
    }
    expect(seen).toEqual(ids.toReversed());
  });

  it('reads figures as the world has them', async () => {
    const page = await client.beta.chat.list({ project_id: project.id, page_size: 1 });
    const newest = world.session(ids.at(-1) ?? '');
    expect(page.items[0]?.job_metadata).toMatchObject({ ...newest.runs[0]?.figures });
    expect(page.items[0]?.last_updated_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
  });

  it('retrieves a session with its events', async () => {
    const id = ids[3] ?? '';
    world.runOnce(id, world.outcome());
    const session = await client.beta.chat.retrieve(id, { project_id: project.id });
    const stops = session.events.filter((event) => 'usage' in event);
    const told = sessionTruth(world.session(id)).runs.map((run) => run.figures);
    expect(stops.map(({ is_error, error, usage }) => ({ is_error, error, ...usage }))).toEqual(told);
    expect(session.events.some((event) => event.type === 'user_input')).toBe(true);
  });

  it('retrieves a summary without events', async () => {
    const summary = await client.beta.chat.getSummary(ids[0] ?? '', { project_id: project.id });
    expect(summary.session_id).toBe(ids[0]);
    expect(summary).not.toHaveProperty('events');
  });

  it('lists projects by version one', async () => {
    const projects = await client.projects.list();
    expect(projects.map((one) => one.name)).toEqual(['Test', 'Second', 'Third']);
    expect(projects[0]).toMatchObject({ id: project.id, is_default: true, organization_id: project.organizationId });
  });

  it('pages through projects by version two', async () => {
    const names: string[] = [];
    const query = { organization_id: project.organizationId, page_size: 2 };
    for await (const one of client.v2Projects.list(query)) names.push(one.name);
    expect(names.sort()).toEqual(['Second', 'Test', 'Third']);
  });

  it('gets one project', async () => {
    expect((await client.projects.get(project.id)).name).toBe('Test');
  });

  it('meets its typed errors', async () => {
    const stranger = new LlamaCloud({ apiKey: 'wrong-key', baseURL: simulator.url, maxRetries: 0 });
    await expect(stranger.projects.list()).rejects.toBeInstanceOf(LlamaCloud.AuthenticationError);
    await expect(with404()).rejects.toBeInstanceOf(LlamaCloud.NotFoundError);
    await expect(client.projects.get('no-uuid')).rejects.toBeInstanceOf(LlamaCloud.UnprocessableEntityError);
    await expect(client.v2Projects.list()).rejects.toBeInstanceOf(LlamaCloud.BadRequestError);
  });

  it('meets 422 as FastAPI writes it', async () => {
    const asked = client.beta.chat.list({ project_id: project.id, page_size: 0 });
    await expect(asked).rejects.toMatchObject({
      status: 422,
      error: { detail: [{ loc: ['query', 'page_size'], type: 'greater_than_equal', msg: expect.any(String) }] },
    });
  });

  it('heals from a fault by retrying', async () => {
    simulator.faults.add({ match: { endpoint: 'projects', times: 1 }, fault: { kind: 'html', status: 502 } });
    const patient = new LlamaCloud({ apiKey: 'right-key', baseURL: simulator.url, maxRetries: 2 });
    expect(await patient.projects.list()).toHaveLength(3);
    expect(simulator.requests.answered(502)).toBe(1);
  });
});
