/** A page of the session list: how it is requested, what comes with it, and how a signal ends the request. */
import { describe, expect, it } from 'vitest';
import { inTurn, type Reply, reply, type Script } from '../api-server.ts';
import { item, never, PROJECT, readPage, start } from '../harness.ts';

const good: Reply = { body: { items: [item()] } };

const slow: Script = (_, response) =>
  void setTimeout(() => reply(response, { ...good, headers: { date: 'Wed, 22 Apr 2026 12:00:00 GMT' } }), 50);

describe('pages', () => {
  it('may be empty and still have a next one', async () => {
    const { source, told } = await start(inTurn({ body: { items: [], next_page_token: 'more' } }));
    expect(await readPage(source)).toMatchObject({ sessions: [], nextToken: 'more' });
    expect(told).toContainEqual(['pageRead', 'acme', PROJECT, 0]);
  });

  it('count all their items as read', async () => {
    const { source, told } = await start(inTurn({ body: { items: [item(), item(), null] } }));
    expect((await readPage(source)).invalid).toEqual([{ reason: 'not_an_object', id: null }]);
    expect(told).toContainEqual(['pageRead', 'acme', PROJECT, 3]);
  });

  it('carry server time and when they were asked for', async () => {
    const { source, clock } = await start(slow);
    const before = clock.now();
    const { serverTime, requestedAt } = await readPage(source);
    expect(Math.abs(serverTime - before)).toBeLessThan(5_000_000);
    expect(serverTime - requestedAt).toBeGreaterThanOrEqual(49_000);
    expect(serverTime - requestedAt).toBeLessThan(5_000_000);
    expect(source.serverTime()).toBeGreaterThanOrEqual(serverTime);
  });

  it('are asked for with scope and prefix', async () => {
    const { source, api } = await start(inTurn(good), { organizationId: 'org & co', pageSize: 7 });
    await readPage(source, 't');
    expect(api.asked).toEqual([
      `/api/v1/chat?project_id=${PROJECT}&organization_id=org%20%26%20co&page_size=7&page_token=t`,
    ]);
    const prefixed = await start(inTurn(good));
    const under = await start(inTurn(good), { baseUrl: `${prefixed.api.url}/gateway/` });
    await readPage(under.source);
    expect(prefixed.api.asked[0]).toMatch(/^\/gateway\/api\/v1\/chat\?/);
  });
});

describe('a signal', () => {
  it('ends a request in flight', async () => {
    const { source } = await start(() => {}, { requestTimeoutMs: 20_000 });
    const abort = new AbortController();
    const page = source.page({ projectId: PROJECT, token: null, priority: 'head' }, abort.signal);
    setTimeout(() => abort.abort(new Error('shutdown')), 20);
    await expect(page).rejects.toThrow('shutdown');
  });

  it('that aborted before sends nothing', async () => {
    const { source, api } = await start(inTurn(good));
    const aborted = AbortSignal.abort(new Error('gone'));
    await expect(source.discover(aborted)).rejects.toThrow('gone');
    expect(api.asked).toEqual([]);
  });

  it('is not needed to close the source', async () => {
    const { source } = await start(() => {}, { requestTimeoutMs: 20_000, concurrency: 1 });
    const both = [readPage(source), readPage(source)].map((page) =>
      expect(page).rejects.toMatchObject({ code: 'connection' }),
    );
    await new Promise((resolve) => setTimeout(resolve, 30));
    await source.close();
    await Promise.all(both);
    await expect(source.discover(never)).rejects.toMatchObject({ code: 'connection' });
  });
});
