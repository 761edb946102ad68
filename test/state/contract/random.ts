/** Any sequence of calls, held against plain maps. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Kind } from './kind.ts';
import { type ModelProject, observe } from './model.ts';
import { STEPS, take } from './steps.ts';
import { NOW } from './values.ts';

export function modelContract(kind: Kind): void {
  test('any sequence of calls leaves what plain maps hold', async () => {
    await fc.assert(
      fc.asyncProperty(STEPS, async (steps) => {
        const place = await kind.place();
        const models = new Map<number, ModelProject>();
        let store = await place.open();
        for (const step of [{ do: 'admit', project: 0, absences: 0 } as const, ...steps]) {
          store = await take(step, store, models, () => place.open());
          const projects = [...models.values()];
          expect(await observe(store, projects, NOW)).toEqual(projects.map((model) => model.expected(NOW)));
        }
        await store.close();
      }),
      { seed: 10, numRuns: Math.ceil(40 * kind.share) },
    );
  });
}
