/** What a stop commits, and what it leaves to the next process. */
import { describe, expect, it } from 'vitest';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { figures } from '../fakes/fake-api.ts';
import { Harness, START } from './harness.ts';

describe('a stop', () => {
  it('cuts the end of a sweep short', async () => {
    const h = await Harness.start((x) => {
      x.api.pageSize = 500;
      x.api.fake('p').order = 'id';
      for (let i = 0; i < 1600; i++) x.api.show('p', `s${i}`, START - DAY + i * SECOND, figures());
    });
    await h.poll({ kind: 'full' });
    h.api.fake('p').sessions = [];
    const rowsByNumber = h.store.rowsByNumber.bind(h.store);
    let slices = 0;
    h.store.rowsByNumber = (...given) => {
      slices += 1;
      if (slices === 1) void h.worker().stop();
      return rowsByNumber(...given);
    };
    await expect(h.poll({ kind: 'full' })).rejects.toThrow('stopped');
    expect(slices).toBe(1);
    h.store.rowsByNumber = rowsByNumber;
    await h.poller.stop();
    await h.restart();
    expect(await h.poll({ kind: 'full' })).toBeNull();
    expect(h.gauges().ok).toBe(1600);
    expect(await h.poll({ kind: 'full', after: 700 })).toBeNull();
    expect(h.gauges().ok).toBe(0);
  });

  it('commits the pages that were read', async () => {
    const h = await Harness.start((x) => {
      x.api.fake('p').order = 'id';
      for (let i = 0; i < 8; i++) x.api.show('p', `s${i}`, START - DAY + i * SECOND, figures());
    });
    const page = h.api.page.bind(h.api);
    h.api.page = async (request, signal) => {
      if (h.api.requests < 3) return await page(request, signal);
      await h.worker().stop();
      throw signal.reason;
    };
    await expect(h.poll({ kind: 'full' })).rejects.toThrow('stopped');
    expect((await h.store.size()).live).toBe(6);
  });
});
