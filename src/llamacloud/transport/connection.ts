/** How an account's requests reach the API: directly or through a proxy, with CAs and a client certificate of its own. */
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { type Dispatcher, Pool, ProxyAgent } from 'undici';

export type ConnectionSettings = {
  /** `http://[USER:PASSWORD@]HOST:PORT`, or https; null: directly. */
  readonly proxyUrl: string | null;
  /** Certificates of CAs that are trusted beside those of the system, PEM; null: none. */
  readonly ca: string | null;
  /** Certificate and key that the exporter shows, PEM; null: none. */
  readonly clientCertificate: { readonly cert: string; readonly key: string } | null;
};

export const DIRECT: ConnectionSettings = { proxyUrl: null, ca: null, clientCertificate: null };

type Limits = { readonly concurrency: number; readonly requestTimeoutMs: number };

/** A connection is replaced after so long even if it is busy, so that a name that points elsewhere now is followed. Milliseconds. */
const LIFETIME_MS = 5 * 60_000;
/** An idle connection is closed after so long, whatever the server offers. Milliseconds. */
const IDLE_MS = 60_000;

/** Connections to the origin of one account. HTTP/1.1 only: each request has a connection to itself. */
export function openConnections(origin: string, settings: ConnectionSettings, limits: Limits): Dispatcher {
  const { concurrency, requestTimeoutMs } = limits;
  const tls = secureContext(settings);
  const connect = { timeout: requestTimeoutMs, ...(tls === null ? {} : { secureContext: tls }) };
  const pool = { connections: concurrency, pipelining: 1, clientTtl: LIFETIME_MS, keepAliveMaxTimeout: IDLE_MS };
  if (settings.proxyUrl === null) return new Pool(origin, { ...pool, allowH2: false, connect });
  return new ProxyAgent({
    uri: settings.proxyUrl,
    ...pool,
    allowH2: false,
    requestTls: connect,
    proxyTls: connect,
    connectTimeout: requestTimeoutMs,
    factory: (to, options) => new Pool(to, { ...(options as Pool.Options), ...pool, allowH2: false }),
  });
}

/** Made once: reading all CAs takes milliseconds. Null: Node's own defaults, with NODE_EXTRA_CA_CERTS. */
function secureContext({ ca, clientCertificate }: ConnectionSettings): SecureContext | null {
  if (ca === null && clientCertificate === null) return null;
  return createSecureContext({
    ...(ca === null ? {} : { ca: [...getCACertificates('default'), ca] }),
    ...clientCertificate,
  });
}

/** Host and port of the proxy, without user and password; null: there is none. */
export function proxyHost({ proxyUrl }: ConnectionSettings): string | null {
  return proxyUrl === null ? null : new URL(proxyUrl).host;
}
