/** Which proxy an account's requests go through: what the file says, else HTTPS_PROXY, HTTP_PROXY and NO_PROXY as curl reads them. */
import { isIP } from 'node:net';
import { type Environment, variable } from '../flags/environment.ts';

export const PROXY_WANTED = 'a URL like http://proxy.example.com:3128, or "" for none';

/** What is wanted instead of `proxy_url`; null: it is right. */
export function proxyFault(text: string): string | null {
  return text === '' || parseProxy(text) !== null ? null : PROXY_WANTED;
}

/** Null for what is no address of a proxy. A name without `http://` is taken for one, as in the variables of other programs. */
function parseProxy(text: string): string | null {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(full)) return null;
  const { protocol, pathname, search, hash, hostname } = new URL(full);
  const isPlain = pathname === '/' && search === '' && hash === '' && hostname !== '';
  return isPlain && (protocol === 'http:' || protocol === 'https:') ? full : null;
}

export type Proxy = {
  /** Null: none. */
  readonly url: string | null;
  /** A variable whose value is no address; null: there is none. */
  readonly badVariable: string | null;
};

/** The proxy for a base URL. `setting`: `proxy_url` of the account; undefined: the environment decides. */
export function proxyFor(baseUrl: string, setting: string | undefined, env: Environment): Proxy {
  if (setting !== undefined) return { url: setting === '' ? null : parseProxy(setting), badVariable: null };
  const { protocol } = new URL(baseUrl);
  const names = protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY'];
  const name = names.find((each) => variable(env, each) !== undefined);
  const text = name === undefined ? undefined : variable(env, name);
  if (name === undefined || text === undefined || isExempt(baseUrl, env)) return { url: null, badVariable: null };
  const url = parseProxy(text);
  return { url, badVariable: url === null ? name : null };
}

/** This machine, and what NO_PROXY lists: names with their subdomains, addresses, either with a port, or `*`. */
function isExempt(baseUrl: string, env: Environment): boolean {
  const { hostname, port, protocol } = new URL(baseUrl);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  )
    return true;
  const listed = (variable(env, 'no_proxy') ?? variable(env, 'NO_PROXY') ?? '').toLowerCase().split(/[\s,]+/);
  const ownPort = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  return listed.some((entry) => {
    if (entry === '*') return true;
    const [, name = '', wantedPort = ''] =
      /^(?:\*?\.)?(.+?)(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
    const bare = name.replace(/^\[|\]$/g, '');
    if (bare === '' || (wantedPort !== '' && wantedPort !== ownPort)) return false;
    return host === bare || (isIP(host) === 0 && host.endsWith(`.${bare}`));
  });
}
