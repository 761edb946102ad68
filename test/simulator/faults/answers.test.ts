/** Faults that replace or change answers, over HTTP. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RuleInput } from '../../../src/simulator/faults/switchboard.ts';
import type { ListPage } from '../helpers.ts';
import { allIds, ask, listPage, served } from '../helpers.ts';

type Home = Awaited<ReturnType<typeof served>>;
let home: Home;

beforeEach(async () => {
  home = await served(6);
});
afterEach(() => home.simulator.stop());

const on = (fault: RuleInput['fault'], match: RuleInput['match'] = {}) => home.simulator.faults.add({ match, fault });
const list = (query = '') =>
  ask(home.simulator, `/api/v1/chat?${query}`, { redirect: 'manual', headers: { authorization: 'Bearer k' } });
const firstItem = async () => (await listPage(home.simulator)).items[0];
const bodyText = async () => (await list()).text();
const tokenAfter = async (page_token: string) =>
  (await listPage(home.simulator, { page_size: '1', page_token })).next_page_token ?? '';
const idsOf = (page: ListPage) => page.items.map((item) => item.session_id);

describe('faults that answer instead', () => {
  it.each([400, 401, 403, 404, 408, 409, 422, 500, 503])('answer %i in FastAPI shape', async (status) => {
    on({ kind: 'status', status, detail: 'broken' });
    const response = await list();
    expect([response.status, await response.json()]).toEqual([status, { detail: 'broken' }]);
  });

  it('answer 502 as a proxy does', async () => {
    on({ kind: 'html', status: 502 });
    const response = await list();
    expect([response.status, response.headers.get('content-type')]).toEqual([502, 'text/html']);
    expect(await response.text()).toContain('<h1>502</h1>');
  });

  it.each([
    [{ retry_after: { seconds: 7 } }, { 'retry-after': '7' }],
    [{ retry_after: { date_in_seconds: 60 } }, { 'retry-after': 'Fri, 01 May 2026 12:01:06 GMT' }],
    [{ retry_after: { date_in_seconds: -3600 } }, { 'retry-after': 'Fri, 01 May 2026 11:00:06 GMT' }],
    [{ retry_after: { text: '1e99' } }, { 'retry-after': '1e99' }],
    [{ retry_after_ms: 1500 }, { 'retry-after-ms': '1500' }],
    [{ should_retry: false }, { 'x-should-retry': 'false' }],
  ])('answer 429 with %j', async (hints, headers) => {
    on({ kind: 'rate_limited', ...hints });
    const response = await list();
    expect(response.status).toBe(429);
    expect(Object.fromEntries(response.headers)).toMatchObject(headers);
  });

  it('limit the rate as a bucket does', async () => {
    on({ kind: 'rate_limit', per_minute: 20, burst: 2 });
    const statuses = async (count: number) => {
      const found: number[] = [];
      for (let i = 0; i < count; i += 1) found.push((await list()).status);
      return found;
    };
    expect(await statuses(3)).toEqual([200, 200, 429]);
    expect((await list()).headers.get('retry-after')).toBe('3');
    home.clock.advance(3000);
    expect(await statuses(2)).toEqual([200, 429]);
  });

  it('redirect to another host', async () => {
    on({ kind: 'redirect', location: 'http://127.0.0.2:9/api/v1/chat' });
    const response = await list();
    expect([response.status, response.headers.get('location')]).toEqual([307, 'http://127.0.0.2:9/api/v1/chat']);
  });

  it('expire a token half way', async () => {
    on({ kind: 'expire_token', status: 410 }, { token: true, after: 1 });
    const second = await tokenAfter(await tokenAfter(''));
    expect((await list(`page_token=${second}`)).status).toBe(410);
    expect((await list()).status).toBe(200);
  });

  it('answer any body at all', async () => {
    on({ kind: 'body', text: '{"items":{}}' });
    expect(await (await list()).text()).toBe('{"items":{}}');
  });

  it.each([true, false])('send far too much, gzip %s', async (gzip) => {
    on({ kind: 'huge', bytes: 20_000_000, gzip });
    const response = await list();
    expect(response.headers.get('content-encoding')).toBe(gzip ? 'gzip' : null);
    const text = await response.text();
    expect(text).toHaveLength(20_000_000 + 12);
    expect(JSON.parse(text)).toEqual({ items: [] });
  });

  it('delay by latency and jitter', async () => {
    on({ kind: 'latency', ms: 60, jitter_ms: 20 });
    const start = performance.now();
    expect((await list()).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(55);
  });

  it('act on the world half way', async () => {
    on({ kind: 'world', commands: [{ op: 'remove_project', project: home.project.id }] }, { after: 1, times: 1 });
    const query = `project_id=${home.project.id}`;
    expect((await list(query)).status).toBe(200);
    expect((await list(query)).status).toBe(404);
  });
});

describe('faults that alter an answer', () => {
  it('set and remove what a path names', async () => {
    on({ kind: 'set', path: 'items.*.job_metadata.turns', value: -1.5 });
    on({ kind: 'remove', path: 'items.0.last_updated_at' });
    const { items } = await listPage(home.simulator);
    expect(items.map((item) => item.job_metadata?.['turns'])).toEqual(Array(6).fill(-1.5));
    expect(items.map((item) => 'last_updated_at' in item)).toEqual([false, true, true, true, true, true]);
  });

  it('write NaN and huge numbers as text', async () => {
    on({ kind: 'nan' }, { times: 1 });
    expect(await bodyText()).toContain('"total_input_tokens":NaN');
    on({ kind: 'set_raw', path: 'items.1.job_metadata.turns', raw: '1e400' });
    expect(await bodyText()).toContain('"turns":1e400');
  });

  it('give every field a wrong type', async () => {
    on({ kind: 'wrong_types' });
    expect(await firstItem()).toMatchObject({ session_id: 42, last_updated_at: 42, job_metadata: 'text' });
  });

  it('write every key twice', async () => {
    const before = await bodyText();
    on({ kind: 'duplicate_keys' });
    const after = await bodyText();
    expect(after.match(/"session_id":/g)).toHaveLength(12);
    expect(JSON.parse(after)).toEqual(JSON.parse(before));
  });

  it('put invalid UTF-8 into a field', async () => {
    on({ kind: 'invalid_utf8' });
    const bytes = Buffer.from(await (await list()).arrayBuffer());
    expect(bytes.includes(Buffer.from([0xff, 0xfe]))).toBe(true);
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow(TypeError);
  });

  it('change content type and headers', async () => {
    on({ kind: 'content_type', value: 'text/plain' });
    on({ kind: 'headers', set: { date: 'yesterday', 'x-odd': '1' } });
    const { headers } = await list();
    expect([headers.get('content-type'), headers.get('date'), headers.get('x-odd')]).toEqual([
      'text/plain',
      'yesterday',
      '1',
    ]);
  });

  it('replace text in the body', async () => {
    on({ kind: 'replace_text', find: '"items"', with: '"things"' });
    expect(await bodyText()).toMatch(/^\{"things":/);
  });

  it('repeat a token', async () => {
    on({ kind: 'repeat_token' });
    const first = await listPage(home.simulator, { page_size: '2' });
    const token = first.next_page_token ?? '';
    const second = await listPage(home.simulator, { page_size: '2', page_token: token });
    expect(second.next_page_token).toBe(token);
    expect(token).not.toBe('');
  });

  it.each(['again', 'none'] as const)('never end, items %s', async (items) => {
    on({ kind: 'endless_tokens', items });
    const tokens = new Set<string>();
    let token = '';
    for (let i = 0; i < 12; i += 1) {
      const page = await listPage(home.simulator, { page_size: '2', page_token: token });
      expect(page.items).toHaveLength(items === 'again' ? 2 : 0);
      token = page.next_page_token ?? '';
      tokens.add(token);
    }
    expect(tokens.size).toBeGreaterThan(items === 'again' ? 3 : 11);
    expect(tokens).not.toContain('');
  });

  it('slip in an empty page', async () => {
    on({ kind: 'empty_page' }, { after: 1, times: 2 });
    expect(await allIds(home.simulator, 2)).toEqual(home.ids.toReversed());
    expect(home.simulator.requests.count('list')).toBe(5);
  });

  it('read from a replica left behind', async () => {
    const before = await listPage(home.simulator);
    on({ kind: 'stale_read' }, { times: 2 });
    const id = home.ids[0] ?? '';
    const asked = `/api/v1/chat/${id}/summary?project_id=${home.project.id}`;
    home.clock.advance(1000);
    home.world.runOnce(id, home.world.outcome());
    const query = { project_id: home.project.id };
    expect(await listPage(home.simulator, query)).toEqual(before);
    expect(await (await ask(home.simulator, asked)).json()).toEqual(before.items.at(-1));
    expect(idsOf(await listPage(home.simulator, query))[0]).toBe(id);
  });

  it('show the end of a page twice', async () => {
    on({ kind: 'overlap', items: 1 });
    const ids = home.ids.toReversed();
    const seen = await allIds(home.simulator, 3);
    expect(seen).toEqual([...ids.slice(0, 3), ids[2], ...ids.slice(3)]);
  });
});
