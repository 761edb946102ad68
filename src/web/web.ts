/** The web server: listens, and assembles the other files of `web/`. Read this first. */
import { ExporterError } from '../domain/errors.ts';
import type { Logger } from '../domain/logger.ts';
import type { Lifecycle, SnapshotSource, StatusSource, WebConfig, WebConfigSource } from '../domain/serving.ts';
import type { SessionListSource } from '../domain/session-list.ts';
import { createRoutes } from './routes/routes.ts';
import { createScrape } from './scrape/metrics.ts';
import { ScrapeLimit } from './scrape/scrape-limit.ts';
import { Credentials } from './server/credentials.ts';
import { createHandler } from './server/handler.ts';
import { type HeaderSets, headerSets } from './server/headers.ts';
import { LIMITS, type Limits } from './server/limits.ts';
import { type ListenAddress, type Listener, openListener } from './server/listener.ts';

export type WebSettings = {
  readonly listenAddresses: readonly ListenAddress[];
  /** Begins with a slash. */
  readonly telemetryPath: string;
  /** Prefix of all paths: empty, or like `/llamacloud`. */
  readonly routePrefix: string;
  /** Scrapes served at once. */
  readonly maxRequests: number;
  readonly enableLifecycle: boolean;
};

export type WebParts = {
  readonly snapshot: SnapshotSource;
  readonly status: StatusSource;
  readonly sessions: SessionListSource;
  readonly lifecycle: Lifecycle;
  readonly webConfig: WebConfigSource;
  readonly logger: Logger;
};

export type Web = {
  /** Listens on all addresses or on none; rejects with an ExporterError of code `startup` that names the address and the fix. */
  start(): Promise<readonly Pick<Listener, 'url' | 'bound'>[]>;
  /** Answers under way have a moment; resolves once all connections are closed. */
  stop(): Promise<void>;
};

/** `limits`: what one client may take; tests make them small. */
export function createWeb(settings: WebSettings, parts: WebParts, limits: Limits = LIMITS): Web {
  const { webConfig, logger } = parts;
  let current = derive(webConfig.current());
  let listeners: readonly Listener[] = [];
  const unsubscribe = webConfig.onChange((config) => {
    current = derive(config);
  });
  const headers = () => current.headers.page;
  const scrape = createScrape({
    ...parts,
    scrapeLimit: new ScrapeLimit(settings.maxRequests, limits.scrapeMs),
    headers: () => current.headers.scrape,
  });
  const routes = createRoutes({ ...parts, ...settings, headers });
  const onRequest = createHandler({ ...settings, scrape, routes, headers, credentials: () => current.credentials });
  return {
    start: async () => {
      listeners = await openAll(settings.listenAddresses, (address) =>
        openListener(address, { onRequest, webConfig, logger, limits }),
      );
      return listeners.map(({ url, bound }) => ({ url, bound }));
    },
    stop: async () => {
      unsubscribe();
      await stopAll(listeners);
      listeners = [];
    },
  };
}

/** What follows from a web configuration; made anew when it changes. */
type Derived = { readonly credentials: Credentials; readonly headers: HeaderSets };

function derive({ users, headers }: WebConfig): Derived {
  return { credentials: new Credentials(users), headers: headerSets(headers) };
}

async function openAll(
  addresses: readonly ListenAddress[],
  open: (address: ListenAddress) => Promise<Listener>,
): Promise<readonly Listener[]> {
  if (addresses.length === 0) {
    throw new ExporterError('startup', 'There is no address to listen on.', 'Give one with --web.listen-address.');
  }
  const opened: Listener[] = [];
  try {
    for (const address of addresses) opened.push(await open(address));
  } catch (error) {
    await stopAll(opened);
    throw error;
  }
  return opened;
}

async function stopAll(listeners: readonly Listener[]): Promise<void> {
  await Promise.all(listeners.map((listener) => listener.stop()));
}
