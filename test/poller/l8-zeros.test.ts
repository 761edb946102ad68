/** Counters start at 0, gauges are absent until they are known (docs/accounting.md, L8). */
import { describe, expect, it } from 'vitest';
import { classNames } from '../../src/domain/rules.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { figures } from '../fakes/fake-api.ts';
import { Harness, RULES, START } from './harness.ts';

describe('L8: zeros, and what is absent', () => {
  it('publishes zeros at discovery, gauges later', async () => {
    const h = await Harness.start((x) => x.api.show('p', 'a', START - DAY, figures()));
    expect(h.counters()).toMatchObject({ runs: 0, turns: 0, costNanoUsd: 0 });
    expect(h.counters().errors).toEqual(Object.fromEntries(classNames(RULES).map((name) => [name, 0])));
    expect(h.view()).toMatchObject({ activity: null, totals: { sweeps: 0 } });
    await h.poll();
    expect(h.view()).toMatchObject({ activity: { m5: 0, h1: 0, h24: 0 }, totals: { sweeps: 1 } });
  });

  it('polls the first projects at once', async () => {
    const h = await Harness.start();
    expect(h.delays.get('p')).toBe(0);
  });

  it('polls a late project one interval after its zeros', async () => {
    const h = await Harness.start();
    h.clock.advance(600);
    h.api.addProject('late');
    await h.discover();
    expect(h.counters('late').runs).toBe(0);
    expect(h.delays.get('late')).toBe(60_000);
  });

  it('keeps that interval through a reload', async () => {
    const h = await Harness.start();
    await h.poll({ kind: 'full' });
    h.api.addProject('late');
    const signal = new AbortController().signal;
    h.clock.advance(600);
    await h.poller.discoverers[0]?.discover(signal, (worker, delay) => worker.start(delay));
    h.api.show('late', 's', h.clock.now(), figures());
    await h.restart(await h.poller.stop());
    h.worker('late').start(0);
    const turns = async (): Promise<void> => {
      for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    };
    await turns();
    h.clock.advance(59);
    await turns();
    expect(h.counters('late').runs).toBe(0);
    h.clock.advance(1);
    await turns();
    expect(h.counters('late').runs).toBe(1);
    await h.poller.stop();
  });

  it('withdraws a project after two discoveries', async () => {
    const h = await Harness.start((x) => x.api.addProject('q'));
    const gone = h.api.fake('q');
    h.api.projects.delete('q');
    await h.discover();
    expect(h.views.has('q')).toBe(true);
    await h.discover();
    expect(h.views.has('q')).toBe(false);
    h.api.projects.set('q', gone);
    await h.discover();
    expect(h.views.has('q')).toBe(true);
  });

  it('resumes totals and epoch on return', async () => {
    const h = await Harness.start((x) => x.api.addProject('q'));
    await h.poll({ id: 'q' });
    h.api.show('q', 'a', START + 90 * SECOND, figures({ inputTokens: 3 }));
    await h.poll({ id: 'q' });
    const gone = await h.leave('q');
    gone.sessions.push({
      id: 'b',
      updatedAt: START + 200 * SECOND,
      run: { figures: figures({ inputTokens: 4 }), errorText: null },
      indexIds: [],
    });
    h.api.projects.set('q', gone);
    h.clock.advance(600);
    await h.discover();
    expect(h.counters('q')).toMatchObject({ runs: 1, inputTokens: 3 });
    await h.poll({ id: 'q' });
    expect(h.counters('q')).toMatchObject({ runs: 2, inputTokens: 7 });
  });

  it('takes an empty discovery for a failure', async () => {
    const h = await Harness.start();
    h.api.projects.clear();
    expect((await h.discover())?.code).toBe('malformed');
    await h.discover();
    expect(h.views.has('p')).toBe(true);
  });

  it('withdraws at once what a reload deselects', async () => {
    const h = await Harness.start((x) => x.api.addProject('q'));
    h.selects = ({ id }) => id !== 'q';
    await h.restart(await h.poller.stop());
    expect(h.views.has('q')).toBe(false);
    expect(h.views.has('p')).toBe(true);
  });

  it('follows a new name', async () => {
    const h = await Harness.start();
    const fake = h.api.fake('p');
    fake.project = { ...fake.project, name: 'renamed' };
    await h.discover();
    expect(h.view().project.name).toBe('renamed');
  });
});
