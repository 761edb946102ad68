/** Any sequence of store calls leaves what a model of plain maps holds. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ModelProject } from '../contract/model.ts';
import { observe } from '../contract/model.ts';
import { STEPS, take } from '../contract/steps.ts';
import { freshPath, NOW, open } from './support.ts';

/** Few enough that entries move into the look-up table all the time, up to so many that they never do. */
const PENDING = fc.constantFrom(1, 25, 100, 100_000);

test('any sequence of calls leaves what plain maps hold', async () => {
  await fc.assert(
    fc.asyncProperty(STEPS, PENDING, async (steps, pendingEntries) => {
      const path = freshPath();
      const models = new Map<number, ModelProject>();
      const reopen = () => open(path, { pendingEntries });
      let store = await reopen();
      for (const step of [{ do: 'admit', project: 0, absences: 0 } as const, ...steps]) {
        store = await take(step, store, models, reopen);
        const projects = [...models.values()];
        expect(await observe(store, projects, NOW)).toEqual(projects.map((model) => model.expected(NOW)));
      }
      await store.close();
    }),
    { seed: 10, numRuns: 40 },
  );
});
