/** A project has one worker, whichever account polls it. */
import { describe, expect, it } from 'vitest';
import { ExporterError } from '../../src/domain/errors.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { FakeApi, figures } from '../fakes/fake-api.ts';
import { Harness, nextTurn, START } from './harness.ts';

describe('one project, one worker', () => {
  it('hands over what was committed last', async () => {
    const h = await Harness.start((x) => {
      for (let i = 0; i < 4; i++) x.api.show('p', `s${i}`, START - DAY + i * SECOND, figures());
      x.sources = [new FakeApi(x.clock, 'first'), x.api];
    });
    await h.poll({ kind: 'full' });
    h.api.show('p', 'new', START + 90 * SECOND, figures());
    const page = h.api.page.bind(h.api);
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    h.api.page = async (request, signal) => {
      const answer = await page(request, signal);
      await held;
      return answer;
    };
    h.clock.advance(100);
    h.worker().start(0);
    await nextTurn();
    const [first] = h.sources as [FakeApi];
    first.addProject('p');
    first.fake('p').sessions = h.api.fake('p').sessions;
    const taking = h.discover();
    await nextTurn();
    release();
    expect(await taking).toBeNull();
    expect(h.view().project.account).toBe('first');
    expect(h.counters().runs).toBe(1);
    first.show('p', 'newer', START + 130 * SECOND, figures());
    expect(await h.poll({ kind: 'full' })).toBeNull();
    expect(h.counters().runs).toBe(2);
  });

  it('starts no worker after the stop', async () => {
    const h = await Harness.start();
    h.api.addProject('late');
    const admit = h.store.admit.bind(h.store);
    h.store.admit = async (...given) => {
      const stored = await admit(...given);
      void h.poller.stop();
      return stored;
    };
    const signal = new AbortController().signal;
    await h.poller.discoverers[0]?.discover(signal, (worker, delay) => worker.start(delay));
    h.clock.advance(600);
    await nextTurn();
    expect(h.api.requests).toBe(0);
  });

  it('polls a project whose return failed first', async () => {
    const h = await Harness.start((x) => x.api.addProject('other'));
    await h.poll({ kind: 'full' });
    const back = await h.leave('p');
    h.delays.clear();
    h.api.projects.set('p', back);
    const activity = h.store.activity.bind(h.store);
    h.store.activity = () => Promise.reject(new ExporterError('state', 'cannot be read', 'none'));
    expect((await h.discover())?.code).toBe('state');
    h.store.activity = activity;
    expect(await h.discover()).toBeNull();
    expect(h.delays.has('p')).toBe(true);
  });

  it('has one worker where two accounts discover at once', async () => {
    const h = await Harness.start((x) => {
      x.api.show('p', 's', START - DAY, figures());
      const first = new FakeApi(x.clock, 'first');
      for (const id of ['p', 'q', 'r']) first.projects.set(id, id === 'p' ? x.api.fake('p') : x.api.addProject(id));
      x.sources = [first, x.api];
    });
    expect(h.logger.lines.filter((line) => line.message === 'Project discovered')).toHaveLength(3);
    expect(h.worker().ctx.state.project.account).toBe('first');
    await h.poll({ kind: 'full' });
    await h.discover();
    expect(h.worker().ctx.state.project.account).toBe('first');
    expect(h.logger.lines.filter((line) => line.message.startsWith('Two accounts see'))).toHaveLength(1);
  });

  it('shows zeros for an interval through a change of account', async () => {
    const h = await Harness.start((x) => {
      x.sources = [new FakeApi(x.clock, 'first'), x.api];
    });
    const [first] = h.sources as [FakeApi];
    first.addProject('own');
    h.clock.advance(600);
    h.api.addProject('q');
    await h.discover();
    expect(h.delays.get('q')).toBe(60_000);
    h.worker('q').start(60_000);
    h.clock.advance(20);
    first.projects.set('q', h.api.fake('q'));
    await h.discover();
    expect(h.worker('q').ctx.state.project.account).toBe('first');
    expect(h.delays.get('q')).toBe(40_000);
  });
});
