/** A source that asks nothing of the API once this process is past its own deadline: others may poll its projects by then. */
import { LostError } from '../../domain/errors.ts';
import type { Replicas } from '../../domain/replicas.ts';
import type { SessionSource } from '../../domain/source.ts';

export function whileAlive<S extends SessionSource>(source: S, replicas: Pick<Replicas, 'isAlive'>): S {
  const check = (): void => {
    if (!replicas.isAlive()) throw new LostError('This process has lost touch with the database');
  };
  return {
    ...source,
    serverTime: () => source.serverTime(),
    waited: (projectId) => source.waited(projectId),
    shareLimit: (processes) => source.shareLimit(processes),
    discover: async (signal) => {
      check();
      return await source.discover(signal);
    },
    page: async (request, signal, onToken) => {
      check();
      return await source.page(request, signal, onToken);
    },
    history: async (request, signal) => {
      check();
      return await source.history(request, signal);
    },
  };
}
