/** When a session that is no longer shown is deleted, and what its return means (docs/accounting.md, L7). */
import { describe, expect, it } from 'vitest';
import type { Session } from '../../src/domain/session.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { figures, refusal, run } from '../fakes/fake-history.ts';
import { EVERY_RUN, Harness, START } from './harness.ts';

/** Sessions s0 to s4, the oldest first, all older than the start. */
async function five(change: (h: Harness) => void = () => {}): Promise<Harness> {
  const h = await Harness.start((x) => {
    for (let i = 0; i < 5; i++) x.api.show('p', `s${i}`, START - DAY + i * SECOND, figures({ inputTokens: 10 ** i }));
    change(x);
  });
  await h.poll({ kind: 'full' });
  return h;
}

describe('L7: seen and deleted', () => {
  it('deletes after two sweeps ten minutes apart', async () => {
    const h = await five();
    h.api.remove('p', 's2');
    await h.poll({ kind: 'full' });
    await h.poll({ kind: 'full', after: 500 });
    expect(h.gauges().ok).toBe(5);
    await h.poll({ kind: 'full', after: 100 });
    expect(h.gauges()).toMatchObject({ ok: 4, inputTokens: 11011 });
    expect(h.view().totals.tombstones).toBe(1);
  });

  it('keeps all when the list is empty for two minutes', async () => {
    const h = await five();
    const { sessions } = h.api.fake('p');
    h.api.fake('p').sessions = [];
    for (let i = 0; i < 3; i++) await h.poll({ kind: 'full', after: 40 });
    h.api.fake('p').sessions = sessions;
    await h.poll({ kind: 'full' });
    await h.poll({ kind: 'full', after: 700 });
    expect(h.gauges().ok).toBe(5);
    expect(h.counters().runs).toBe(0);
  });

  it('counts no run when a tombstone comes back', async () => {
    const h = await five();
    const session = h.api.fake('p').sessions.find((s) => s.id === 's2');
    h.api.remove('p', 's2');
    await h.poll({ kind: 'full' });
    await h.poll({ kind: 'full', after: 700 });
    expect(h.gauges().ok).toBe(4);
    h.api.fake('p').sessions.push(session as Session);
    await h.poll({ kind: 'full' });
    expect(h.gauges()).toMatchObject({ ok: 5, inputTokens: 11111 });
    expect(h.counters().runs).toBe(0);
    expect(h.view().totals.tombstones).toBe(0);
  });

  it('counts a run made while it was gone', async () => {
    const h = await five();
    h.api.remove('p', 's2');
    await h.poll({ kind: 'full' });
    await h.poll({ kind: 'full', after: 700 });
    h.api.show('p', 's2', START + 500 * SECOND, figures({ inputTokens: 7 }));
    await h.poll({ kind: 'full' });
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 7 });
  });

  it('takes a malformed item with an id as seen', async () => {
    const h = await five();
    h.api.remove('p', 's2');
    h.api.fake('p').invalid = [{ reason: 'job_metadata', id: 's2' }];
    for (const after of [60, 700, 700]) await h.poll({ kind: 'full', after });
    expect(h.gauges().ok).toBe(5);
  });

  it('deletes nothing after dropping an item without id', async () => {
    const h = await five();
    h.api.remove('p', 's2');
    h.api.fake('p').invalid = [{ reason: 'session_id', id: null }];
    for (const after of [60, 700, 700]) await h.poll({ kind: 'full', after });
    expect(h.gauges().ok).toBe(5);
    expect(h.view().polls.invalid.session_id).toBeGreaterThanOrEqual(3);
  });

  it('deletes although an item without id never goes away', async () => {
    const h = await five();
    h.api.remove('p', 's2');
    h.api.fake('p').invalid = [{ reason: 'session_id', id: null }];
    const deleted: number[] = [];
    for (let sweep = 1; sweep <= 4; sweep++) {
      await h.poll({ kind: 'full', after: 700 });
      if (h.gauges().ok === 4) deleted.push(sweep);
    }
    expect(deleted).toEqual([4]);
    expect(h.view().totals.tombstones).toBe(1);
  });

  it('counts sweeps without id in a row only', async () => {
    const h = await five();
    h.api.remove('p', 's2');
    for (let sweep = 1; sweep <= 6; sweep++) {
      h.api.fake('p').invalid = sweep % 3 === 0 ? [] : [{ reason: 'session_id', id: null }];
      await h.poll({ kind: 'full', after: 700 });
      expect(h.gauges().ok).toBe(sweep === 6 ? 4 : 5);
    }
  });

  it('takes a stale read as seen', async () => {
    const h = await five();
    h.api.show('p', 's2', START - 2 * DAY, figures({ inputTokens: 1 }));
    for (const after of [60, 700, 700]) await h.poll({ kind: 'full', after });
    expect(h.gauges().ok).toBe(5);
  });

  it('finds the next longest after a deletion', async () => {
    const h = await five((x) => x.api.show('p', 'slow', START - DAY, figures({ durationMs: 90_000 })));
    expect(h.gauges().longest).toMatchObject({ value: 90 * SECOND });
    h.api.remove('p', 'slow');
    await h.poll({ kind: 'full' });
    await h.poll({ kind: 'full', after: 700 });
    expect(h.gauges().longest).toMatchObject({ value: 1.5 * SECOND });
  });

  it('leaves counters alone when sessions go', async () => {
    const h = await five();
    h.api.show('p', 's2', START + 30 * SECOND, figures({ inputTokens: 5 }));
    await h.poll({ kind: 'full' });
    const before = h.counters();
    h.api.remove('p', 's2');
    await h.poll({ kind: 'full' });
    await h.poll({ kind: 'full', after: 700 });
    expect(h.counters()).toEqual(before);
  });
});

describe('L7: a session that was deleted before its history was read', () => {
  it('counts as unreconciled, and is settled whole when it returns', async () => {
    const h = await Harness.start((x) => {
      x.rules = EVERY_RUN;
      x.api.ran('p', 's', START - DAY, run(1));
    });
    await h.poll({ kind: 'full' });
    h.api.ran('p', 's', h.clock.now(), run(1), run(2), run(4));
    h.api.tell('p', 's', { fault: refusal('timeout') });
    await h.poll({ kind: 'full' });
    h.api.remove('p', 's');
    for (let i = 0; i < 2; i++) await h.poll({ kind: 'full', after: 700 });
    expect(h.verification()).toMatchObject({ unverified: 0, unreconciled: 1, givenUp: 0 });
    await h.verify();
    expect(h.api.historyRequests).toEqual([]);
    h.api.ran('p', 's', h.clock.now(), run(1), run(2), run(4), run(8));
    h.api.tell('p', 's', { fault: null });
    await h.poll({ kind: 'full' });
    await h.verify();
    expect(h.counters()).toMatchObject({ runs: 3, inputTokens: 14 });
    expect(h.verification()).toMatchObject({ unverified: 0, unreconciled: 1, givenUp: 0 });
  });
});
