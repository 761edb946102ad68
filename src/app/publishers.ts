/** The metrics and the status page take the same values. */
import type { Publisher } from '../domain/serving.ts';

/** One publisher that hands everything to each of `publishers`, in order. */
export function publishToAll(publishers: readonly Publisher[]): Publisher {
  return {
    put: (view) => {
      for (const publisher of publishers) publisher.put(view);
    },
    drop: (projectId) => {
      for (const publisher of publishers) publisher.drop(projectId);
    },
  };
}
