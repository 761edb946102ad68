/** What budgets and exemplars need is as durable as the counters. */
import { expect, test } from 'vitest';
import type { Totals } from '../../../src/domain/totals.ts';
import { admissionOf, commitOf, totalsOf, ZERO_TOTALS } from '../contract/values.ts';
import { freshPath, NOW, open } from './support.ts';

test('spending and exemplars of failed runs survive a restart', async () => {
  const path = freshPath();
  const store = await open(path);
  const [project] = await store.admit('default', NOW, [admissionOf('p')]);
  const totals: Totals = totalsOf(3, {
    counters: {
      ...ZERO_TOTALS.counters,
      errors: { other: 1 },
      errorExemplars: { other: { sessionId: 's "1"', value: 1, at: NOW } },
      costNanoUsd: 12,
    },
    spending: { day: { no: 20_574, nanoUsd: 5 }, month: { no: 676, nanoUsd: 12 } },
  });
  await store.commit(commitOf(project?.key ?? 0, [], { totals }));
  await store.close();
  const again = await open(path);
  expect((await again.restore()).projects[0]?.totals).toEqual(totals);
});
