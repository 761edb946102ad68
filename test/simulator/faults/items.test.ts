/** Pages that fail, and items of lists and of discovery that cannot be read, over HTTP. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RuleInput } from '../../../src/simulator/faults/switchboard.ts';
import { ask, listPage, served } from '../helpers.ts';

let home: Awaited<ReturnType<typeof served>>;

beforeEach(async () => {
  home = await served(5);
});
afterEach(() => home.simulator.stop());

const on = (fault: RuleInput['fault'], match: RuleInput['match'] = {}) => home.simulator.faults.add({ match, fault });
const firstPage = () => listPage(home.simulator, { page_size: '2' });
const status = async (page_token: string) =>
  (await ask(home.simulator, `/api/v1/chat?${new URLSearchParams({ page_size: '2', page_token }).toString()}`)).status;
/** The tokens of the second and the third page. */
async function tokens(): Promise<[string, string]> {
  const second = (await firstPage()).next_page_token ?? '';
  const { next_page_token: third } = await listPage(home.simulator, { page_size: '2', page_token: second });
  return [second, third ?? ''];
}

describe('a page that always fails', () => {
  it('is chosen by its number', async () => {
    const [second, third] = await tokens();
    on({ kind: 'status', status: 500 }, { endpoint: 'list', page: 2 });
    expect([await status(''), await status(second), await status(second), await status(third)]).toEqual([
      200, 500, 500, 200,
    ]);
  });

  it('is chosen by a session on it, wherever that goes', async () => {
    const [second, third] = await tokens();
    const id = home.ids[0] ?? '';
    on({ kind: 'status', status: 500 }, { shows: id });
    expect([await status(''), await status(second), await status(third)]).toEqual([200, 200, 500]);
    home.world.touch(id);
    expect([await status(''), await status(third)]).toEqual([500, 200]);
    expect((await ask(home.simulator, `/api/v1/chat/${id}`)).status).toBe(200);
    expect((await ask(home.simulator, '/api/v1/chat?page_token=none')).status).toBe(400);
  });

  it('is not met in another project', async () => {
    const other = home.world.addProject({ name: 'Other' });
    on({ kind: 'status', status: 500 }, { shows: home.ids[0] ?? '' });
    expect((await ask(home.simulator, `/api/v1/chat?project_id=${other.id}`)).status).toBe(200);
  });
});

describe('a malformed session', () => {
  it.each([
    ['no_id', { session_id: undefined }],
    ['number_id', { session_id: 42 }],
    ['no_time', { last_updated_at: null }],
    ['bad_time', { last_updated_at: 'yesterday' }],
    ['text_metadata', { job_metadata: 'none' }],
    ['null_item', null],
    ['text_item', 'none'],
  ] as [MalformedForm, object | string | null][])('stays so: %s', async (form, change) => {
    const before = (await listPage(home.simulator)).items;
    const wanted = typeof change === 'object' && change !== null ? { ...before[0], ...change } : change;
    on({ kind: 'malformed', ids: [home.ids[4] ?? ''], form }, { endpoint: 'list' });
    for (let i = 0; i < 2; i += 1) {
      const { items } = await listPage(home.simulator);
      expect(items[0]).toEqual(wanted);
      expect(items.slice(1)).toEqual(before.slice(1));
    }
    home.simulator.faults.clear();
    expect((await listPage(home.simulator)).items).toEqual(before);
  });

  it('is alone on the last page', async () => {
    on({ kind: 'malformed', ids: [home.ids[0] ?? ''], form: 'negative_tokens' });
    const [, third] = await tokens();
    const { items } = await listPage(home.simulator, { page_size: '2', page_token: third });
    expect(items).toEqual([
      expect.objectContaining({
        session_id: home.ids[0],
        job_metadata: expect.objectContaining({ total_input_tokens: -1 }),
      }),
    ]);
  });
});
type MalformedForm = Extract<RuleInput['fault'], { kind: 'malformed' }>['form'];

describe('a malformed project', () => {
  const discovered = (path: string): Promise<unknown> => ask(home.simulator, path).then((response) => response.json());

  it('has no name, or no readable id', async () => {
    const other = home.world.addProject({ name: 'Other' });
    on({ kind: 'malformed', ids: ['Other'], form: 'null_name' }, { times: 1 });
    on({ kind: 'malformed', ids: [other.id], form: 'number_id' }, { after: 1 });
    const good = expect.objectContaining({ id: home.project.id, name: 'Test' });
    const path = '/api/v1/projects';
    expect(await discovered(path)).toEqual([good, expect.objectContaining({ id: other.id, name: null })]);
    expect(await discovered(path)).toEqual([good, expect.objectContaining({ id: 42, name: 'Other' })]);
    const paged = `/api/v2/projects?organization_id=${home.project.organizationId}`;
    expect(await discovered(paged)).toMatchObject({ total_size: 2, items: expect.arrayContaining([good]) });
  });
});

describe('endless tokens', () => {
  it('lead to the same page for ever', async () => {
    on({ kind: 'endless_tokens', items: 'same' });
    const seen = new Set<string>();
    const ids = new Set<string>();
    for (let token = '', i = 0; i < 10; i += 1) {
      const page = await listPage(home.simulator, { page_size: '2', page_token: token });
      token = page.next_page_token ?? '';
      seen.add(token);
      for (const item of page.items) ids.add(item.session_id);
    }
    expect([seen.size, ids.size]).toEqual([10, 2]);
  });
});
