/** Many sessions at once: a page of 200,000 changes, and gauges while a sweep is under way. */
import { describe, expect, it } from 'vitest';
import type { Session } from '../../src/domain/session.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { run } from '../fakes/fake-history.ts';
import { EVERY_RUN, Harness, START } from './harness.ts';

describe('sessions_active', () => {
  it('stays while a sweep of a list without order is under way', async () => {
    const h = await Harness.start((x) => {
      x.api.pageSize = 10;
      x.api.fake('p').order = 'id';
    });
    const update = (): void => {
      for (let i = 0; i < 60; i++) h.api.show('p', `s${i}`, h.api.serverTime() - i * SECOND, run(h.clock.now()));
    };
    update();
    await h.poll();
    const seen: (number | undefined)[] = [];
    h.api.beforePage = () => {
      h.clock.advance(4);
      update();
      seen.push(h.view().activity?.m5);
    };
    for (let i = 0; i < 10; i++) await h.poll({ after: 36 });
    expect(new Set(seen)).toEqual(new Set([60]));
  });
});

describe('a page of 200,000 changed sessions', () => {
  it('is counted', async () => {
    const SESSIONS = 200_000;
    const h = await Harness.start((x) => {
      x.rules = EVERY_RUN;
      x.api.pageSize = SESSIONS;
    });
    const show = (at: number, tokens: number): Session[] =>
      Array.from({ length: SESSIONS }, (_, i) => ({
        id: `s${i}`,
        updatedAt: at,
        run: { figures: run(tokens), errorText: null },
        indexIds: [],
      }));
    h.api.fake('p').sessions = show(START - DAY, 1);
    expect(await h.poll()).toBeNull();
    h.api.fake('p').sessions = show(START + 90 * SECOND, 2);
    expect(await h.poll()).toBeNull();
    expect(h.counters()).toMatchObject({ runs: SESSIONS, inputTokens: 2 * SESSIONS });
  }, 180_000);
});
