/** Parsers of addresses: where to listen, the API's base URL, the state's URL. Each returns null for what it cannot read. */
import { isIP, isIPv6 } from 'node:net';

/** `host` null: all interfaces, IPv4 and IPv6. Port 0: one that is free. */
export type ListenAddress = { readonly host: string | null; readonly port: number };

export const LISTEN_WANTED = 'host:port, [::1]:port or :port, with a port from 0 to 65535';

const LISTEN = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/;
const HOST_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/;

/** Reads `host:port`, `[::1]:port` or `:port`. */
export function parseListenAddress(text: string): ListenAddress | null {
  const match = LISTEN.exec(text);
  if (match === null) return null;
  const [, bracketed, plain, digits] = match;
  const port = Number(digits);
  if (port > 65_535) return null;
  if (bracketed !== undefined) return isIPv6(bracketed) ? { host: bracketed, port } : null;
  if (plain === undefined || plain === '') return { host: null, port };
  return HOST_NAME.test(plain) ? { host: plain, port } : null;
}

/** The reverse of parseListenAddress. */
export function formatListenAddress({ host, port }: ListenAddress): string {
  if (host === null) return `:${port}`;
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** LlamaCloud in North America. */
export const DEFAULT_BASE_URL = 'https://api.cloud.llamaindex.ai';

const BASE_URL_WANTED = 'a URL like https://api.cloud.llamaindex.ai, without user, password, query or fragment';

/** `url` has no slash at its end. `plain`: over http to a host that is not this machine, so that the key travels readable. */
export type BaseUrl = { readonly url: string; readonly plain: boolean };

/** Reads the API's address: https, or http. */
export function parseBaseUrl(text: string): BaseUrl | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || /[?#]/.test(text)) return null;
  return { url: url.href.replace(/\/+$/, ''), plain: url.protocol === 'http:' && !isLoopback(url.hostname) };
}

/** What is wanted instead of an address of the API; null: it is one. */
export function baseUrlFault(text: string): string | null {
  const base = parseBaseUrl(text);
  if (base === null) return BASE_URL_WANTED;
  const without = base.url.replace(/\/api(\/v\d+)?$/, '');
  return without === base.url ? null : `it without the path of the API: ${without}`;
}

function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]') return true;
  return isIP(hostname) === 4 && hostname.startsWith('127.');
}
