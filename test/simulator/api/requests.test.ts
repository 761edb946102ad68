/** Who is served, and what is counted of it, over HTTP. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, served } from '../helpers.ts';

let home: Awaited<ReturnType<typeof served>>;

beforeEach(async () => {
  home = await served(3);
});
afterEach(() => home.simulator.stop());

const get = async (path: string) => (await fetch(home.simulator.url + path)).json();

describe('the counts of requests', () => {
  it('tell histories by session and bytes by endpoint', async () => {
    const [first = '', second = ''] = home.ids;
    let bytes = 0;
    for (const id of [first, first, second]) {
      bytes += Buffer.byteLength(await (await ask(home.simulator, `/api/v1/chat/${id}`)).text());
    }
    expect(await get('/_requests?sessions=true')).toMatchObject({
      endpoints: { session: 3 },
      bytes: { session: bytes, list: 0 },
      histories: { [first]: 2, [second]: 1 },
    });
    const { requests } = home.simulator;
    expect([requests.histories(), requests.histories(first), requests.histories('none')]).toEqual([3, 2, 0]);
  });

  it('hold a log without keys', async () => {
    home.simulator.faults.add({ match: {}, fault: { kind: 'no_date' } });
    await ask(home.simulator, `/api/v1/chat?project_id=${home.project.id}`);
    const shown = await get('/_requests?log=true');
    expect(shown).toMatchObject({
      log: [{ endpoint: 'list', project: home.project.id, session: null, page: 1, faults: ['no_date'] }],
    });
    expect(JSON.stringify(shown)).not.toContain('Bearer');
  });

  it('begin again when told', async () => {
    await ask(home.simulator, `/api/v1/chat/${home.ids[0]}`);
    await fetch(`${home.simulator.url}/_requests`, { method: 'DELETE' });
    expect(await get('/_requests?sessions=true&log=true')).toMatchObject({ total: 0, histories: {}, log: [] });
    expect(home.simulator.requests.bytes('session')).toBe(0);
  });
});

describe('keys', () => {
  it('are asked for, any will do', async () => {
    const without = await ask(home.simulator, '/api/v1/projects', { headers: {} });
    expect([without.status, await without.json()]).toEqual([401, { detail: 'Not authenticated' }]);
    expect((await ask(home.simulator, '/api/v1/projects')).status).toBe(200);
  });

  it('can be rotated and bound to projects', async () => {
    const { keys, url } = home.simulator;
    home.world.addProject({ name: 'Other', id: 'other' });
    const seen = async (key: string) => {
      const response = await fetch(`${url}/api/v2/projects`, { headers: { authorization: `Bearer ${key}` } });
      return response.status === 200
        ? ((await response.json()) as { items: { id: string }[] }).items.map(({ id }) => id)
        : response.status;
    };
    keys.allow('old');
    keys.allow('bound', { projectIds: ['other'] });
    expect([await seen('old'), await seen('bound'), await seen('new')]).toEqual([400, ['other'], 401]);
    keys.allow('new', { projectIds: [] });
    keys.revoke('old');
    expect([await seen('old'), await seen('new')]).toEqual([401, []]);
  });

  it('do not open paths that are none', async () => {
    expect((await ask(home.simulator, '/api/v1/nothing')).status).toBe(404);
    expect((await ask(home.simulator, '/api/v1/chat', { method: 'POST' })).status).toBe(405);
  });
});
