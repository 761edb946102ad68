/** Purging beside other processes: soon after a project or the discovery was taken over, however often processes restart. */
import { describe, expect, it } from 'vitest';
import { LostError } from '../../src/domain/errors.ts';
import { SharedHarness } from './shared-harness.ts';

/** Of a state: the projects whose tombstones were purged, and how often departed projects were. */
function watch({ h }: SharedHarness): { readonly purged: number[]; departed: number } {
  const seen = { purged: [] as number[], departed: 0 };
  h.store.purgeTombstones = async (key) => {
    seen.purged.push(key);
    return { more: false, removed: 0 };
  };
  h.store.purgeDeparted = async () => {
    seen.departed += 1;
    return false;
  };
  return seen;
}

/** A second of the clock, with all that it sets off. */
async function second(s: SharedHarness): Promise<void> {
  s.h.pass(1);
  for (let turns = 0; turns < 100; turns++) await new Promise((next) => setImmediate(next));
}

describe('beside other processes', () => {
  it('purges projects once they are claimed and polled, and then every hour', async () => {
    const s = await SharedHarness.start(['p', 'q']);
    const seen = watch(s);
    const [p, q] = (await s.keys()) as [number, number];
    await second(s);
    expect(seen).toEqual({ purged: [], departed: 0 });
    await s.replicas.turn({ wanted: [p] });
    await second(s);
    await s.replicas.turn({ wanted: [q] });
    await second(s);
    await second(s);
    expect(seen.purged).toEqual([p, q]);
    s.h.pass(3_600);
    await second(s);
    expect(seen.purged).toEqual([p, q, p, q]);
    await s.poller.stop();
  });

  it('purges departed projects once it discovers, and leaves them to others before', async () => {
    const s = await SharedHarness.start(['p']);
    const seen = watch(s);
    await s.replicas.turn({ wanted: await s.keys() });
    await second(s);
    expect(seen.departed).toBe(0);
    await s.replicas.turn({ discovers: true });
    await second(s);
    expect(seen.departed).toBe(1);
    await s.poller.stop();
  });

  it('says nothing of a project that turns out to be lost', async () => {
    const s = await SharedHarness.start(['p', 'q']);
    const seen = watch(s);
    const [p, q] = (await s.keys()) as [number, number];
    const purge = s.h.store.purgeTombstones.bind(s.h.store);
    s.h.store.purgeTombstones = (key, ...more) =>
      key === p ? Promise.reject(new LostError('another has it')) : purge(key, ...more);
    await s.replicas.turn({ wanted: [p, q] });
    await second(s);
    expect(seen.purged).toEqual([q]);
    expect(s.h.logger.lines.filter(({ message }) => message.includes('Maintenance'))).toEqual([]);
    await s.poller.stop();
  });
});
