/** What a discovery means for the projects: malformed entries, selections that match nothing, accounts that are gone, returns. */
import { describe, expect, it } from 'vitest';
import { ExporterError } from '../../src/domain/errors.ts';
import { HOUR, SECOND } from '../../src/domain/time.ts';
import { FakeApi, figures } from '../fakes/fake-api.ts';
import { Harness, START } from './harness.ts';

const down = (): never => {
  throw new ExporterError('connection', 'no answer', 'wait');
};

describe('a malformed entry of a discovery', () => {
  it('leaves its project as it was', async () => {
    const h = await Harness.start((x) => x.api.addProject('q'));
    h.api.unreadable.add('p');
    for (let i = 0; i < 3; i++) expect(await h.discover()).toBeNull();
    expect([...h.views.keys()].toSorted()).toEqual(['p', 'q']);
    expect(h.poller.registry.ofAccount('default').map(({ absences }) => absences)).toEqual([0, 0]);
  });

  it('is no presence either', async () => {
    const h = await Harness.start((x) => x.api.addProject('q'));
    const p = h.api.fake('p');
    h.api.projects.delete('p');
    await h.discover();
    h.api.unreadable.add('p');
    await h.discover();
    expect(h.views.has('p')).toBe(true);
    h.api.unreadable.clear();
    await h.discover();
    expect([h.views.has('p'), p.project.id]).toEqual([false, 'p']);
  });
});

describe('a selection that matches nothing', () => {
  const unmatched = (): Promise<Harness> =>
    Harness.start((x) => {
      x.api.addProject('q');
      x.selects = () => false;
    });
  const words = 'No project of the account is selected';

  it('is logged once, and again after it matched', async () => {
    const h = await unmatched();
    await h.discover();
    const warnings = () => h.logger.at('error').filter(({ message }) => message === words);
    expect(warnings()).toEqual([
      expect.objectContaining({
        fields: expect.objectContaining({
          account: 'default',
          reason: expect.stringContaining('do not select any of the 2 projects'),
          fix: expect.stringContaining('"name of p", "name of q"'),
        }),
      }),
    ]);
    h.selects = () => true;
    await h.discover();
    h.selects = () => false;
    await h.discover();
    expect(warnings()).toHaveLength(2);
    h.pass(3600);
    await h.discover();
    expect(warnings()).toHaveLength(3);
  });

  it('is no failure of the discovery, but one of a single round', async () => {
    const h = await unmatched();
    expect(await h.discover()).toBeNull();
    const failures = await h.poller.round(
      async () => {},
      () => {},
    );
    expect(failures).toEqual([{ project: 'account default', error: expect.objectContaining({ code: 'config' }) }]);
  });

  it('says nothing of an account without projects', async () => {
    const h = await Harness.start((x) => x.api.projects.clear());
    expect([...h.logger.at('warn'), ...h.logger.at('error')]).toEqual([]);
  });
});

describe('300 projects at start', () => {
  it('make a dozen lines', async () => {
    const h = await Harness.start((x) => {
      for (let n = 0; n < 299; n++) x.api.addProject(`p${n}`);
    });
    await h.poller.round(
      async () => {},
      () => {},
    );
    const lines = h.logger.lines.filter(({ level }) => level !== 'debug');
    expect(lines.map(({ message }) => message)).toEqual([
      ...Array.from({ length: 10 }, () => 'Project discovered'),
      'More projects discovered',
    ]);
    expect(lines.at(-1)?.fields).toEqual({ projects: 290, account: 'default' });
  });
});

describe('an account that was renamed', () => {
  const renamed = async (change: (now: FakeApi) => void): Promise<{ h: Harness; now: FakeApi }> => {
    const h = await Harness.start((x) => x.api.show('p', 's', START - HOUR, figures()));
    await h.poll();
    h.api.show('p', 's', START + 30 * SECOND, figures({ turns: 5 }));
    await h.poll();
    const now = new FakeApi(h.clock, 'renamed');
    for (const [id, fake] of h.api.projects) now.projects.set(id, fake);
    change(now);
    h.sources = [now];
    await h.restart(await h.poller.stop());
    return { h, now };
  };

  it('while the API is down is shown from the state', async () => {
    const { h, now } = await renamed((api) => {
      api.beforeDiscovery = down;
    });
    await h.discover();
    expect(h.counters()).toMatchObject({ runs: 1 });
    expect(h.view()).toMatchObject({ totals: { sweeps: 2 }, activity: { h24: 1 } });
    expect(h.poller.registry.workers()).toEqual([]);
    now.beforeDiscovery = () => {};
    h.clock.advance(60);
    expect(await h.discover()).toBeNull();
    expect(h.view().project.account).toBe('renamed');
    expect(h.view().polls.polls.full.success).toBe(2);
    h.api.show('p', 's', h.clock.now(), figures({ turns: 7 }));
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 2 });
  });

  it('loses what its new name does not see', async () => {
    const { h } = await renamed((api) => {
      api.projects.clear();
      api.addProject('other');
    });
    expect([...h.views.keys()]).toEqual(['other']);
    expect((await h.store.restore()).projects.map(({ leftAt }) => leftAt)).toEqual([h.clock.now(), null]);
  });

  it('waits for every account that may have taken it over', async () => {
    const { h, now } = await renamed((api) => {
      api.projects.clear();
      api.addProject('other');
    });
    const second = new FakeApi(h.clock, 'second');
    second.addProject('third');
    second.beforeDiscovery = down;
    const gone = new FakeApi(h.clock, 'gone');
    gone.addProject('lost');
    h.sources = [now, gone];
    await h.restart(await h.poller.stop());
    expect(h.views.has('lost')).toBe(true);
    h.sources = [now, second];
    await h.restart(await h.poller.stop());
    await h.discover();
    expect(h.views.has('lost')).toBe(true);
    second.beforeDiscovery = () => {};
    await h.discover();
    expect([...h.views.keys()].toSorted()).toEqual(['other', 'third']);
  });

  it('withdraws what no account selects any more', async () => {
    const h = await Harness.start();
    h.sources = [new FakeApi(h.clock, 'renamed')];
    h.selects = ({ id }) => id !== 'p';
    for (const source of h.sources) source.beforeDiscovery = down;
    await h.restart(await h.poller.stop());
    expect(h.views.has('p')).toBe(false);
  });
});

describe('a project that returns', () => {
  it('continues the statistics that it had when it left', async () => {
    const h = await Harness.start((x) => x.api.addProject('q'));
    await h.poll({ id: 'q' });
    await h.restart(await h.poller.stop());
    await h.poll({ id: 'q' });
    await h.poll({ id: 'q' });
    const q = await h.leave('q');
    expect(h.views.has('q')).toBe(false);
    h.api.projects.set('q', q);
    await h.discover();
    expect(h.view('q').polls).toMatchObject({ up: null, polls: { full: { success: 3 } } });
    await h.poll({ id: 'q' });
    expect(h.view('q').polls).toMatchObject({ up: true, polls: { full: { success: 4 } } });
  });

  it('continues them over a reload in between', async () => {
    const h = await Harness.start((x) => x.api.addProject('q'));
    await h.poll({ id: 'q' });
    const q = await h.leave('q');
    await h.restart(await h.poller.stop());
    h.api.projects.set('q', q);
    await h.discover();
    expect(h.view('q').polls.polls.full.success).toBe(1);
  });
});
