/** `/api/v1/projects/{id}/sessions`. */
import { describe, expect, it } from 'vitest';
import { MOST_SESSIONS, SESSION_SORTS, SESSION_STATES } from '../../src/domain/session-list.ts';
import { HOUR, MINUTE } from '../../src/domain/time.ts';
import { parseSessionQuery } from '../../src/web/routes/session-query.ts';
import { serve } from './fixtures.ts';
import { get } from './http.ts';
import { sessionFixture } from './page/project-fixtures.ts';

const CLASSES = ['timeout', 'other'];
const parse = (query: string) => parseSessionQuery(new URLSearchParams(query), CLASSES);
const DEFAULTS = { sort: 'updated', state: null, errorClass: null, since: null, limit: 20 };

describe('the query', () => {
  it.each([
    ['', {}],
    ['sort=output_tokens&state=never_run&limit=1', { sort: 'output_tokens', state: 'never_run', limit: 1 }],
    ['class=timeout&since=1h30m&limit=100', { errorClass: 'timeout', since: HOUR + 30 * MINUTE, limit: 100 }],
  ])('%j is understood', (text, wanted) => {
    expect(parse(text)).toEqual({ query: { ...DEFAULTS, ...wanted } });
  });

  it.each(SESSION_SORTS)('may ask for the order by %s', (sort) => {
    expect(parse(`sort=${sort}`)).toMatchObject({ query: { sort } });
  });

  const LIMITS = [`a whole number from 1 to ${MOST_SESSIONS}`];
  const DURATIONS = ['a duration such as 30m, 24h or 7d'];
  it.each([
    ['sort=title', 'sort', SESSION_SORTS],
    ['sort=', 'sort', SESSION_SORTS],
    ['state=failed', 'state', SESSION_STATES],
    ['class=nonsense', 'class', CLASSES],
    ['class=__proto__', 'class', CLASSES],
    ['since=yesterday', 'since', DURATIONS],
    ['since=-1h', 'since', DURATIONS],
    ['since=999999y', 'since', DURATIONS],
    ['limit=0', 'limit', LIMITS],
    ['limit=101', 'limit', LIMITS],
    ['limit=1e1', 'limit', LIMITS],
    ['limit=', 'limit', LIMITS],
    ['sort=cost&sort=turns', 'sort', ['one value']],
    ['order=asc', 'order', ['sort', 'state', 'class', 'since', 'limit']],
  ] as const)('%j is refused with what is allowed', (text, parameter, allowed) => {
    expect(parse(text)).toMatchObject({ faults: [{ parameter, allowed }] });
  });

  it('is refused with all its faults at once', () => {
    expect(parse('sort=x&limit=y&zone=z')).toMatchObject({
      faults: [{ parameter: 'zone' }, { parameter: 'sort' }, { parameter: 'limit' }],
    });
  });
});

describe('the list', () => {
  const path = '/api/v1/projects/p%2F1/sessions';

  it('is what was found', async () => {
    await using served = await serve();
    const list = { matched: 7, sessions: [sessionFixture()], asOf: '2026-05-04T11:59:30.000Z' };
    let asked = '';
    served.sessions.answer = (projectId) => {
      asked = projectId;
      return [list];
    };
    const { status, headers, text } = await get(`${served.url}${path}?sort=cost&since=7d&class=timeout&limit=5`);
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'application/json; charset=utf-8',
      'no-store',
    ]);
    expect(JSON.parse(text)).toEqual({ projectId: 'p/1', ...list });
    expect(asked).toBe('p/1');
    expect(served.sessions.asked).toEqual([
      [{ sort: 'cost', state: null, errorClass: 'timeout', since: 7 * 24 * HOUR, limit: 5 }],
    ]);
  });

  it('is refused for a bad parameter, and nothing is scanned', async () => {
    await using served = await serve();
    const { status, text } = await get(`${served.url}${path}?sort=%3Cscript%3E&limit=0`);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toEqual({
      error:
        '"sort" has a value that is not allowed; allowed: updated, duration, input_tokens, output_tokens, cost, turns. "limit" has a value that is not allowed; allowed: a whole number from 1 to 100.',
      faults: [
        { parameter: 'sort', error: 'has a value that is not allowed', allowed: [...SESSION_SORTS] },
        { parameter: 'limit', error: 'has a value that is not allowed', allowed: ['a whole number from 1 to 100'] },
      ],
    });
    expect(served.sessions.asked).toEqual([]);
  });

  it.each([
    ['busy', 503, '2'],
    ['unknown', 404, undefined],
  ] as const)('that is %s answers %d', async (answer, wanted, retryAfter) => {
    await using served = await serve();
    served.sessions.answer = () => answer;
    const { status, headers, text } = await get(served.url + path);
    expect([status, headers['retry-after']]).toEqual([wanted, retryAfter]);
    expect(JSON.parse(text)).toHaveProperty('error');
  });

  it('can only be read', async () => {
    await using served = await serve();
    const { status, headers } = await get(served.url + path, { method: 'DELETE' });
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
  });
});
