/** Pages and tokens of the list. */
import { describe, expect, it } from 'vitest';
import type { ListOrder } from '../../../src/simulator/world/types.ts';
import { allIds, ask, listPage, served } from '../helpers.ts';

const tokenOf = async (...args: Parameters<typeof listPage>) => (await listPage(...args)).next_page_token ?? '';
const idsOf = (page: Awaited<ReturnType<typeof listPage>>) => page.items.map((item) => item.session_id);

describe('pages by key', () => {
  it.each([
    ['newest', (ids: string[]) => ids.toReversed()],
    ['oldest', (ids: string[]) => ids],
    ['id', (ids: string[]) => ids.toSorted()],
  ] as [ListOrder, (ids: string[]) => string[]][])('serve the order %s', async (order, wanted) => {
    await using home = await served(25, { order });
    expect(await allIds(home.simulator, 7)).toEqual(wanted(home.ids));
  });

  it('stay in place when sessions jump ahead', async () => {
    await using home = await served(6);
    const token = await tokenOf(home.simulator, { page_size: '3' });
    home.world.touch(home.ids[2] ?? '');
    const second = await listPage(home.simulator, { page_size: '3', page_token: token });
    expect(idsOf(second)).toEqual([home.ids[1], home.ids[0]]);
  });

  it('continue after a deleted last item', async () => {
    await using home = await served(4);
    const token = await tokenOf(home.simulator, { page_size: '2' });
    home.world.delete(home.ids[2] ?? '');
    expect(idsOf(await listPage(home.simulator, { page_token: token }))).toEqual([home.ids[1], home.ids[0]]);
  });

  it('show a moved session twice when oldest first', async () => {
    await using home = await served(4, { order: 'oldest' });
    const token = await tokenOf(home.simulator, { page_size: '2' });
    home.clock.advance(1000);
    home.world.touch(home.ids[0] ?? '');
    expect(idsOf(await listPage(home.simulator, { page_token: token }))).toEqual([...home.ids.slice(2), home.ids[0]]);
  });

  it('are no larger than the maximum', async () => {
    await using home = await served(12, { pageSizeMax: 5 });
    expect((await listPage(home.simulator, { page_size: '1000' })).items).toHaveLength(5);
  });

  it('end without a token', async () => {
    await using home = await served(4);
    const page = await listPage(home.simulator, { page_size: '4' });
    expect(page.items).toHaveLength(4);
    expect(page.next_page_token ?? null).toBeNull();
  });

  it('refuse tokens expired, foreign and forged', async () => {
    await using home = await served(4, { tokenTtlMs: 1000, tokenErrorStatus: 410 });
    const token = await tokenOf(home.simulator, { page_size: '2' });
    const other = home.world.addProject({ name: 'Other' });
    const status = async (query: string) => (await ask(home.simulator, `/api/v1/chat?${query}`)).status;
    expect(await status(`page_token=${token}`)).toBe(200);
    expect(await status(`page_token=${token}&project_id=${other.id}`)).toBe(410);
    expect(await status(`page_token=nonsense`)).toBe(410);
    home.clock.advance(1001);
    expect(await status(`page_token=${token}`)).toBe(410);
  });

  it('carry the date of the world', async () => {
    await using home = await served(1);
    home.clock.skew(-600_000);
    const response = await ask(home.simulator, '/api/v1/chat');
    expect(response.headers.get('date')).toBe('Fri, 01 May 2026 11:50:01 GMT');
  });
});
