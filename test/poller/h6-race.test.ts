/** What happens while a history is on its way (docs/accounting.md, H6). */
import { describe, expect, it, vi } from 'vitest';
import { ExporterError } from '../../src/domain/errors.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { FakeApi } from '../fakes/fake-api.ts';
import { run, sessionOf, stopsOf } from '../fakes/fake-history.ts';
import { EVERY_RUN, Harness, START } from './harness.ts';

/** Session `a` has run twice, and the list showed the second run; its history is due. */
async function due(change: (h: Harness) => void = () => {}): Promise<Harness> {
  const h = await Harness.start((x) => {
    x.rules = EVERY_RUN;
    x.api.ran('p', 'a', START - DAY, run(1));
    change(x);
  });
  await h.poll();
  h.api.ran('p', 'a', h.clock.now(), run(1), run(2), run(4));
  await h.poll();
  h.pass(60);
  return h;
}

/** Reads the history; `meanwhile` happens after the API has answered, before the answer arrives. */
async function during(h: Harness, meanwhile: () => Promise<unknown>, api = h.api): Promise<void> {
  const history = api.history.bind(api);
  api.history = async (request, signal) => {
    api.history = history;
    const answer = await history(request, signal);
    await meanwhile();
    return answer;
  };
  await h.round();
}

describe('H6: while a history is on its way', () => {
  it('a newer row makes it behind', async () => {
    const h = await due();
    await during(h, async () => {
      h.api.show('p', 'a', h.clock.now(), run(8));
      await h.poll({ after: 1 });
    });
    expect(h.counters()).toMatchObject({ runs: 2, inputTokens: 12 });
    expect(h.verification()).toMatchObject({ unverified: 1, histories: { behind: 1, verified: 0 } });
    h.api.tell('p', 'a', { stops: stopsOf([1, 2, 4, 8].map(run)), session: null });
    await h.verify();
    expect(h.counters()).toMatchObject({ runs: 3, inputTokens: 14 });
    expect(h.verification()).toMatchObject({ unverified: 0, unreconciled: 0 });
  });

  it('a page that shows the same settles it all the same', async () => {
    const h = await due();
    await during(h, () => h.poll({ after: 1 }));
    expect(h.counters()).toMatchObject({ runs: 2, inputTokens: 6 });
    expect(h.verification().unverified).toBe(0);
  });

  it('a history that is newer than the row is believed, and its run counted once', async () => {
    const h = await due();
    const later = h.clock.now();
    h.api.tell('p', 'a', { stops: stopsOf([1, 2, 4, 8].map(run)), session: sessionOf('a', later, run(8)) });
    await h.round();
    expect(h.counters()).toMatchObject({ runs: 3, inputTokens: 14 });
    h.api.show('p', 'a', later, run(8));
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 3, inputTokens: 14 });
    expect(h.verification()).toMatchObject({ unverified: 0, unreconciled: 0 });
  });

  it('a session that is deleted counts as unreconciled, and nothing is written', async () => {
    const h = await due();
    h.api.remove('p', 'a');
    await h.poll({ kind: 'full' });
    await during(h, () => h.poll({ kind: 'full', after: 700 }));
    expect(h.counters().runs).toBe(1);
    expect(h.verification()).toMatchObject({ unverified: 0, unreconciled: 1, histories: { verified: 0 } });
    expect((await h.row('a')).deletedAt).not.toBeNull();
  });

  it('a stop lets nothing of it in', async () => {
    const h = await due();
    const stop = new AbortController();
    h.api.tell('p', 'a', { fault: 'hang' });
    const round = h.round(stop.signal);
    await vi.waitUntil(() => h.api.inFlight > 0);
    stop.abort(new Error('stopped'));
    await expect(round).rejects.toThrow('stopped');
    expect(h.verification()).toMatchObject({ unverified: 1, histories: { failed: 0 } });
  });
});

describe('a project that is no longer ours', () => {
  it('is neither written nor shown once it has left', async () => {
    const h = await due((x) => x.api.addProject('other'));
    const made = h.recordCommits();
    const p = h.api.fake('p');
    h.api.projects.delete('p');
    await h.discover();
    h.api.projects.set('p', p);
    await during(h, async () => {
      h.api.projects.delete('p');
      await h.discover();
    });
    expect(h.api.historyRequests).toEqual(['a']);
    expect(h.views.has('p')).toBe(false);
    expect(made).toEqual([]);
    expect(h.logger.at('warn').map(({ message }) => message)).not.toContainEqual(expect.stringContaining('histories'));
  });

  it('is settled by its new account alone', async () => {
    const h = await due((x) => {
      x.sources = [new FakeApi(x.clock, 'first'), x.api];
    });
    const [first] = h.sources as [FakeApi];
    first.addProject('p');
    first.ran('p', 'a', START + 60 * SECOND, run(1), run(2), run(4));
    await during(h, () => h.discover());
    expect(h.view().project.account).toBe('first');
    expect(h.counters().runs).toBe(1);
    await h.round();
    expect(first.historyRequests).toEqual(['a']);
    expect(h.counters()).toMatchObject({ runs: 2, inputTokens: 6 });
    expect(h.verification()).toMatchObject({ unverified: 0, unreconciled: 0 });
  });
});

describe('a state that fails while a history arrives', () => {
  it('costs no run: the history is read again', async () => {
    const h = await due();
    const commit = h.store.commit.bind(h.store);
    h.store.commit = () => Promise.reject(new ExporterError('state', 'disk full', 'make room'));
    await h.round();
    h.store.commit = commit;
    expect(h.counters().runs).toBe(1);
    await h.verify(4);
    expect(h.api.historyRequests).toHaveLength(1);
    await h.verify(1);
    expect(h.counters()).toMatchObject({ runs: 2, inputTokens: 6 });
  });
});
