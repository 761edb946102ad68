/** A page that cannot be read keeps nothing else from being counted (docs/accounting.md, L5). */
import { describe, expect, it } from 'vitest';
import { TokenExpiredError } from '../../src/domain/errors.ts';
import type { PageRequest } from '../../src/domain/source.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { refusal, run } from '../fakes/fake-history.ts';
import { Harness, nextTurn, START, TIMING } from './harness.ts';

/** Six sessions on three pages, s0 the oldest, all older than the start. */
async function six(order: 'id' | 'newest', change: (h: Harness) => void = () => {}): Promise<Harness> {
  return await Harness.start((x) => {
    for (let i = 0; i < 6; i++) x.api.show('p', `s${i}`, START - DAY + i * SECOND, run(i));
    x.api.fake('p').order = order;
    change(x);
  });
}

/** Pages of which the token names the session are refused. */
function refuse(h: Harness, which: (request: PageRequest) => boolean): void {
  h.api.beforePage = (request) => {
    if (which(request)) throw refusal('server_error');
  };
}

describe('a page that always fails', () => {
  it('leaves the pages before it, where the list has no order', async () => {
    const h = await six('id');
    refuse(h, ({ token }) => token !== null);
    for (let i = 1; i <= 10; i++) {
      h.api.show('p', 's0', START + i * 60 * SECOND, run(10 * i));
      expect((await h.poll())?.code).toBe('server_error');
      expect(h.counters().runs).toBe(i);
    }
    expect(h.view()).toMatchObject({ activity: null, totals: { sweeps: 0 } });
  });

  it('leaves the head of a list that is in order, at its interval', async () => {
    const h = await six('newest');
    await h.poll({ kind: 'full' });
    refuse(h, ({ token, priority }) => priority === 'sweep' && token !== null);
    h.pass(TIMING.fullSweep / SECOND);
    h.worker().start(0);
    for (let i = 1; i <= 10; i++) {
      h.api.show('p', `s${i % 6}`, h.clock.now(), run(100 * i));
      h.pass(60);
      for (let turn = 0; turn < 50; turn++) await nextTurn();
      expect(h.counters().runs).toBe(i);
    }
    await h.worker().stop();
    expect(h.view().polls.failures.server_error).toBeGreaterThan(0);
  });

  it('is reached again once it can be had', async () => {
    const h = await six('id');
    refuse(h, ({ token }) => token?.endsWith('s3') === true);
    for (let i = 0; i < 3; i++) await h.poll();
    refuse(h, () => false);
    expect(await h.poll()).toBeNull();
    expect(h.gauges().ok).toBe(6);
  });
});

describe('a place that failed', () => {
  /** Tokens of the sweep's pages after a poll that failed at the third page, so many times in a row. */
  async function tokensAfter(failures: number): Promise<readonly (string | null)[]> {
    const h = await six('newest');
    await h.poll({ kind: 'full' });
    refuse(h, ({ token, priority }) => priority === 'sweep' && token?.endsWith('s2') === true);
    for (let i = 0; i < failures; i++) expect(await h.poll({ kind: 'full' })).not.toBeNull();
    const tokens: (string | null)[] = [];
    h.api.beforePage = ({ token, priority }) => {
      if (priority === 'sweep') tokens.push(token?.split('/')[1] ?? null);
    };
    expect(await h.poll({ kind: 'full' })).toBeNull();
    return tokens;
  }

  it('once is where the sweep continues', async () => {
    expect(await tokensAfter(1)).toEqual(['s2']);
  });

  it('twice is given up, and the sweep begins anew', async () => {
    expect(await tokensAfter(2)).toEqual([null, 's4', 's2']);
  });
});

describe('the read back that ends a sweep', () => {
  it('alone starts again where its token expires', async () => {
    const h = await six('newest');
    await h.poll({ kind: 'full' });
    const asked: PageRequest['priority'][] = [];
    let expired = 0;
    h.api.beforePage = ({ token, priority }) => {
      asked.push(priority);
      if (priority === 'sweep' && token?.endsWith('s2') === true) {
        for (let i = 0; i < 4; i++) h.api.show('p', `s${i}`, h.clock.now() + i, run(50));
      }
      if (priority === 'head' && token !== null && asked.includes('sweep') && expired++ === 0) {
        throw new TokenExpiredError('the token has expired');
      }
    };
    expect(await h.poll({ kind: 'full' })).toBeNull();
    expect(expired).toBeGreaterThan(1);
    expect(asked.filter((priority) => priority === 'sweep')).toHaveLength(3);
    expect(h.view().totals.sweeps).toBe(2);
    expect(h.counters().runs).toBe(4);
  });
});

describe('a sweep that was killed while it ended', () => {
  it('is one sweep: what it did not see is deleted by the next one at the earliest', async () => {
    const h = await Harness.start((x) => {
      x.api.pageSize = 500;
      x.api.fake('p').order = 'id';
      for (let i = 0; i < 1600; i++) x.api.show('p', `s${i}`, START - DAY + i * SECOND, run(1));
    });
    await h.poll({ kind: 'full' });
    h.api.fake('p').sessions = [];
    const commit = h.store.commit.bind(h.store);
    await new Promise<void>((killed) => {
      h.store.commit = async (entries) => {
        await commit(entries);
        killed();
        await new Promise(() => {});
      };
      void h.poll({ kind: 'full' });
    });
    h.store.commit = commit;
    await h.restart();
    expect(await h.poll({ kind: 'full' })).toBeNull();
    expect(h.gauges().ok).toBe(1600);
    expect(await h.poll({ kind: 'full', after: 700 })).toBeNull();
    expect(h.gauges().ok).toBe(0);
  });
});
