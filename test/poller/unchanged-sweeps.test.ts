/** A sweep that finds nothing changed costs no commit, and what it leaves for later may be lost without harm. */
import { expect, it, vi } from 'vitest';
import { figures } from '../fakes/fake-api.ts';
import { Harness } from './harness.ts';

/** The session ran just now. */
function ran(h: Harness, id: string, inputTokens: number): void {
  h.api.ran('p', id, h.api.serverTime(), figures({ inputTokens }));
}

/** A project of four sessions whose whole list has been read twice. */
async function known(change: (h: Harness) => void = () => {}): Promise<Harness> {
  const h = await Harness.start((x) => {
    for (let n = 0; n < 4; n += 1) ran(x, `s${n}`, 100);
    change(x);
  });
  for (let sweep = 0; sweep < 2; sweep += 1) await h.poll({ kind: 'full' });
  return h;
}

it('commits nothing once all sessions are known', async () => {
  const h = await known();
  const commit = vi.spyOn(h.store, 'commit');
  for (let sweep = 0; sweep < 3; sweep += 1) expect(await h.poll({ kind: 'full' })).toBeNull();
  expect(commit).not.toHaveBeenCalled();
  expect(h.view().polls.lastFullSweep).toBe(h.worker().ctx.state.cursors.lastFullSweep);
});

it('counts the same runs where a process ends before the next commit', async () => {
  const h = await known();
  for (let sweep = 0; sweep < 3; sweep += 1) await h.poll({ kind: 'full' });
  await h.restart();
  h.pass(60);
  ran(h, 's1', 7);
  const before = h.counters().inputTokens;
  await h.poll({ kind: 'full' });
  expect(h.counters().inputTokens - before).toBe(7);
});

it('still deletes a session after two sweeps that do not show it, with unchanged ones before', async () => {
  const h = await known();
  await h.poll({ kind: 'full' });
  h.api.remove('p', 's2');
  await h.poll({ kind: 'full', after: 1_000 });
  expect(h.gauges()).toMatchObject({ ok: 4 });
  await h.poll({ kind: 'full', after: 1_000 });
  expect(h.gauges()).toMatchObject({ ok: 3 });
});

it('tries the state at each sweep while it fails', async () => {
  const h = await known();
  const commit = vi.spyOn(h.store, 'commit').mockRejectedValue(new Error('disk full'));
  ran(h, 's1', 7);
  expect(await h.poll({ kind: 'full' })).not.toBeNull();
  h.api.remove('p', 's1');
  const tries = commit.mock.calls.length;
  expect(await h.poll({ kind: 'full' })).not.toBeNull();
  expect(commit.mock.calls.length).toBeGreaterThan(tries);
});

it('follows a stale read that two runs of `once`, or processes that ended soon, have seen', async () => {
  const h = await known();
  for (let sweep = 0; sweep < 2; sweep += 1) await h.poll({ kind: 'full' });
  h.api.ran('p', 's1', h.api.serverTime() - 600e6, figures({ inputTokens: 100, isError: true }));
  await h.poll({ kind: 'full' });
  expect(h.gauges()).toMatchObject({ ok: 4 });
  await h.restart();
  await h.poll({ kind: 'full' });
  await h.restart();
  expect(h.gauges()).toMatchObject({ ok: 3, error: 1 });
});
