/** The end of a process beside others: what has stopped is theirs at once, whatever hangs here. */
import { describe, expect, it } from 'vitest';
import { ExporterError } from '../../src/domain/errors.ts';
import { SharedHarness } from './shared-harness.ts';

/** A process with three projects, the second of which does not stop before `let()` is called. */
async function withSlowOne(): Promise<{ s: SharedHarness; keys: readonly number[]; let: () => void }> {
  const s = await SharedHarness.start(['p', 'q', 'r']);
  const keys = await s.keys();
  await s.replicas.turn({ wanted: keys });
  const slow = s.poller.registry.workers()[1];
  if (slow === undefined) throw new Error('not claimed');
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = slow.stop.bind(slow);
  slow.stop = () => promise.then(stop);
  return { s, keys, let: resolve };
}

describe('a stop beside others', () => {
  it('gives back each project as its worker ends, the slowest one last', async () => {
    const { s, keys, let: end } = await withSlowOne();
    const stopping = s.poller.stop();
    await expect.poll(() => s.replicas.released, { interval: 5 }).toEqual([keys[0], keys[2]]);
    expect([s.replicas.isLeaving, s.replicas.hasEnded]).toEqual([true, false]);
    end();
    await stopping;
    expect(s.replicas.released.slice(0, 3)).toEqual([keys[0], keys[2], keys[1]]);
    expect(s.replicas.hasEnded).toBe(true);
  });

  it('gives up its lease in time although a project hangs', async () => {
    const { s, let: end } = await withSlowOne();
    let hasStopped = false;
    const stopping = s.poller.stop().finally(() => {
      hasStopped = true;
    });
    await expect.poll(() => s.replicas.released.length, { interval: 5 }).toBe(2);
    s.h.pass(3);
    await expect.poll(() => s.replicas.hasEnded, { interval: 5 }).toBe(true);
    expect(hasStopped).toBe(false);
    end();
    await stopping;
    expect(s.replicas.released).toHaveLength(3);
  });

  it('does not wait for a discovery before it gives back', async () => {
    const s = await SharedHarness.start(['p', 'q']);
    const keys = await s.keys();
    await s.replicas.turn({ wanted: keys, discovers: true });
    const { promise, resolve } = Promise.withResolvers<void>();
    let hasBegun = false;
    s.h.api.discover = async () => {
      hasBegun = true;
      await promise;
      throw new ExporterError('connection', 'cut', 'none');
    };
    s.h.pass(1);
    await expect.poll(() => hasBegun, { interval: 5 }).toBe(true);
    const stopping = s.poller.stop();
    await expect.poll(() => s.replicas.released, { interval: 5 }).toEqual(keys);
    resolve();
    await stopping;
    expect(s.replicas.hasEnded).toBe(true);
  });

  it('gives back what a turn takes in while it stops', async () => {
    const s = await SharedHarness.start(['p', 'q']);
    const keys = await s.keys();
    const claim = s.replicas.claim.bind(s.replicas);
    const { promise, resolve } = Promise.withResolvers<void>();
    s.replicas.claim = async (wanted) => {
      await promise;
      return claim(wanted);
    };
    const turn = s.replicas.turn({ wanted: keys });
    await new Promise((next) => setImmediate(next));
    const stopping = s.poller.stop();
    resolve();
    await Promise.all([turn, stopping]);
    expect(s.replicas.released).toEqual(keys);
  });
});
