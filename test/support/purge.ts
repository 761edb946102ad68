/** Purges all projects of a state, as maintenance does, without pauses. */
import type { Store } from '../../src/domain/store.ts';
import type { Micros } from '../../src/domain/time.ts';

/** Answers the tombstones removed by project key; projects without any are left out. */
export async function purgeAll(store: Store, before: Micros, now: Micros): Promise<Map<number, number>> {
  const removed = new Map<number, number>();
  for (const { key } of (await store.restore()).projects) {
    for (let more = true; more; ) {
      const slice = await store.purgeTombstones(key, before, now);
      if (slice.removed > 0) removed.set(key, (removed.get(key) ?? 0) + slice.removed);
      more = slice.more;
    }
  }
  while (await store.purgeDeparted(before));
  return removed;
}
