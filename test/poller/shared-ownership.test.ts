/** Beside other processes: each claimed project gets its worker, and statistics are those of the state, whoever wrote them. */
import { describe, expect, it } from 'vitest';
import { ExporterError } from '../../src/domain/errors.ts';
import { SharedHarness } from './shared-harness.ts';

const unreadable = (): Promise<never> => Promise.reject(new ExporterError('state', 'cannot be read', 'none'));

/** A process that discovers, how it does that, and what its API answers. */
async function discovering() {
  const s = await SharedHarness.start(['p']);
  await s.replicas.turn({ discovers: true });
  const [discoverer] = s.poller.discoverers;
  return { s, discoverer, discover: s.h.api.discover.bind(s.h.api) };
}

describe('discovery that keeps failing here', () => {
  it('is left to another process after three failures, and again after twice as many', async () => {
    const { s, discoverer, discover } = await discovering();
    const yields: number[] = [];
    const fail = async (code: 'unauthorized' | 'server_error'): Promise<void> => {
      s.h.api.discover = () => Promise.reject(new ExporterError(code, 'no', 'none'));
      await discoverer?.discover(new AbortController().signal, () => {});
      yields.push(s.replicas.yields);
    };
    for (let n = 0; n < 7; n++) await fail('unauthorized');
    expect(yields).toEqual([0, 0, 1, 1, 1, 2, 2]);
    s.h.api.discover = discover;
    await discoverer?.discover(new AbortController().signal, () => {});
    for (let n = 0; n < 4; n++) await fail('server_error');
    await fail('unauthorized');
    expect(yields.at(-1)).toBe(2);
    await s.poller.stop();
  });
});

describe('a discovery', () => {
  it('counts for nothing once another process may have discovered', async () => {
    const { s, discoverer, discover } = await discovering();
    s.h.api.addProject('late');
    s.h.api.discover = async () => {
      const found = await discover();
      await s.replicas.turn({ discovers: false });
      await s.replicas.turn({ discovers: true });
      return found;
    };
    expect(await discoverer?.discover(new AbortController().signal, () => {})).toMatchObject({ error: null });
    expect(await s.keys()).toHaveLength(1);
    s.h.api.discover = discover;
    await discoverer?.discover(new AbortController().signal, () => {});
    expect(await s.keys()).toHaveLength(2);
    await s.poller.stop();
  });
});

describe('projects that are claimed', () => {
  it('keeps the others when one cannot be read', async () => {
    const s = await SharedHarness.start(['p', 'q', 'r']);
    const wanted = await s.keys();
    const join = s.poller.registry.join.bind(s.poller.registry);
    s.poller.registry.join = (stored, plan) => (stored.project.id === 'q' ? unreadable() : join(stored, plan));
    await s.replicas.turn({ wanted });
    s.poller.registry.join = join;
    expect(s.polled()).toEqual(['p', 'r']);
    expect(s.replicas.released).toEqual([wanted[1]]);
    await s.replicas.turn({ wanted: s.replicas.released.map(Number) });
    expect(s.polled()).toEqual(['p', 'r', 'q']);
    await s.poller.stop();
  });

  it('continues from what another process has polled since', async () => {
    const s = await SharedHarness.start(['p']);
    const [key] = (await s.keys()) as [number];
    await s.replicas.turn({ wanted: [key] });
    await s.replicas.turn({ surplus: [key] });
    expect(s.replicas.released).toEqual([key]);
    await s.polledElsewhere(50);
    await s.replicas.turn({ wanted: [key] });
    expect(s.h.view('p').polls.polls.head.success).toBe(50);
    await s.poller.stop();
  });

  it('gives back though progress cannot be saved', async () => {
    const s = await SharedHarness.start(['p']);
    const wanted = await s.keys();
    await s.replicas.turn({ wanted });
    const { store } = s.h;
    const save = store.saveProgress.bind(store);
    store.saveProgress = unreadable;
    await s.replicas.turn({ surplus: wanted });
    store.saveProgress = save;
    expect(s.polled()).toEqual([]);
    expect(s.replicas.released).toEqual(wanted);
    await s.poller.stop();
  });

  it('carries no statistics through a reload', async () => {
    const s = await SharedHarness.start(['p']);
    const wanted = await s.keys();
    await s.replicas.turn({ wanted });
    const carried = await s.poller.stop();
    await s.polledElsewhere(50);
    const after = await s.reload(carried);
    await after.replicas.turn({ wanted });
    expect(s.h.view('p').polls.polls.head.success).toBe(50);
    await after.poller.stop();
  });

  it('keeps a project whose new counter is shown at 0', async () => {
    const s = await SharedHarness.start(['p']);
    await s.h.poll({ kind: 'full' });
    const wanted = await s.keys();
    await s.replicas.turn({ wanted });
    for (const { ctx } of s.poller.registry.workers()) ctx.state.quietUntil = s.h.clock.elapsed() + 60_000;
    await s.replicas.turn({ surplus: wanted });
    expect(s.polled()).toEqual(['p']);
    expect(s.replicas.released).toEqual([]);
    s.h.pass(60);
    await s.replicas.turn({ surplus: wanted });
    expect(s.replicas.released).toEqual(wanted);
    await s.poller.stop();
  });
});
