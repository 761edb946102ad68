/** Lies about time in `Date` and `Age`, over HTTP. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RuleInput } from '../../../src/simulator/faults/switchboard.ts';
import { ask, served } from '../helpers.ts';

const TRUE_DATE = 'Fri, 01 May 2026 12:00:02 GMT';
const DAY_S = 86_400;
let home: Awaited<ReturnType<typeof served>>;

beforeEach(async () => {
  home = await served(2);
});
afterEach(() => home.simulator.stop());

const on = (fault: RuleInput['fault'], match: RuleInput['match'] = {}) => home.simulator.faults.add({ match, fault });
const answer = (path = '/api/v1/chat') => ask(home.simulator, path);
const date = async (path?: string) => (await answer(path)).headers.get('date');
async function dates(count: number): Promise<(string | null)[]> {
  const found: (string | null)[] = [];
  for (let i = 0; i < count; i += 1) found.push(await date());
  return found;
}

describe('a date', () => {
  it.each([
    [-300, 'Fri, 01 May 2026 11:55:02 GMT'],
    [365 * DAY_S, 'Sat, 01 May 2027 12:00:02 GMT'],
    [-300 * 365.25 * DAY_S, 'Mon, 29 Apr 1726 12:00:02 GMT'],
    [274 * 365.25 * DAY_S, 'Fri, 04 May 2300 00:00:02 GMT'],
  ])('is off by %i seconds on every answer', async (offset_seconds, wanted) => {
    on({ kind: 'date', offset_seconds });
    expect([await date(), await date('/api/v1/projects'), await date('/api/v1/chat?page_size=x')]).toEqual([
      wanted,
      wanted,
      wanted,
    ]);
  });

  it('is wrong on every second answer', async () => {
    on({ kind: 'date', offset_seconds: 300 }, { every: 2 });
    const wrong = 'Fri, 01 May 2026 12:05:02 GMT';
    expect(await dates(4)).toEqual([TRUE_DATE, wrong, TRUE_DATE, wrong]);
  });

  it('is wrong on the first answers only', async () => {
    on({ kind: 'date', offset_seconds: 300 }, { times: 2 });
    const wrong = 'Fri, 01 May 2026 12:05:02 GMT';
    expect(await dates(3)).toEqual([wrong, wrong, TRUE_DATE]);
  });

  it('is wrong in discovery only', async () => {
    on({ kind: 'date', offset_seconds: -20 * DAY_S }, { endpoint: ['projects', 'projects_v2'] });
    expect(await date('/api/v1/projects')).toBe('Sat, 11 Apr 2026 12:00:02 GMT');
    expect(await date()).toBe(TRUE_DATE);
  });

  it('is wrong on refusals of other faults too', async () => {
    on({ kind: 'status', status: 503 });
    on({ kind: 'date', text: 'yesterday' });
    const response = await answer();
    expect([response.status, response.headers.get('date')]).toEqual([503, 'yesterday']);
  });

  it('is missing', async () => {
    on({ kind: 'no_date' }, { times: 1 });
    expect(await dates(2)).toEqual([null, TRUE_DATE]);
  });

  it('comes with an age that is a lie', async () => {
    on({ kind: 'date', age: 3600 });
    const { headers } = await answer();
    expect([headers.get('date'), headers.get('age')]).toEqual([TRUE_DATE, '3600']);
  });
});

describe('a cache in between', () => {
  it('repeats an answer with its date and age', async () => {
    on({ kind: 'cached', for_seconds: 60 }, { endpoint: 'list' });
    const first = await (await answer()).text();
    home.clock.advance(45_000);
    home.world.runOnce(home.ids[0] ?? '', home.world.outcome());
    const cached = await answer();
    expect(await cached.text()).toBe(first);
    expect([cached.headers.get('date'), cached.headers.get('age')]).toEqual([TRUE_DATE, '45']);
    expect(await (await answer('/api/v1/chat?page_size=1')).text()).not.toBe(first);
  });

  it('asks again after its time', async () => {
    on({ kind: 'cached', for_seconds: 60 });
    await date();
    home.clock.advance(60_000);
    const fresh = await answer();
    expect([fresh.headers.get('date'), fresh.headers.get('age')]).toEqual(['Fri, 01 May 2026 12:01:02 GMT', null]);
  });
});
