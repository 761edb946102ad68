/** The LlamaCloud API behind the port `SessionSource`. */
import type { SessionSource } from '../domain/source.ts';
import { Client, type SourceDeps } from './client.ts';
import { readPage } from './pages.ts';
import { createDiscovery, warnOnce } from './projects.ts';
import type { AccountSettings } from './settings.ts';
import { readStops } from './stops.ts';

export type { SourceDeps } from './client.ts';
export { DIRECT } from './connection.ts';
export type { AccountSettings, ApiKey } from './settings.ts';

export type LlamaCloudSource = SessionSource & {
  /** Ends what is in flight and refuses what waits; stop the workers first. */
  close(): Promise<void>;
};

/** The source of one account. Nothing is sent before the first call. */
export function createSource(settings: AccountSettings, deps: SourceDeps): LlamaCloudSource {
  const client = new Client(settings, deps);
  const account = settings.name;
  return {
    account,
    discover: createDiscovery(client, settings, warnOnce(deps.logger, account)),
    async page(request, signal, onToken) {
      const page = await readPage(client, settings, request, signal, onToken);
      deps.observer.pageRead(account, request.projectId, page.sessions.length + page.invalid.length);
      return page;
    },
    stops: (projectId, sessionId, signal) =>
      readStops(client, deps.logger, { ...settings, account }, { projectId, sessionId }, signal),
    close: () => client.close(),
  };
}
