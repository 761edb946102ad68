/** One listen address: an HTTP or HTTPS server with its limits. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { ExporterError } from '../../domain/errors.ts';
import type { Logger } from '../../domain/logger.ts';
import type { TlsConfig, WebConfigSource } from '../../domain/serving.ts';
import type { Limits } from './limits.ts';
import { applyTls, clientCertPolicy, contextOptions, isAdmitted } from './tls.ts';

/** `host` null: all addresses of the machine, IPv6 and IPv4. */
export type ListenAddress = { readonly host: string | null; readonly port: number };

/** `url`: for people on this machine; `bound`: what the socket is bound to, all addresses as `[::]` or `0.0.0.0`. */
export type Listener = { readonly url: string; readonly bound: string; stop(): Promise<void> };

export type ListenerParts = {
  readonly onRequest: RequestListener;
  readonly webConfig: WebConfigSource;
  readonly logger: Logger;
  readonly limits: Limits;
};

/** Rejects with an ExporterError of code `startup` that names the address and the fix. */
export async function openListener(address: ListenAddress, parts: ListenerParts): Promise<Listener> {
  const tls = parts.webConfig.current().tls !== null;
  const server = tls ? tlsServer(parts) : createServer(serverOptions(parts.limits), parts.onRequest);
  limitServer(server, parts);
  await listen(server, address);
  server.on('error', (error) => parts.logger.warn('A connection could not be accepted', { reason: error.message }));
  const unsubscribe = follow(server, parts);
  return {
    url: urlOf(address, server, tls),
    bound: boundTo(server, tls),
    stop: () => {
      unsubscribe();
      return stopServer(server, parts.limits);
    },
  };
}

function serverOptions(limits: Limits) {
  return {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: limits.checkMs,
  };
}

function tlsServer(parts: ListenerParts): TlsServer {
  const { webConfig, limits, onRequest, logger } = parts;
  const { tls } = webConfig.current();
  if (tls === null) throw new Error('no TLS is configured');
  const options = { ...contextOptions(tls), ...clientCertPolicy(tls), handshakeTimeout: limits.handshakeMs };
  const server = createTlsServer({ ...serverOptions(limits), ...options }, onRequest);
  server.prependListener('secureConnection', (socket) => {
    const now = webConfig.current().tls ?? tls;
    if (!isAdmitted(now, socket)) socket.destroy();
  });
  server.on('tlsClientError', (error) => logger.debug('A TLS handshake failed', { reason: error.message }));
  return server;
}

function limitServer(server: Server | TlsServer, { limits, logger }: ListenerParts): void {
  server.maxConnections = limits.connections;
  server.maxHeadersCount = limits.headerCount;
  server.setTimeout(limits.stalledMs);
  let lastTold = Number.NEGATIVE_INFINITY;
  server.on('drop', () => {
    server.closeIdleConnections();
    if (performance.now() - lastTold < 60_000) return;
    lastTold = performance.now();
    logger.warn('Too many connections at once: new ones are refused', { connections: limits.connections });
  });
}

/** Certificates and TLS settings change under the running server; switching TLS on or off takes a restart, and this says so. */
function follow(server: Server | TlsServer, { webConfig, logger }: ListenerParts): () => void {
  return webConfig.onChange(({ tls }) => {
    if (server instanceof TlsServer && tls !== null) exchangeTls(server, tls, logger);
    else if (server instanceof TlsServer)
      logger.error('TLS was switched off; it stays on until the exporter is restarted');
    else if (tls !== null) logger.error('TLS was switched on; it is used once the exporter is restarted');
  });
}

function exchangeTls(server: TlsServer, tls: TlsConfig, logger: Logger): void {
  try {
    applyTls(server, tls);
    server.closeIdleConnections();
  } catch (error) {
    logger.error('The changed TLS settings cannot be used; those before stay', { error });
  }
}

function listen(server: Server | TlsServer, address: ListenAddress): Promise<void> {
  const { port, host } = address;
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(startupError(address, error)));
    server.listen(host === null ? { port } : { port, host }, resolve);
  });
}

const REASONS: Readonly<Record<string, readonly [reason: string, fix: string]>> = {
  EADDRINUSE: ['the port is in use', 'Stop the process that uses it, or choose another with --web.listen-address.'],
  EACCES: ['no permission', 'Ports below 1024 need privileges: choose another with --web.listen-address.'],
  EADDRNOTAVAIL: ['this machine has no such address', 'Give an address of this machine to --web.listen-address.'],
  ENOTFOUND: ['no such host is known', 'Give an address of this machine to --web.listen-address.'],
  EAI_AGAIN: ['the host name cannot be looked up', 'Give an IP address of this machine to --web.listen-address.'],
  EAFNOSUPPORT: [
    'this machine has no such kind of address',
    'Give an address of this machine to --web.listen-address.',
  ],
};

function startupError(address: ListenAddress, error: NodeJS.ErrnoException): ExporterError {
  const [reason, fix] = REASONS[error.code ?? ''] ?? [
    error.code ?? error.message,
    'Choose another with --web.listen-address.',
  ];
  return new ExporterError(
    'startup',
    `Cannot listen on ${hostPort(address.host ?? '', address.port)}: ${reason}.`,
    fix,
    error,
  );
}

function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** For a person to open: an address that means "all" is shown as localhost. */
function urlOf({ host }: ListenAddress, server: Server, tls: boolean): string {
  const { port } = server.address() as AddressInfo;
  const isAll = host === null || host === '0.0.0.0' || host === '::';
  return `${tls ? 'https' : 'http'}://${hostPort(isAll ? 'localhost' : host, port)}`;
}

function boundTo(server: Server, tls: boolean): string {
  const { address, port } = server.address() as AddressInfo;
  return `${tls ? 'https' : 'http'}://${hostPort(address, port)}`;
}

/** No new connections; answers under way have a moment, then their connections are closed. */
function stopServer(server: Server | TlsServer, limits: Limits): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => server.closeIdleConnections(), 20);
    const end = setTimeout(() => server.closeAllConnections(), limits.stopMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(end);
      resolve();
    });
    server.closeIdleConnections();
  });
}
