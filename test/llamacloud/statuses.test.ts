/**
 * What each HTTP status means: its error code, whether it is retried, and how a redirect or an expired page token is
 * handled.
 */
import { describe, expect, it } from 'vitest';
import { inTurn, type Reply, reply } from './api-server.ts';
import { item, PROJECT, readPage, start } from './harness.ts';

const good: Reply = { body: { items: [item()] } };
const ok = { sessions: [{ id: 'ses-1' }], invalid: [], nextToken: null };

const httpDate = (seconds: number): string => new Date(Date.now() + seconds * 1000).toUTCString();

describe('a status that is no success', () => {
  it.each([
    [400, 'rejected', 1],
    [401, 'unauthorized', 1],
    [403, 'forbidden', 1],
    [404, 'not_found', 1],
    [408, 'timeout', 5],
    [409, 'rejected', 5],
    [410, 'not_found', 1],
    [418, 'rejected', 1],
    [422, 'rejected', 1],
    [429, 'rate_limited', 10],
    [500, 'server_error', 5],
    [502, 'server_error', 5],
    [503, 'server_error', 5],
    [504, 'server_error', 5],
    [301, 'rejected', 1],
    [304, 'rejected', 1],
  ])('of %i fails as %s after %i attempts', async (status, code, attempts) => {
    const { source, api } = await start((_, response) =>
      reply(response, { status, body: { detail: 'secret detail' } }),
    );
    const error = await readPage(source).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ExporterError', code });
    expect(String(error)).toContain(`[GET] "${api.url}/api/v1/chat?project_id=${PROJECT}&page_size=100": ${status} `);
    expect(String(error)).not.toContain('secret detail');
    expect(api.asked).toHaveLength(attempts);
  });

  it.each([408, 409, 429, 500, 502, 503])('of %i is retried until it succeeds', async (status) => {
    const { source, told } = await start(inTurn({ status }, { status }, good));
    expect(await readPage(source)).toMatchObject(ok);
    expect(told.filter(([event]) => event === 'requestRetried')).toHaveLength(2);
    const codes = told.filter(([event]) => event === 'requestEnded').map((event) => event[3]);
    expect(codes).toEqual([status, status, 200]);
  });

  it('keeps HTML out of its message', async () => {
    const html = { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad <b>gateway</b></html>' };
    const { source } = await start(inTurn(html));
    await expect(readPage(source)).rejects.toThrow(/: 502 Bad Gateway$/);
  });

  it('is repeated or not as the API says', async () => {
    const yes = await start(inTurn({ status: 400, headers: { 'x-should-retry': 'true' } }, good));
    expect(await readPage(yes.source)).toMatchObject(ok);
    const no = await start(inTurn({ status: 503, headers: { 'x-should-retry': 'false' } }, good));
    await expect(readPage(no.source)).rejects.toMatchObject({ code: 'server_error' });
    expect(no.api.asked).toHaveLength(1);
  });
});

describe('a refused page token', () => {
  it.each([400, 404, 410, 422])('of status %i has expired', async (status) => {
    const { source } = await start(inTurn({ status }));
    const error = await readPage(source, 'opaque+token/=').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'TokenExpiredError', code: 'pagination' });
    expect(String(error)).not.toContain('opaque');
  });

  it('is told from other failures', async () => {
    const { source } = await start(inTurn({ status: 403 }));
    await expect(readPage(source, 'token')).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('travels in the URL unchanged', async () => {
    const { source, api } = await start(inTurn({ body: { items: [], next_page_token: 'n&=%?# ü' } }));
    const { nextToken } = await readPage(source);
    await readPage(source, nextToken);
    expect(new URL(api.asked[1] as string, api.url).searchParams.get('page_token')).toBe('n&=%?# ü');
  });
});

describe('a 429', () => {
  it.each([
    ['seconds', () => '20', 20_000],
    ['a date', () => httpDate(20), 20_000],
    ['an absurd number', () => '999999999', 300_000],
    ['an absurd date', () => httpDate(1e9), 300_000],
  ])('with Retry-After as %s is obeyed', async (_, header, wait) => {
    const { source, clock } = await start(inTurn({ status: 429, headers: { 'retry-after': header() } }, good));
    expect(await readPage(source)).toMatchObject(ok);
    const slept = clock.sleeps.reduce((sum, ms) => sum + ms, 0);
    expect(slept).toBeGreaterThan(wait - 1100);
    expect(slept).toBeLessThan(wait + 1100);
  });

  it('with a date in the past waits for the pace alone', async () => {
    const { source, clock } = await start(inTurn({ status: 429, headers: { 'retry-after': httpDate(-60) } }, good));
    await readPage(source);
    expect(clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(7000);
  });

  it('slows the whole account down, with one warning', async () => {
    const { source, told, logger } = await start(inTurn({ status: 429 }, good));
    await readPage(source);
    const rates = told.filter(([event]) => event === 'rateLimitChanged').map((event) => event[2]);
    expect(rates.slice(0, 2)).toEqual([Number.POSITIVE_INFINITY, 10 / 60]);
    expect(logger.at('warn')).toHaveLength(1);
    expect(logger.at('warn')[0]?.fields).toMatchObject({ account: 'acme', requests_per_minute: 10 });
  });
});

describe('a redirect', () => {
  it('is not followed, and the key stays', async () => {
    const other = await start(inTurn(good));
    const location = `${other.api.url}/steal?secret=1`;
    const { source, api } = await start(inTurn({ status: 302, headers: { location } }));
    const error = await readPage(source).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'rejected', fix: expect.stringContaining('base_url') });
    expect(String(error)).toMatch(/302 Found, a redirect to 127\.0\.0\.1:\d+ that was not followed$/);
    expect(other.api.asked).toEqual([]);
    expect(api.asked).toHaveLength(1);
  });

  it('to nowhere is named as well', async () => {
    const { source } = await start(inTurn({ status: 307, headers: { location: '/elsewhere' } }));
    await expect(readPage(source)).rejects.toThrow(/307 Temporary Redirect, a redirect that was not followed$/);
  });
});
