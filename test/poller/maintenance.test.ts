/** The state is purged and saved beside running polls. */
import { describe, expect, it } from 'vitest';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { keepUp } from '../../src/poller/maintenance/maintenance.ts';
import { figures } from '../fakes/fake-api.ts';
import { Harness, nextTurn, START } from './harness.ts';

/** Turns of the event loop until `work` is done. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  const ended = { is: false };
  const watched = work.finally(() => Object.assign(ended, { is: true }));
  for (let turns = 0; ; turns++) {
    await nextTurn();
    if (!ended.is) continue;
    await watched;
    return turns;
  }
}

describe('maintenance', () => {
  it('purges tombstones beside an open ledger', async () => {
    const h = await Harness.start((x) => {
      for (let i = 0; i < 6; i++) x.api.show('p', `s${i}`, START - DAY + i * SECOND, figures());
      x.api.fake('p').order = 'id';
    });
    await h.poll({ kind: 'full' });
    h.api.remove('p', 's5');
    await h.poll({ kind: 'full' });
    await h.poll({ kind: 'full', after: 700 });
    expect(h.view().totals.tombstones).toBe(1);
    h.clock.advance((31 * DAY) / SECOND);
    for (let i = 0; i < 5; i++) h.api.show('p', `s${i}`, h.clock.now(), figures({ turns: 9 }));
    const rows = h.store.rows.bind(h.store);
    const stop = new AbortController();
    h.store.rows = async (...given) => {
      h.store.rows = rows;
      const found = await rows(...given);
      const times = { serverTime: () => h.clock.now(), discovers: () => true };
      void keepUp(h.poller.registry, h.worker().ctx.deps, times, stop.signal).catch(() => {});
      for (let i = 0; i < 5; i++) await nextTurn();
      return found;
    };
    expect(await h.poll({ kind: 'full' })).toBeNull();
    stop.abort(new Error('stopped'));
    expect(h.counters().runs).toBe(5);
    expect((await h.store.size()).deleted).toBe(0);
    expect(h.view().totals.tombstones).toBe(0);
  });

  it('saves the cursors of many projects in steps, and loses none', async () => {
    const h = await Harness.start((x) => {
      for (let i = 1; i < 250; i++) x.api.addProject(`p${i}`);
    });
    const poll = (kind: 'full' | 'head') => Promise.all(h.poller.registry.workers().map((worker) => worker.poll(kind)));
    await poll('full');
    h.clock.advance(60);
    await poll('head');
    const steps: number[] = [];
    const save = h.store.saveProgress.bind(h.store);
    h.store.saveProgress = async (progress) => {
      steps.push(progress.size);
      await save(progress);
    };
    expect(await turnsDuring(h.poller.stop())).toBeGreaterThanOrEqual(2);
    expect(steps).toEqual([100, 100, 50]);
    const { projects } = await h.store.restore();
    expect(new Set(projects.map(({ cursors }) => cursors.lastSuccess))).toEqual(new Set([h.clock.now()]));
  });

  it('takes many projects in without holding the event loop', async () => {
    const h = await Harness.start();
    for (let i = 1; i < 450; i++) h.api.addProject(`p${i}`);
    const found = h.discover();
    expect(await turnsDuring(found)).toBeGreaterThanOrEqual(4);
    expect(h.poller.registry.workers()).toHaveLength(450);
  });
});
