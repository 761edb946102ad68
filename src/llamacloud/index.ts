/** The LlamaCloud API as a `SessionSource`. Read this first in `llamacloud/`. */
import type { SessionSource } from '../domain/source.ts';
import { Client, type SourceDeps } from './client.ts';
import { createDiscovery } from './endpoints/discovery.ts';
import { readPage } from './endpoints/pages.ts';
import { askForProjects, warnOnce } from './endpoints/projects.ts';
import { readHistory } from './endpoints/read-history.ts';
import { createMemory, type Memory } from './memory.ts';
import type { AccountSettings } from './settings.ts';

export type { SourceDeps } from './client.ts';
export { createMemory, type Memory } from './memory.ts';
export type { AccountSettings, ApiKey } from './settings.ts';
export { DIRECT } from './transport/connection.ts';

export type LlamaCloudSource = SessionSource & {
  /** Ends what is in flight and refuses what waits; stop the workers first. */
  close(): Promise<void>;
};

/** The source of one account. Nothing is sent before the first call. `memory`: from the source before it, after a reload. */
export function createSource(
  settings: AccountSettings,
  deps: SourceDeps,
  memory: Memory = createMemory(deps.clock),
): LlamaCloudSource {
  const { logger, observer } = deps;
  const { serverClock } = memory;
  const client = new Client(settings, deps, memory);
  const account = settings.name;
  const ask = askForProjects(client, settings, warnOnce(logger, account));
  return {
    account,
    serverTime: () => serverClock.now(),
    waited: (projectId) => client.waited(projectId),
    shareLimit: (processes) => client.shareLimit(processes),
    discover: createDiscovery(ask, serverClock, logger, account),
    async page(request, signal, onToken) {
      const page = await readPage(client, settings, request, signal, onToken);
      observer.pageRead(account, request.projectId, page.sessions.length + page.invalid.length);
      return page;
    },
    history: (request, signal) => readHistory(client, observer, { ...settings, account }, request, signal),
    close: () => client.close(),
  };
}
