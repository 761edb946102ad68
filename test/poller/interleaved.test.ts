/** Head polls within a sweep. */
import { describe, expect, it } from 'vitest';
import { ExporterError } from '../../src/domain/errors.ts';
import { DAY, HOUR, SECOND } from '../../src/domain/time.ts';
import { figures } from '../fakes/fake-api.ts';
import { Harness, START } from './harness.ts';

/** Six sessions on three pages, newest first, swept once: heads are polled from now on. */
async function swept(): Promise<Harness> {
  const h = await Harness.start((x) => {
    for (let i = 0; i < 6; i++) x.api.show('p', `s${i}`, START - DAY + i * SECOND, figures());
  });
  await h.poll({ kind: 'full' });
  expect(h.view().polls.headPolling).toBe(true);
  return h;
}

describe('what meets within a sweep', () => {
  it('a failed head poll leaves the sweep alone', async () => {
    const h = await swept();
    let failed = 0;
    h.api.beforePage = ({ priority, token }) => {
      if (priority !== 'head' || token !== null || failed > 0) return;
      failed += 1;
      throw new ExporterError('pagination', 'a token came twice', 'none');
    };
    expect(await h.poll({ kind: 'full' })).toBeNull();
    expect(failed).toBe(1);
    const { polls } = h.view().polls;
    expect(polls.head.failure).toBe(1);
    expect(polls.full).toMatchObject({ success: 2, failure: 0 });
    expect(h.view().totals.sweeps).toBe(2);
  });

  it('counts a poll once whose publication fails', async () => {
    const h = await swept();
    const { store } = h;
    const activity = store.activity.bind(store);
    store.activity = () => Promise.reject(new ExporterError('state', 'cannot be read', 'none'));
    await h.poll({ kind: 'full' });
    store.activity = activity;
    await h.poll({ kind: 'full' });
    expect(h.view().polls.polls.full).toMatchObject({ success: 3, failure: 0 });
  });

  it('reads heads again after a server clock was set back', async () => {
    const h = await swept();
    h.api.skew = HOUR;
    await h.poll({ kind: 'head' });
    h.api.skew = 0;
    await h.poll({ kind: 'head' });
    for (let i = 0; i < 4; i++) h.api.show('p', `s${i}`, h.clock.now() + (i + 1) * SECOND, figures({ turns: 7 }));
    await h.poll({ kind: 'head' });
    expect(h.counters().runs).toBe(4);
  });
});
