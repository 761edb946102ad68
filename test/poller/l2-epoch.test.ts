/** Runs from before the epoch are recorded and never counted (docs/accounting.md, L2). */
import { describe, expect, it } from 'vitest';
import { DAY, MINUTE, SECOND } from '../../src/domain/time.ts';
import { figures } from '../fakes/fake-api.ts';
import { purgeAll } from '../support/purge.ts';
import { Harness, START } from './harness.ts';

describe('L2: epoch and baseline', () => {
  it('moves no counter by older runs', async () => {
    const h = await Harness.start((x) => x.api.show('p', 'old', START - SECOND, figures()));
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 0, inputTokens: 0, costNanoUsd: 0 });
    expect(h.gauges()).toMatchObject({ ok: 1, inputTokens: 100 });
  });

  it('counts a run exactly at the epoch', async () => {
    const h = await Harness.start((x) => x.api.show('p', 'now', START, figures()));
    await h.poll();
    expect(h.counters().runs).toBe(1);
  });

  it('measures by server time, ten minutes ahead', async () => {
    const h = await Harness.start((x) => {
      x.api.skew = 10 * MINUTE;
      x.api.show('p', 'before', START + 9 * MINUTE, figures());
      x.api.show('p', 'after', START + 11 * MINUTE, figures());
    });
    await h.poll();
    expect(h.counters().runs).toBe(1);
  });

  it('starts a young project at the discovery before', async () => {
    const h = await Harness.start();
    h.clock.advance(600);
    h.api.addProject('young', { createdAt: START + 5 * MINUTE });
    h.api.show('young', 'a', START + 6 * MINUTE, figures());
    await h.discover();
    expect(h.counters('young').runs).toBe(0);
    await h.poll({ id: 'young' });
    expect(h.counters('young').runs).toBe(1);
  });

  it('starts an old project when first seen', async () => {
    const h = await Harness.start();
    h.clock.advance(600);
    h.api.addProject('shared', { createdAt: START - DAY });
    h.api.show('shared', 'a', START + 6 * MINUTE, figures());
    await h.discover();
    await h.poll({ id: 'shared' });
    expect(h.counters('shared').runs).toBe(0);
  });

  it('takes a run older than the tombstones as baseline', async () => {
    const h = await Harness.start();
    await h.poll();
    h.clock.advance(40 * 86400);
    h.api.show('p', 'restored', START + 5 * DAY, figures());
    await h.poll();
    expect(h.counters().runs).toBe(0);
    expect(h.gauges().ok).toBe(1);
  });

  it('begins anew where the state has forgotten', async () => {
    const h = await Harness.start((x) => x.api.addProject('other'));
    await h.poll({ kind: 'full' });
    const back = await h.leave('p');
    h.clock.advance((40 * DAY) / SECOND);
    await purgeAll(h.store, h.clock.now() - 30 * DAY, h.clock.now());
    h.api.projects.set('p', back);
    h.api.show('p', 's', h.clock.now() - DAY, figures());
    await h.discover();
    await h.poll({ kind: 'full' });
    expect(h.counters().runs).toBe(0);
  });
});
