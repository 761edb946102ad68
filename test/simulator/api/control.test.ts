/** The simulator's own paths: faults, world and truth, over HTTP. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProjectTruth } from '../../../src/simulator/world/truth.ts';
import { ask, served } from '../helpers.ts';

let home: Awaited<ReturnType<typeof served>>;

beforeEach(async () => {
  home = await served(3);
});
afterEach(() => home.simulator.stop());

async function post(path: string, body: unknown): Promise<[number, unknown]> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(home.simulator.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return [response.status, await response.json()];
}

const get = async (path: string) => (await fetch(home.simulator.url + path)).json();
const command = (body: unknown) => post('/_world', body);

describe('the control paths', () => {
  it('switch faults on, show and off', async () => {
    const [status] = await post('/_faults', [{ match: { endpoint: 'list' }, fault: { kind: 'status', status: 503 } }]);
    expect(status).toBe(201);
    expect((await ask(home.simulator, '/api/v1/chat')).status).toBe(503);
    expect(await get('/_faults')).toMatchObject([{ id: 1, hits: 1, fault: { kind: 'status', status: 503 } }]);
    await fetch(`${home.simulator.url}/_faults`, { method: 'DELETE' });
    expect((await ask(home.simulator, '/api/v1/chat')).status).toBe(200);
  });

  it('explain a bad fault', async () => {
    const [status, body] = await post('/_faults', { fault: { kind: 'status' } });
    expect(status).toBe(400);
    expect(body).toMatchObject({ detail: expect.stringContaining('fault') });
  });

  it('do everything to the world', async () => {
    const { id } = home.project;
    const figures = { duration_ms: 10, total_input_tokens: 5, total_output_tokens: 6, turns: 1 };
    const done = await command([
      { op: 'add_project', name: 'New', id: 'p-new' },
      { op: 'add_session', project: 'p-new', id: 'ses-new' },
      { op: 'run', session: 'ses-new', figures },
      { op: 'start_run', session: 'ses-new', style: { form: 'empty' } },
      {
        op: 'finish_run',
        session: 'ses-new',
        figures: { ...figures, is_error: true, error: 'timed out' },
        cause: 'timeout',
      },
      { op: 'touch', session: 'ses-new' },
      { op: 'show_metadata', session: home.ids[1], metadata: {} },
      { op: 'set_wire', session: home.ids[2], text: '{"odd":true}' },
      { op: 'delete', session: home.ids[0] },
      { op: 'restore', session: home.ids[0] },
      { op: 'delete', session: home.ids[0] },
      { op: 'rename_project', project: id, name: 'Renamed' },
      { op: 'set_order', project: id, order: 'id' },
      { op: 'freeze_list', project: id, ms: 60_000 },
      { op: 'catch_up', project: id },
      { op: 'lag_session', session: home.ids[1], ms: 1 },
      { op: 'set_history_bytes', session: 'ses-new', bytes: 10 },
      { op: 'skew_clock', ms: 1000 },
    ]);
    expect(done[0]).toBe(200);
    const truth = (await get('/_truth')) as { projects: ProjectTruth[] };
    expect(truth.projects).toMatchObject([
      { name: 'Renamed', sessions: { live: 2, deleted: 1 } },
      { id: 'p-new', runs: 2, failed_runs: 1, input_tokens: 10, output_tokens: 12, turns: 2, causes: { timeout: 1 } },
    ]);
    expect(await (await ask(home.simulator, `/api/v1/chat?project_id=${id}`)).text()).toContain('{"odd":true}');
  });

  it('move the time of a session backwards', async () => {
    const id = home.ids[0] ?? '';
    const shownAt = () => home.world.session(id).shown?.updatedAt;
    const now = home.clock.now();
    await command([
      { op: 'run', session: id, offset_ms: -300_000 },
      { op: 'touch', session: home.ids[1], offset_ms: 60_000 },
      { op: 'add_session', project: home.project.id, id: 'ses-old', offset_ms: -1000 },
      { op: 'start_run', session: 'ses-old', offset_ms: -500, style: { form: 'null', stamp: 'both' } },
    ]);
    expect(shownAt()).toBe(now - 300_000_000);
    expect(home.world.session(home.ids[1] ?? '').shown?.updatedAt).toBe(now + 60_000_000);
    expect(home.world.session('ses-old')).toMatchObject({ createdAt: now - 1_000_000 });
    await command({ op: 'finish_run', session: 'ses-old', offset_ms: 1 });
    expect(home.world.session('ses-old').shown?.updatedAt).toBe(now + 1000);
  });

  it('set the clock of the service back', async () => {
    const id = home.ids[2] ?? '';
    const shownAt = () => home.world.session(id).shown?.updatedAt ?? 0;
    const before = shownAt();
    await command([
      { op: 'skew_clock', ms: -300_000 },
      { op: 'run', session: id },
    ]);
    expect(shownAt()).toBe(before + 1);
    await command([
      { op: 'skew_clock', ms: 0, stamps: 'clock' },
      { op: 'run', session: id },
    ]);
    expect(shownAt()).toBe(home.clock.now());
    await command([
      { op: 'start_run', session: id },
      { op: 'finish_run', session: id },
      { op: 'skew_clock', ms: 0, stamps: 'forward' },
      { op: 'touch', session: id },
    ]);
    expect(shownAt()).toBe(home.clock.now() + 1);
  });

  it('leave a run in progress for days', async () => {
    const id = home.ids[0] ?? '';
    const before = home.world.session(id).shown?.metadata;
    await command({ op: 'start_run', session: id, style: { form: 'previous', stamp: 'start' } });
    home.clock.advance(2 * 86_400_000);
    expect(await get('/_truth')).toMatchObject({ projects: [{ runs: 3, runs_in_progress: 1 }] });
    const list = (await (await ask(home.simulator, '/api/v1/chat')).json()) as { items: unknown[] };
    expect(list.items).toContainEqual(expect.objectContaining({ session_id: id, job_metadata: before }));
  });

  it('complete the last run', async () => {
    const id = home.ids[0] ?? '';
    await command({ op: 'run', session: id, figures: { turns: 3, total_input_tokens: null } });
    const [, done] = await command({ op: 'amend_run', session: id, figures: { total_input_tokens: 12 } });
    expect(done).toMatchObject([{ runs: [{}, { figures: { turns: 3, total_input_tokens: 12 } }] }]);
    const refused = await command({ op: 'add_session', project: home.project.id, id: 'ses-idle' });
    expect(refused[0]).toBe(200);
    expect((await command({ op: 'amend_run', session: 'ses-idle' }))[0]).toBe(400);
  });

  it('remove and restore a project', async () => {
    const status = async () => (await ask(home.simulator, `/api/v1/projects/${home.project.id}`)).status;
    await command({ op: 'remove_project', project: home.project.id });
    expect(await status()).toBe(404);
    await command({ op: 'restore_project', project: home.project.id });
    await command({ op: 'set_project_wire', project: home.project.id, text: '[]' });
    expect(await (await ask(home.simulator, '/api/v1/projects')).text()).toBe('[[]]');
  });

  it('draw a run whose figures are left out', async () => {
    const [, told] = await command({ op: 'run', session: home.ids[0] });
    expect(told).toMatchObject([{ runs: [{}, { figures: { duration_ms: expect.any(Number) } }] }]);
  });

  it('explain a bad command', async () => {
    expect(await command({ op: 'touch', session: 'ses-none' })).toEqual([
      400,
      { detail: 'Error: The world has no session ses-none.' },
    ]);
    expect((await command({ op: 'fly' }))[0]).toBe(400);
  });

  it('tell all runs of all sessions', async () => {
    const truth = (await get('/_truth?sessions=true')) as { sessions: { id: string; runs: unknown[] }[] };
    expect(truth.sessions.map((session) => session.id)).toEqual(home.ids);
    expect(truth.sessions.every((session) => session.runs.length === 1)).toBe(true);
  });

  it('count requests of the service only', async () => {
    await ask(home.simulator, '/api/v1/chat');
    await ask(home.simulator, '/api/v1/chat?page_size=x');
    expect(await get('/_requests')).toMatchObject({ total: 2, endpoints: { list: 2 }, statuses: { 200: 1, 422: 1 } });
    expect(home.simulator.requests.log()[0]).toMatchObject({
      endpoint: 'list',
      headers: { authorization: 'Bearer key' },
    });
  });
});
