/** Lists without an end are recognized, and cost no memory to speak of. */
import { describe, expect, it } from 'vitest';
import { Tokens } from '../../src/poller/sweep/page-tokens.ts';
import { TokenHashes } from '../../src/poller/sweep/token-hashes.ts';
import { figures } from '../fakes/fake-api.ts';
import { Harness, START } from './harness.ts';

/** The API answers the first page again and again, each time with a token never seen before. */
function answerEndlessly({ api }: Harness): void {
  const page = api.page.bind(api);
  api.page = async (request, signal) => {
    const first = await page({ ...request, token: null }, signal);
    return { ...first, nextToken: `token ${api.requests}` };
  };
}

const withSessions = (): Promise<Harness> =>
  Harness.start((x) => {
    for (const [i, id] of ['a', 'b', 'c', 'd'].entries()) x.api.show('p', id, START - 1 - i, figures());
  });

describe('endless new tokens', () => {
  it('fail a sweep after 100 pages without a new session', async () => {
    const h = await withSessions();
    answerEndlessly(h);
    const error = await h.poll({ kind: 'full' });
    expect(error).toMatchObject({ code: 'pagination', message: expect.stringContaining('100 pages in a row') });
    expect(h.api.requests).toBeLessThanOrEqual(102);
    expect(h.view().polls.failures.pagination).toBe(1);
  });

  it('fail a head poll too', async () => {
    const h = await withSessions();
    await h.poll({ kind: 'full' });
    answerEndlessly(h);
    expect((await h.poll({ kind: 'head', after: 1 }))?.code).toBe('pagination');
  });

  it('what such a sweep read is counted', async () => {
    const h = await withSessions();
    await h.poll({ kind: 'full' });
    h.api.show('p', 'a', START + 1, figures({ turns: 9 }));
    answerEndlessly(h);
    await h.poll({ kind: 'full' });
    expect(h.counters().runs).toBe(1);
  });
});

describe('tokens', () => {
  it('let a long list pass that repeats itself now and then', () => {
    const tokens = new Tokens(1_000_000, 0);
    for (let page = 0; page < 1000; page++) tokens.taken([Math.floor(page / 99)]);
    expect(() => {
      for (let page = 0; page < 100; page++) tokens.taken([0]);
    }).toThrow('100 pages in a row');
  });

  it('are remembered one by one', () => {
    const met = new TokenHashes();
    for (let i = 0; i < 20_000; i += 2) met.add(`token ${i}`);
    const wrong = Array.from({ length: 20_000 }, (_, i) => met.has(`token ${i}`) === (i % 2 === 0)).indexOf(false);
    expect(wrong).toBe(-1);
  });
});
