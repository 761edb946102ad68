/** Rows and the sums they move are committed together, and only then shown (docs/accounting.md, P4). */
import { describe, expect, it } from 'vitest';
import { ExporterError } from '../../src/domain/errors.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { figures } from '../fakes/fake-api.ts';
import { Harness, START } from './harness.ts';

const T = START + 100 * SECOND;

describe('P4: one transaction', () => {
  it('publishes nothing that failed to commit', async () => {
    const h = await Harness.start((x) => x.api.show('p', 'a', START - DAY, figures()));
    await h.poll();
    const commit = h.store.commit.bind(h.store);
    h.store.commit = () => Promise.reject(new ExporterError('state', 'disk full', 'make room'));
    h.api.show('p', 'b', T, figures());
    const error = await h.poll({ after: 120 });
    expect(error?.code).toBe('state');
    expect(h.counters().runs).toBe(0);
    expect(h.gauges().ok).toBe(1);
    expect(h.view().polls).toMatchObject({ up: false, failures: { state: 1 } });
    h.store.commit = commit;
    await h.poll();
    expect(h.counters().runs).toBe(1);
    expect(h.gauges().ok).toBe(2);
  });

  it('commits rows with the totals they move', async () => {
    const h = await Harness.start((x) => x.api.show('p', 'a', START - DAY, figures()));
    const commits = h.recordCommits();
    await h.poll();
    h.api.show('p', 'b', T, figures());
    await h.poll({ after: 120 });
    const counting = commits.filter((c) => c.totals.counters.runs === 1);
    expect(counting[0]?.changes.map((c) => c.row.id)).toEqual(['b']);
  });

  it('restores the same figures after a restart', async () => {
    const h = await Harness.start((x) => x.api.show('p', 'a', START - DAY, figures()));
    await h.poll();
    h.api.show('p', 'a', T, figures({ isError: true, errorHash: 'h' }), 'too many requests');
    await h.poll({ after: 120 });
    await h.poller.stop();
    const before = h.view();
    h.views.clear();
    const requests = h.api.requests;
    await h.restart();
    expect(h.view().totals).toEqual(before.totals);
    expect(h.view().activity).toEqual(before.activity);
    expect(h.api.requests).toBe(requests);
    await h.poll();
    expect(h.view().totals.counters).toEqual(before.totals.counters);
  });

  it('writes no row in an unchanged sweep', async () => {
    const h = await Harness.start((x) => {
      for (let i = 0; i < 7; i++) x.api.show('p', `s${i}`, START - DAY + i, figures());
    });
    await h.poll();
    const commits = h.recordCommits();
    await h.poll({ kind: 'full' });
    expect(commits.flatMap((c) => c.changes)).toEqual([]);
  });
});
