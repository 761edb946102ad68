/** `state.url` of a shared state: `postgresql://USER[:PASSWORD]@HOST[:PORT][,HOST[:PORT]...]/DB`, as libpq reads it. */
import { ExporterError } from '../../domain/errors.ts';

export const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof SSL_MODES)[number];

/** Where a server may be: a name or address, or the folder of a socket (it begins with a slash). */
export type Host = { readonly host: string; readonly port: number };

export type PostgresUrl = {
  /** Tried in turn. */
  readonly hosts: readonly Host[];
  readonly user: string;
  /** Null: the URL has none. */
  readonly password: string | null;
  readonly database: string;
  /** Null: `verify-full`, and none on loopback and on sockets. */
  readonly sslMode: SslMode | null;
  /** Path of a file with the certificates to trust; null: the system's. */
  readonly sslRootCert: string | null;
  /** For people: without user and password. */
  readonly location: string;
};

const FORM = 'postgresql://USER[:PASSWORD]@HOST[:PORT][,HOST[:PORT]...]/DATABASE';
const PARTS = /^postgres(?:ql)?:\/\/(?:([^@/?#]*)@)?([^@/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/;
const DEFAULT_PORT = 5432;
const PARAMETERS: readonly string[] = ['host', 'port', 'sslmode', 'sslrootcert'];

/** Throws an ExporterError of code `config` that never holds the URL, which may hold a password. */
export function parsePostgresUrl(text: string): PostgresUrl {
  const [, login, hostList, databasePart, query] = PARTS.exec(text) ?? refuse('cannot be read');
  const parameters = new URLSearchParams(query ?? '');
  for (const name of parameters.keys()) {
    if (!PARAMETERS.includes(name)) refuse(`has the parameter ${name}, which is not known`);
  }
  const [user, password] = splitLogin(login ?? '');
  const database = decode(databasePart ?? '');
  if (user === '') refuse('names no user');
  if (database === '') refuse('names no database');
  const hosts = hostsOf(hostList ?? '', parameters);
  if (hosts.length === 0) refuse('names no host');
  const sslMode = sslModeOf(parameters.get('sslmode'));
  const sslRootCert = parameters.get('sslrootcert');
  const location = locationOf(hosts, database);
  return { hosts, user, password, database, sslMode, sslRootCert, location };
}

/** True where a connection does not leave the machine. */
export function isLocal({ host }: Host): boolean {
  return isSocket(host) || host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

export function isSocket(host: string): boolean {
  return host.startsWith('/');
}

function refuse(finding: string): never {
  throw new ExporterError('config', `state.url ${finding}.`, `Write it as ${FORM}; %-encode what is special.`);
}

function splitLogin(login: string): readonly [user: string, password: string | null] {
  const colon = login.indexOf(':');
  if (colon < 0) return [decode(login), null];
  return [decode(login.slice(0, colon)), decode(login.slice(colon + 1))];
}

function hostsOf(list: string, parameters: URLSearchParams): readonly Host[] {
  const port = parameters.get('port');
  const fallback = port === null ? DEFAULT_PORT : portOf(port);
  const named = parameters.get('host');
  const entries = (named === null ? list : named).split(',').filter((entry) => entry !== '');
  return entries.map((entry) => hostOf(named === null ? decode(entry) : entry, fallback));
}

function hostOf(entry: string, fallback: number): Host {
  if (isSocket(entry)) return { host: entry, port: fallback };
  const [, ipv6, name, port] =
    /^(?:\[([0-9a-fA-F:.%]+)\]|([^:[\]]+))(?::(\d+))?$/.exec(entry) ?? refuse('has a bad host');
  return { host: ipv6 ?? name ?? '', port: port === undefined ? fallback : portOf(port) };
}

function portOf(text: string): number {
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : refuse('has a bad port');
}

function sslModeOf(text: string | null): SslMode | null {
  if (text === null) return null;
  const mode = SSL_MODES.find((candidate) => candidate === text);
  return mode ?? refuse(`has a bad sslmode (wanted: ${SSL_MODES.join(', ')})`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse('has a bad %-escape');
  }
}

function locationOf(hosts: readonly Host[], database: string): string {
  const name = encodeURIComponent(database);
  const [first] = hosts;
  if (first !== undefined && isSocket(first.host)) return `postgresql:///${name}?host=${first.host}&port=${first.port}`;
  const list = hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`);
  return `postgresql://${list.join(',')}/${name}`;
}
